/** Durations in the config and in options: `500ms`, `30s`, `1m`, `2h`, `7d`. */
import { ownValue } from '../../wire/own-value.ts';

const milliseconds = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export const durationPattern = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** Milliseconds, or null if the text is not a duration. */
export function parseDuration(text: string): number | null {
  const match = durationPattern.exec(text);
  if (match === null) return null;
  return Math.round(Number(match[1]) * milliseconds[match[2] as keyof typeof milliseconds]);
}

/** What people write for a unit. */
const UNITS: Readonly<Record<string, string>> = {
  millisecond: 'ms',
  milliseconds: 'ms',
  sec: 's',
  secs: 's',
  second: 's',
  seconds: 's',
  min: 'm',
  mins: 'm',
  minute: 'm',
  minutes: 'm',
  hour: 'h',
  hours: 'h',
  day: 'd',
  days: 'd',
};

/** The duration that `30`, `30 s` or `30sec` means, if any. A number of 500 and more without a unit is taken for milliseconds. */
export function suggestedDuration(text: string): string | null {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  if (count === undefined) return null;
  const bare = Number(count) >= 500 ? 'ms' : 's';
  const suggested = count + (unit === '' ? bare : (ownValue(UNITS, unit.toLowerCase()) ?? unit.toLowerCase()));
  return parseDuration(suggested) === null ? null : suggested;
}
