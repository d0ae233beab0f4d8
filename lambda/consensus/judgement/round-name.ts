import { roundName as isoSeconds } from './observation.ts';

/** `2026-11-22T05:08:00Z`: the form of every time that is part of a key. */
export { isoSeconds };

/**
 * Name of the round that `at` falls in: the UTC time it began, ISO 8601 with seconds. Every vantage computes the same
 * name from its own schedule, however late the schedule fired within the round.
 * @param at epoch milliseconds
 * @param every length of a round in milliseconds
 */
export function roundName(at: number, every: number): string {
  return isoSeconds(Math.floor(at / every) * every);
}
