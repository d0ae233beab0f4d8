/**
 * Rules between values of the config. They read the values as written, so that they also find problems in a file that the
 * schema rejects, and all problems are reported at once.
 */
import { isIP } from 'node:net';
import type { Quorum } from '../../../consensus/judgement/policy.ts';
import { quorumProblem } from '../../../consensus/quorum/decide-verdict.ts';
import { localVantage } from '../../schema/aws-regions.ts';
import type { ConfigPath } from '../../schema/config-path.ts';
import { parseDuration } from '../../schema/duration.ts';
import type { ConfigFault } from '../problem.ts';
import {
  atKey,
  atValue,
  duplicates,
  exactlyOne,
  forEach,
  isLocal,
  list,
  record,
  vantageCount,
  type Written,
} from '../rule-building-blocks.ts';
import { alertRules } from './alert-checks.ts';
import { answerRules } from './answer-checks.ts';
import { behindRules } from './behind-checks.ts';
import { bounceRules } from './bounce-checks.ts';
import { drillRules } from './drill-checks.ts';
import { maintenanceRules } from './maintenance-checks.ts';
import { statusPageRules } from './page-checks.ts';
import { postureRules } from './posture-checks.ts';
import { roundTripRules } from './round-trip-checks.ts';

type Check = (config: Written) => readonly ConfigFault[];

const rules: readonly Check[] = [
  duplicateIds,
  duplicateVantages,
  localOnly,
  homeMatchesVantages,
  roundLength,
  quorumWithinVantages,
  quorumDownWithinOf,
  quorumIsMajority,
  minimumWithinVantages,
  ehloNameOnAws,
  (config) => forEach(config, 'targets', timeoutWithinLimits),
  (config) => forEach(config, 'targets', (target, path) => exactlyOne(target, ['host', 'domain'], path)),
  (config) => forEach(config, 'targets', domainHasNoServerName),
  (config) => forEach(config, 'targets', familyOfAddress),
  (config) => forEach(config, 'targets', recipientsNeedSender),
  (config) => forEach(config, 'targets', rejectsWithoutLogin),
  (config) => forEach(config, 'targets', deliverNeedsRecipient),
  (config) =>
    forEach(config, 'targets', (target, path) =>
      exactlyOne(record(record(target.auth)?.password), ['secret', 'env'], [...path, 'auth', 'password']),
    ),
  ...alertRules,
  ...answerRules,
  drillRules,
  behindRules,
  controlPortIsValid,
  roundTripRules,
  bounceRules,
  statusPageRules,
];

/** @param now epoch milliseconds; 0 where dates that passed are no mistakes */
export function checkRules(written: unknown, now: number): readonly ConfigFault[] {
  const config = record(written);
  return config === null
    ? []
    : [...rules.flatMap((rule) => rule(config)), ...postureRules(config, now), ...maintenanceRules(config, now)];
}

function duplicateIds(config: Written): readonly ConfigFault[] {
  return duplicates(list(config.targets).map((target) => record(target)?.id)).map(({ index, first, value }) =>
    atValue(['targets', index, 'id'], `"${value}" is already the id of targets[${first}]`),
  );
}

function duplicateVantages(config: Written): readonly ConfigFault[] {
  return duplicates(list(config.vantages)).map(({ index, value }) =>
    atValue(['vantages', index], `"${value}" is listed twice; a vantage has one vote`),
  );
}

function localOnly(config: Written): readonly ConfigFault[] {
  const vantages = list(config.vantages);
  const index = vantages.indexOf(localVantage);
  if (index === -1 || vantages.length === 1) return [];
  return [atValue(['vantages', index], '`local` is for one machine and cannot be combined with AWS regions')];
}

function homeMatchesVantages(config: Written): readonly ConfigFault[] {
  if (config.home === undefined || isLocal(config) === (config.home === localVantage)) return [];
  const message = isLocal(config)
    ? 'needs AWS regions under `vantages`'
    : 'must be an AWS region, because the vantages are';
  return [atValue(['home'], message)];
}

function roundLength(config: Written): readonly ConfigFault[] {
  const length = typeof config.every === 'string' ? parseDuration(config.every) : null;
  if (length === null) return [];
  if (isLocal(config))
    return length >= 5_000 ? [] : [atValue(['every'], 'must be `5s` or more, to limit the load on mail servers')];
  if (length >= 60_000 && length % 60_000 === 0) return [];
  return [
    atValue(
      ['every'],
      'must be whole minutes on AWS, `1m` or more, which is the resolution of EventBridge Scheduler',
      'shorter rounds need `vantages: [local]`',
    ),
  ];
}

