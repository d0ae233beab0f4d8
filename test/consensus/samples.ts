import type { Observation } from '../../lambda/consensus/judgement/observation.ts';
import { type Policy, policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';

/** Start time, policies and samples for tests. */
export const START = Date.parse('2026-11-22T12:00:00Z');
export const MINUTE = 60_000;

export function policyOf(vantages: readonly string[], changes: Partial<Policy> = {}): Policy {
  const defaults = policyDefaults(vantages.length, changes.secondOpinion);
  return { vantages, every: MINUTE, ...defaults, stagger: false, ...changes };
}

/** The sample of a letter: `p`ass, `w`arn, `f`ail, `u`nable. */
export function sampleOf(letter: string, vantage: string, at: number): Observation {
  const base = { vantage, round: isoSeconds(at), reply: null, address: '192.0.2.1' };
  if (letter === 'w') return { ...base, outcome: 'warn', phase: 'certificate', code: 'certificate-expiring' };
  if (letter === 'f') return { ...base, outcome: 'fail', phase: 'connect', code: 'connection-refused' };
  if (letter === 'u') return { ...base, outcome: 'unable', phase: 'connect', code: 'port-blocked' };
  return { ...base, outcome: 'pass', phase: null, code: null };
}

/** One sample per letter and round from START; `.` for a missing round. */
export function rounds(vantage: string, letters: string, start = START): readonly Observation[] {
  return [...letters].flatMap((letter, i) => (letter === '.' ? [] : [sampleOf(letter, vantage, start + i * MINUTE)]));
}
