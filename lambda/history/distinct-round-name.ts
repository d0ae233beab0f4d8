import { randomInt } from 'node:crypto';
import { distinctions, unscheduledName } from '../consensus/judgement/round-name.ts';

/** Random, because two processes may make names in the same millisecond; counted on, because one process may, too. */
let next = randomInt(distinctions);

/** A name for a round outside the schedule, different from every other name that any process makes. */
export function distinctRoundName(at: number, every: number): string {
  next = (next + 1) % distinctions;
  return unscheduledName(at, next, every);
}