function quorumWithinVantages(config: Written): readonly ConfigFault[] {
  const vantages = vantageCount(config);
  const shape = record(config.quorum);
  const path: ConfigPath = shape === null ? ['quorum'] : ['quorum', 'of'];
  const needed = shape === null ? config.quorum : shape.of;
  if (typeof needed !== 'number' || needed <= vantages) return [];
  return [
    atValue(
      path,
      `needs ${needed} vantages, but there ${vantages === 1 ? 'is 1' : `are ${vantages}`}: no target could ever be down`,
    ),
  ];
}

function quorumDownWithinOf(config: Written): readonly ConfigFault[] {
  const shape = record(config.quorum);
  if (typeof shape?.down !== 'number' || typeof shape.of !== 'number' || shape.down <= shape.of) return [];
  return [atValue(['quorum', 'down'], `must be at most \`of\`, which is ${shape.of}`)];
}

function quorumIsMajority(config: Written): readonly ConfigFault[] {
  const { quorum } = config;
  if (quorumWithinVantages(config).length + quorumDownWithinOf(config).length > 0 || !isQuorum(quorum)) return [];
  const fault = quorumProblem(quorum, vantageCount(config));
  return fault === null ? [] : [atValue(['quorum'], fault)];
}

function isQuorum(quorum: unknown): quorum is Quorum {
  const shape = record(quorum);
  return typeof quorum === 'number' || (typeof shape?.down === 'number' && typeof shape.of === 'number');
}

function minimumWithinVantages(config: Written): readonly ConfigFault[] {
  const vantages = vantageCount(config);
  if (typeof config.minimumVoters !== 'number' || config.minimumVoters <= vantages) return [];
  return [
    atValue(
      ['minimumVoters'],
      `must be at most the number of vantages, ${vantages}: every verdict would be \`unknown\``,
    ),
  ];
}

function ehloNameOnAws(config: Written): readonly ConfigFault[] {
  if (isLocal(config) || config.ehloName !== undefined) return [];
  return [atKey(['ehloName'], 'is missing: on AWS the probes need a name for EHLO, such as `probe.example.com`')];
}

function controlPortIsValid({ control }: Written): readonly ConfigFault[] {
  const port = typeof control === 'string' ? /:(\d+)$/.exec(control)?.[1] : undefined;
  if (port === undefined || (Number(port) >= 1 && Number(port) <= 65535)) return [];
  return [atValue(['control'], `must have a port from 1 to 65535, found ${port}`)];
}

function timeoutWithinLimits({ timeout }: Written, path: ConfigPath): readonly ConfigFault[] {
  const length = typeof timeout === 'string' ? parseDuration(timeout) : null;
  if (length === null || (length >= 1_000 && length <= 50_000)) return [];
  return [atValue([...path, 'timeout'], 'must be from `1s` to `50s`')];
}

function domainHasNoServerName(target: Written, path: ConfigPath): readonly ConfigFault[] {
  if (target.domain === undefined || target.serverName === undefined) return [];
  return [atKey([...path, 'serverName'], 'is only valid with `host`; each host of a domain has its own name')];
}

function familyOfAddress({ host, family }: Written, path: ConfigPath): readonly ConfigFault[] {
  const addressFamily = typeof host === 'string' ? isIP(host) : 0;
  if (addressFamily === 0 || family === undefined || family === 'any' || family === addressFamily) return [];
  const at = [...path, 'family'];
  if (family === 'each')
    return [atValue(at, `needs a host name: \`host\` is an IPv${addressFamily} address, which has one family`)];
  return [atValue(at, `does not match \`host\`, which is an IPv${addressFamily} address`)];
}

function recipientsNeedSender(target: Written, path: ConfigPath): readonly ConfigFault[] {
  const rcpt = record(record(target.expect)?.rcpt);
  const offers = target.rcptTo !== undefined || rcpt?.accepts !== undefined || rcpt?.rejects !== undefined;
  if (!offers || target.mailFrom !== undefined) return [];
  return [
    atKey(
      [...path, 'mailFrom'],
      'is missing: a mail transaction with recipients needs a sender',
      'use `mailFrom: ""` for the null sender',
    ),
  ];
}

function rejectsWithoutLogin(target: Written, path: ConfigPath): readonly ConfigFault[] {
  if (target.auth === undefined || record(record(target.expect)?.rcpt)?.rejects === undefined) return [];
  return [
    atKey(
      [...path, 'expect', 'rcpt', 'rejects'],
      'cannot be combined with `auth`: a server may relay for authenticated clients',
      'define a second target without `auth`',
    ),
  ];
}

function deliverNeedsRecipient({ deliver, rcptTo }: Written, path: ConfigPath): readonly ConfigFault[] {
  if (deliver !== true || rcptTo !== undefined) return [];
  const message = 'is missing: `deliver` sends a mail each round and needs a recipient';
  return [atKey([...path, 'rcptTo'], message, 'name a mailbox that is emptied automatically')];
}
