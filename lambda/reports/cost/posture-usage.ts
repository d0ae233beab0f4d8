/** What the posture of domains takes in a month on AWS. */
import type { SecretReference } from '../../config/channel.ts';
import type { Config } from '../../config/config.ts';
import { postureVantages } from '../../config/posture-domain.ts';
import { POSTURE_EVERY } from '../../consensus/posture/posture-policy.ts';
import { EVENTUAL_READ_SHARE, GIGABYTES_PER_PROCESSOR, MEMORY, POSTURE_RUN, type Usage } from './prices.ts';

/** Domains whose posture is watched, and from where. */
export interface PostureFleet {
  readonly domains: number;
  /** Regions that watch it. */
  readonly vantages: number;
  /** Secrets with keys of DNS lists. */
  readonly secrets: number;
}

/** Null if none is watched. */
export function postureFleet(config: Config): PostureFleet | null {
  if (config.posture === undefined) return null;
  const references: readonly SecretReference[] = Object.values(config.listKeys ?? {});
  const secrets = new Set(references.flatMap((reference) => ('secret' in reference ? [reference.secret] : [])));
  return { domains: config.posture.length, vantages: postureVantages(config).length, secrets: secrets.size };
}

const MONTH = 30 * 86_400_000;
const DAYS = 30;

/** Milliseconds of the network besides the questions: the table in the home region. */
const CALLS = 300;

export function postureUsage({ domains, vantages, secrets }: PostureFleet): readonly Usage[] {
  const whole = MONTH / POSTURE_EVERY.rest;
  const runs = { all: whole, lists: MONTH / POSTURE_EVERY.lists - whole };
  const seconds = (scope: 'all' | 'lists') => {
    const { questions, work } = POSTURE_RUN[scope];
    const waiting = (questions * POSTURE_RUN.answer) / POSTURE_RUN.atOnce;
    return (CALLS + domains * (waiting + work / (MEMORY.posture / GIGABYTES_PER_PROCESSOR))) / 1000;
  };
  const time = runs.all * seconds('all') + runs.lists * seconds('lists');
  const starts = vantages * (runs.all + runs.lists);
  const each = `${vantages} × (${runs.all} runs × ${seconds('all').toFixed(1)} s + ${runs.lists} × ${seconds('lists').toFixed(1)} s) × ${MEMORY.posture} GB`;
  const started = `${vantages} regions × ${runs.all + runs.lists} runs`;
  const writes = starts + vantages * domains * DAYS * POSTURE_RUN.itemUnits;
  const reads = starts * domains * EVENTUAL_READ_SHARE * POSTURE_RUN.itemUnits * (1 / 4);
  return [
    { item: 'Scheduler, posture', unit: 'invocation', quantity: starts, calculation: started },
    { item: 'Lambda, posture requests', unit: 'request', quantity: starts, calculation: started },
    {
      item: 'Lambda, posture time',
      unit: 'gigabyteSecond',
      quantity: vantages * time * MEMORY.posture,
      calculation: each,
    },
    {
      item: 'DynamoDB, posture writes',
      unit: 'writeUnit',
      quantity: writes,
      calculation: `a note of each run + ${vantages} × ${domains} domains × ${DAYS} days × ${POSTURE_RUN.itemUnits} units`,
    },
    {
      item: 'DynamoDB, posture reads',
      unit: 'readUnit',
      quantity: reads,
      calculation: `${starts.toLocaleString('en-US')} runs × ${domains} domains`,
    },
    {
      item: 'CloudWatch, posture alarms',
      unit: 'alarmMetric',
      quantity: 2 * vantages,
      calculation: `2 × ${vantages} regions`,
    },
    ...(secrets === 0 ? [] : secretUsage(secrets, vantages)),
  ];
}

function secretUsage(secrets: number, vantages: number): readonly Usage[] {
  const reads = secrets * vantages * (MONTH / 3_600_000);
  return [
    { item: 'Secrets Manager, list keys', unit: 'secret', quantity: secrets, calculation: `${secrets} secrets` },
    {
      item: 'Secrets Manager, reads of list keys',
      unit: 'secretRead',
      quantity: reads,
      calculation: `${secrets} secrets × ${vantages} regions × ${MONTH / 3_600_000} hours`,
    },
  ];
}
