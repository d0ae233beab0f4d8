/** The time of a round, and the number of sessions in it. */
import type { Config, Target } from '../../config/config.ts';

/** More sessions at once make no round faster, and distort the timings of all of them. */
export const SESSIONS_AT_MOST = 400;

/** Milliseconds of a round that are kept to write it. */
const TO_WRITE = 10_000;
/** A session may begin so many milliseconds late even if all targets have a slot: several vantages may share a process. */
const LATE = 7_000;
const SHORTEST_DEADLINE = 20_000;
/** AWS Lambda allows 15 minutes, the write included. */
const LONGEST = 840_000;
/** A domain has two to five MX hosts, mostly. */
const HOSTS_OF_DOMAIN = 4;

/** The sessions that a target may have at the same time. */
export function sessionsOf({ domain, family }: Pick<Target, 'domain' | 'family'>): number {
  return (domain === null ? 1 : HOSTS_OF_DOMAIN) * (family === 'each' ? 2 : 1);
}

/**
 * Milliseconds for all sessions of a round: the deadline of the slowest target. Targets that must wait for a slot get more,
 * up to the length of a round. The timeout of the probe's function has this time and that of its calls to AWS.
 */
export function sessionTime({ targets, policy }: Pick<Config, 'targets' | 'policy'>, slots: number): number {
  const slowest = Math.max(SHORTEST_DEADLINE, ...targets.map(({ timeout }) => timeout));
  const sessions = targets.reduce((sum, target) => sum + sessionsOf(target), 0);
  if (sessions <= slots) return slowest;
  const longest = Math.max(slowest + LATE, Math.min(policy.every - TO_WRITE, LONGEST));
  return Math.min(slowest * Math.ceil(sessions / slots) + LATE, longest);
}

/** Milliseconds from the start of a round in which the session of a target may begin. */
export function timeToBegin(config: Pick<Config, 'targets' | 'policy'>, slots: number, { timeout }: Target): number {
  return Math.max(LATE, sessionTime(config, slots) - timeout);
}
