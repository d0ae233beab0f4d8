import type { Span } from '../recent.ts';
import { type Spell, timeIn, within } from './spells.ts';

const DAY = 86_400_000;

/** A day of UTC, and what it was like: lengths in milliseconds. */
export interface Day {
  /** Epoch milliseconds of its beginning. */
  readonly from: number;
  readonly watched: number;
  readonly down: number;
  readonly degraded: number;
  readonly unknown: number;
}

/**
 * Every day of a month, whether or not the target was watched in it.
 * @param month `2026-10`
 */
export function daysOf(month: string, spells: readonly Spell[], watched: Span | null): readonly Day[] {
  const first = Date.parse(`${month}-01T00:00:00Z`);
  const begun = new Date(first);
  const next = Date.UTC(begun.getUTCFullYear(), begun.getUTCMonth() + 1, 1);
  return Array.from({ length: (next - first) / DAY }, (_, at) => dayFrom(first + at * DAY, spells, watched));
}

function dayFrom(from: number, all: readonly Spell[], watched: Span | null): Day {
  const spells = within(all, from, from + DAY);
  return {
    from,
    watched: watched === null ? 0 : Math.max(0, Math.min(watched.to, from + DAY) - Math.max(watched.from, from)),
    down: timeIn(spells, 'down'),
    degraded: timeIn(spells, 'degraded'),
    unknown: timeIn(spells, 'unknown'),
  };
}
