import type { Sample, TimedPhase } from '../../../lambda/smtp/sample/sample.ts';

/** Steps of a session: groups of phases that people compare. QUIT is not in the total of a sample. */
export const STEPS = {
  connect: ['dns', 'connect'],
  greeting: ['greeting'],
  ehlo: ['ehlo'],
  tls: ['starttls', 'tls', 'ehlo2'],
  mail: ['auth', 'mail', 'rcpt', 'data'],
} as const satisfies Readonly<Record<string, readonly TimedPhase[]>>;

export type SessionStep = keyof typeof STEPS;

/** Milliseconds of a step; undefined if the session did not have it. */
export function stepTime(timings: Sample['timings'], step: SessionStep): number | undefined {
  const times = STEPS[step].flatMap((phase) => timings[phase] ?? []);
  return times.length === 0 ? undefined : times.reduce((sum, time) => sum + time, 0);
}

/** `84 ms = connect 13 + greeting 20 + ehlo 8 + tls 43`. The figures add up. */
export function stepsText({ timings, total }: Pick<Sample, 'timings' | 'total'>): string {
  const steps = (Object.keys(STEPS) as SessionStep[]).flatMap((step) => {
    const time = stepTime(timings, step);
    return time === undefined ? [] : [{ step: step as string, time }];
  });
  const other = total - steps.reduce((sum, { time }) => sum + time, 0);
  const parts = other < 0.5 ? steps : [...steps, { step: 'other', time: other }];
  const unit = total < 10 ? 0.1 : 1;
  const figures = roundedParts(
    parts.map(({ time }) => time),
    unit,
  );
  const digits = unit === 1 ? 0 : 1;
  const sum = figures.reduce((all, one) => all + one, 0);
  return `${sum.toFixed(digits)} ms = ${parts.map(({ step }, at) => `${step} ${figures[at]?.toFixed(digits)}`).join(' + ')}`;
}

/** Figures in whole units that add up to their rounded sum: the largest remainders are rounded up. */
export function roundedParts(parts: readonly number[], unit: number): readonly number[] {
  const exact = parts.map((part) => part / unit);
  const floors = exact.map(Math.floor);
  const missing = Math.round(exact.reduce((sum, one) => sum + one, 0)) - floors.reduce((sum, one) => sum + one, 0);
  const byRemainder = exact.map((one, at) => ({ at, remainder: one - Math.floor(one) }));
  const raised = new Set(
    byRemainder
      .sort((a, b) => b.remainder - a.remainder)
      .slice(0, missing)
      .map(({ at }) => at),
  );
  return floors.map((floor, at) => (floor + (raised.has(at) ? 1 : 0)) * unit);
}
