/** Times and lengths in words, in the zone of the reader. */

const SHORT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const MINUTE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** @param at epoch milliseconds */
export function secondInWords(at: number): string {
  return SHORT.format(at);
}

export function minuteInWords(at: number): string {
  return MINUTE.format(at);
}

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const MONTH = new Intl.DateTimeFormat(undefined, { month: 'short', year: 'numeric' });

/**
 * What an axis says at each of its times. A day is said where it begins.
 * @param times epoch seconds, in order @param step seconds between them
 */
export function axisWords(times: readonly number[], step: number): readonly string[] {
  const day = 86_400;
  if (step >= 28 * day) return times.map((time) => MONTH.format(time * 1000));
  if (step >= day) return times.map((time) => DAY.format(time * 1000));
  let last = '';
  return times.map((time) => {
    const date = DAY.format(time * 1000);
    const words = date === last ? CLOCK.format(time * 1000) : `${CLOCK.format(time * 1000)}\n${date}`;
    last = date;
    return words;
  });
}

/** Of the round, whose name may have fractions of a second. */
export function epochOfRound(round: string): number {
  return Date.parse(`${round.slice(0, 19)}Z`);
}

export function utcText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

export function latencyText(value: number): string {
  if (value >= 1000) return `${(value / 1000).toFixed(value < 10_000 ? 2 : 1)} s`;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
