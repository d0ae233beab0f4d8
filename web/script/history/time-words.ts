/** Times and lengths in words, in the zone of the reader. */

const SECOND = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const MINUTE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** @param at epoch milliseconds */
export function secondInWords(at: number): string {
  return SECOND.format(at);
}

export function minuteInWords(at: number): string {
  return MINUTE.format(at);
}

/** To the second where the minute of both ends is the same. */
export function spanInWords({ from, to }: { readonly from: number; readonly to: number | null }): string {
  if (to === null) return `${minuteInWords(from)} until now`;
  const inWords = minuteInWords(from) === minuteInWords(to) ? secondInWords : minuteInWords;
  return `${inWords(from)} to ${inWords(to)}`;
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
