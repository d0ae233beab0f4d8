/** Times and lengths in words, in the zone of the reader. */

const SHORT = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'medium' });
const MINUTE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** @param at epoch milliseconds */
export function secondInWords(at: number): string {
  return SHORT.format(at);
}

export function minuteInWords(at: number): string {
  return MINUTE.format(at);
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
