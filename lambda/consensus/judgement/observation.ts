import type { Policy } from './policy.ts';
import { staggerDelay } from './stagger.ts';

/** Facts of a target that are news when they change, by name; `facts.ts` has them all. */
export type Facts = Readonly<Record<string, string>>;

/** A sample as consensus needs it: whose, when, and what it said. Any richer sample fits it by structure. */
export interface Observation {
  readonly vantage: string;
  /** Name of the round: its UTC time, ISO 8601 with seconds. Rounds of a vantage sort by it. */
  readonly round: string;
  readonly outcome: 'pass' | 'warn' | 'fail' | 'unable';
  readonly phase: string | null;
  readonly code: string | null;
  readonly reply: string | null;
  readonly address?: string | null;
  readonly transcript?: readonly string[];
  /** The threshold a warning crossed ("14 days"): the same code is told again only past another threshold. */
  readonly threshold?: string | null;
  /** As `condensed` writes them: those alone that the vantage saw otherwise when it last recorded them, and all of them once an hour. */
  readonly facts?: Facts;
}

/** Whether mail would have gone through: a warning lets it. */
export function hasPassed({ outcome }: Observation): boolean {
  return outcome === 'pass' || outcome === 'warn';
}

/**
 * When the probe of an observation was due, epoch milliseconds. Scheduled rounds carry one name in all vantages, and a
 * staggered vantage starts its share of a round later; an opinion carries the very second it was asked.
 */
export function observedAt(observation: Pick<Observation, 'vantage' | 'round'>, policy: Policy): number {
  const named = parsed(observation.round);
  if (!policy.stagger || named % policy.every !== 0) return named;
  const place = Math.max(0, policy.vantages.indexOf(observation.vantage));
  return named + staggerDelay(place, policy.vantages.length, policy.every);
}

/** A judge asks for the same few names once for each target and vantage: reading them anew was a third of its time. */
const known = new Map<string, number>();

function parsed(round: string): number {
  const before = known.get(round);
  if (before !== undefined) return before;
  if (known.size >= 1000) known.clear();
  const at = Date.parse(round);
  known.set(round, at);
  return at;
}
