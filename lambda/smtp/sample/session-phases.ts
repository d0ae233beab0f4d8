import type { Sample, TimedPhase } from './sample.ts';

/** In the order of a session. */
export const PHASE_ORDER = [
  'dns',
  'connect',
  'greeting',
  'ehlo',
  'starttls',
  'tls',
  'ehlo2',
  'auth',
  'mail',
  'rcpt',
  'data',
  'quit',
] as const satisfies readonly TimedPhase[];

/** QUIT comes after the total. */
const COUNTED = PHASE_ORDER.filter((phase) => phase !== 'quit');

/** Less is not told apart from the rounding of the phases. Milliseconds. */
const LEAST_OTHER = 0.5;

export interface SessionPhases {
  /** They add up to the total: what is of no phase is `other`. */
  readonly counted: readonly (readonly [phase: TimedPhase | 'other', length: number])[];
  /** QUIT comes after the total. Null without one. */
  readonly quit: number | null;
}

/** The measured phases of a session, in their order. */
export function sessionPhases({ timings, total }: Pick<Sample, 'timings' | 'total'>): SessionPhases {
  const counted = COUNTED.flatMap((phase) => {
    const length = timings[phase];
    return length === undefined ? [] : [[phase, length] as const];
  });
  const other = total - counted.reduce((sum, [, length]) => sum + length, 0);
  const hasOther = counted.length > 0 && other >= LEAST_OTHER;
  return { counted: hasOther ? [...counted, ['other', other]] : counted, quit: timings.quit ?? null };
}
