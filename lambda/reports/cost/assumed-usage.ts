/** The figures of a bill from the config alone, for a decision before there is a history. */
import type { Config, Target } from '../../config/config.ts';
import type { Measurement } from './bill.ts';
import { fleetsOf } from './fleets.ts';
import { judgeReadUnits, secretsOf } from './measure.ts';
import { PROCESSOR_MS } from './prices.ts';

/** What a session of one kind of target is assumed to take. */
interface Assumption {
  readonly kind: string;
  readonly applies: (target: Target) => boolean;
  /** Milliseconds of the session, its QUIT included, as `npm run bench -- history` has them for distant servers. */
  readonly waiting: number;
  /** Bytes of its sample in the item of a round. */
  readonly bytes: number;
}

const OTHERS = 'any other session';

/** The first that applies counts. */
export const ASSUMPTIONS: readonly Assumption[] = [
  { kind: 'a domain with two MX hosts', applies: ({ domain }) => domain !== null, waiting: 900, bytes: 60 },
  { kind: 'a session that sends a mail', applies: ({ deliver }) => deliver === true, waiting: 1_500, bytes: 75 },
  { kind: 'a session with AUTH', applies: ({ auth }) => auth !== undefined, waiting: 800, bytes: 60 },
  { kind: OTHERS, applies: () => true, waiting: 600, bytes: 55 },
];

/** Bytes of a round without its samples, of a verdict, and of a sample in the item of an hour. */
const BYTES = { round: 250, verdict: 350, hourSample: 27 } as const;

const HOUR = 3_600_000;
const WRITE_UNIT = 1024;

/** A calm month: no failures, whose transcripts make items larger, and no second opinions. */
export function estimateMeasurement(config: Config): Measurement {
  const { targets, policy } = config;
  const { vantages, every, stagger } = policy;
  const assumed = targets.map(assumptionOf);
  const bytes = BYTES.round + assumed.reduce((sum, one) => sum + one.bytes, 0);
  const hourBytes = (HOUR / every) * vantages.length * BYTES.hourSample;
  return {
    targets: targets.length,
    vantages: vantages.length,
    staggered: stagger,
    every,
    rounds: 0,
    writeUnits: Math.ceil(bytes / WRITE_UNIT),
    bytes,
    probe: {
      waiting: Math.max(...assumed.map(({ waiting }) => waiting)),
      work: targets.length * PROCESSOR_MS.session,
    },
    judge: { waiting: 0, work: targets.length * vantages.length * PROCESSOR_MS.judgedSample },
    judgeReadUnits: judgeReadUnits(policy, vantages.length, bytes, targets.length * BYTES.verdict),
    hour: { writeUnits: Math.ceil(hourBytes / WRITE_UNIT), bytes: hourBytes },
    secrets: secretsOf(targets).length,
    ...fleetsOf(config),
  };
}

/** What was assumed for the targets of a config, as sentences. */
export function assumptionTexts({ targets }: Config): readonly string[] {
  const used = ASSUMPTIONS.filter((one) => targets.some((target) => assumptionOf(target) === one));
  const nameOf = ({ kind }: Assumption) => (used.length === 1 && kind === OTHERS ? 'a session' : kind);
  const sessions = used.map((one) => `${nameOf(one)} ${one.waiting} ms and ${one.bytes} bytes`);
  return [
    `Assumed: ${sessions.join('; ')}; no failures.`,
    'A history sharpens the duration of the slowest session, the sizes of rounds and hours, and the units that the judge reads.',
  ];
}

function assumptionOf(target: Target): Assumption {
  return ASSUMPTIONS.find(({ applies }) => applies(target)) as Assumption;
}
