import type { Policy } from './policy.ts';
import { isoSeconds } from './round-name.ts';
import { staggerDelay } from './stagger.ts';

/** Facts of a target by name; `server-facts.ts` lists them. A change is reported. */
export type Facts = Readonly<Record<string, string>>;

/** The attributes of a sample that consensus needs. Samples with more attributes are assignable to it. */
export interface Observation {
  readonly vantage: string;
  /** Name of the round: its UTC time, ISO 8601. The rounds of a vantage are sorted by it. */
  readonly round: string;
  /** The second at which the probe began, ISO 8601 UTC. Absent if an older version recorded the round, and in rolled-up hours. */
  readonly began?: string;
  readonly outcome: 'pass' | 'warn' | 'fail' | 'unable';
  readonly phase: string | null;
  readonly code: string | null;
  readonly reply: string | null;
  /** What was measured, and its bound. */
  readonly detail?: string | null;
  readonly address?: string | null;
  readonly transcript?: readonly string[];
  /** The threshold that a warning crossed ("14 days"). The same code is reported again at the next threshold only. */
  readonly threshold?: string | null;
  /** Seconds after the end of its round at which the probe ended. Absent if it ended within the round. */
  readonly late?: number;
  /** Until when the next probe of the vantage is under way, epoch milliseconds less a round. Absent if none is. */
  readonly heard?: number;
  /** As `condenseFacts` writes them: the facts that changed since the vantage last recorded them, and all facts once an hour. */
  readonly facts?: Facts;
}

/** Whether mail would have been delivered. A warning does not prevent that. */
export function hasPassed({ outcome }: Observation): boolean {
  return outcome === 'pass' || outcome === 'warn';
}

/**
 * When the probe of an observation began, epoch milliseconds, but not before the time in the name of its round: clocks of
 * vantages may be behind. If the round does not say when it began, or its clock was wrong, the time at which it was due: a
 * scheduled round has the same name at all vantages, and a staggered vantage starts later within the round. A second
 * opinion is named by the time of its request.
 */
export function observedAt(observation: Pick<Observation, 'vantage' | 'round' | 'began'>, policy: Policy): number {
  const named = parsed(observation.round);
  const began = beganAt(observation, policy);
  if (began !== null) return began;
  if (!policy.stagger || named % policy.every !== 0) return named;
  const place = Math.max(0, policy.vantages.indexOf(observation.vantage));
  return named + staggerDelay(place, policy.vantages.length, policy.every);
}

/** The second of an observation as people read it: when it began, or else the time in the name of its round. */
export function secondOf(observation: Pick<Observation, 'round' | 'began'>, policy: Policy): string {
  const began = beganAt(observation, policy);
  return began === null ? `${observation.round.slice(0, 19)}Z` : isoSeconds(began);
}

/**
 * When the probe of an observation began, epoch milliseconds; null if its round does not say so, or if it says that it began
 * more than `freshness` after its name. Then the clock of the vantage is wrong, or the round was delivered so late that the
 * judge, which reads rounds by name, would soon no longer see it: a vote must not change by that alone.
 */
export function beganAt({ round, began }: Pick<Observation, 'round' | 'began'>, policy: Policy): number | null {
  if (began === undefined) return null;
  const named = parsed(round);
  const at = parsed(began);
  return at > named + policy.freshness * policy.every ? null : Math.max(named, at);
}

/**
 * When the vantage was last heard on the target, epoch milliseconds: when its probe began. A probe that takes longer than a
 * round, or the next one while it is under way, is no silence.
 */
export function heardAt(observation: Observation, policy: Policy): number {
  const { late = 0, heard = 0 } = observation;
  return Math.max(observedAt(observation, policy) + late * 1000, heard);
}

/** Parsed names. Without this cache the judge spent a third of its time parsing the same few names. */
const known = new Map<string, number>();

function parsed(round: string): number {
  const before = known.get(round);
  if (before !== undefined) return before;
  if (known.size >= 1000) known.clear();
  const at = Date.parse(round);
  known.set(round, at);
  return at;
}
