/** The schema of `drill`. */
import { z } from 'zod';
import type { DrillSettings, WeeklyTime } from '../../../calendar/weekly-time.ts';
import { fault, type Read } from '../times/clock-time.ts';
import { readWeek } from '../times/week.ts';
import { duration } from '../values.ts';

const WEEKS = { '1w': 1, '2w': 2, '4w': 4 } as const;

const MINUTE = 60_000;
const WITHIN = { least: 2 * MINUTE, most: 360 * MINUTE } as const;

export const drillSchema = z
  .strictObject({
    every: z.enum(['1w', '2w', '4w']).default('1w').describe('Each week, or every two or four weeks.'),
    at: z.string().describe('Day and time: `Mon 10:00`. Choose a time at which somebody acknowledges it.'),
    zone: z.string().default('UTC').describe('IANA time zone of the time, such as `Europe/Berlin`.'),
    within: duration()
      .refine((length) => length >= WITHIN.least && length <= WITHIN.most, 'must be from `2m` to `6h`')
      .prefault('15m')
      .describe('How long an acknowledgement is waited for.'),
  })
  .optional()
  .describe(
    'A drill: a message to every entry of `notify` that is told of outages, which asks for an acknowledgement. Who was reached, and who acknowledged it, is reported. Default: none.',
  );

type CheckedDrill = NonNullable<z.output<typeof drillSchema>>;

export function readDrillTime(at: string): Read<Pick<WeeklyTime, 'weekday' | 'minute'>> {
  if (/^\s*\d/.test(at)) return fault('has a time without days', `write one, as in \`Mon ${at.trim()}\``.slice(0, 60));
  const week = readWeek(at);
  if (!week.ok) return week;
  const [entry, ...others] = week.value;
  const [weekday, ...more] = entry?.days ?? [];
  if (entry === undefined || weekday === undefined || others.length + more.length > 0 || entry.to !== null)
    return fault('is not one day with one time', 'write it as in `Mon 10:00`');
  return { ok: true, value: { weekday, minute: entry.from } };
}

export function drillOf(written: CheckedDrill | undefined): DrillSettings | undefined {
  if (written === undefined) return undefined;
  const time = readDrillTime(written.at);
  if (!time.ok) throw new Error('the time of drill was not checked');
  return { time: { ...time.value, zone: written.zone, weeks: WEEKS[written.every] }, within: written.within };
}
