/** The schema of the hours of an entry of `notify`. */
import { z } from 'zod';
import type { Hours } from '../../../calendar/hours.ts';
import { fault, type Read } from '../times/clock-time.ts';
import { readWeek } from '../times/week.ts';

export const hoursSchema = z
  .strictObject({
    zone: z.string().describe('IANA time zone of the hours, such as `Europe/Berlin`.'),
    week: z
      .string()
      .describe('Days and times: `Mon-Fri 08:00-18:00, Sat 09:00-12:00`, over midnight `daily 22:00-06:00`.'),
  })
  .optional()
  .describe('The hours in which this entry is told. What is open when they begin is told then. Default: always.');

export function readHours(week: string, zone: string): Read<Hours> {
  const entries = readWeek(week);
  if (!entries.ok) return entries;
  const spans = entries.value.map(({ days, from, to }) => ({ days, from, to: to ?? from }));
  if (spans.some(({ from, to }) => from === to)) return fault('has no end', 'write it as in `Mon-Fri 08:00-18:00`');
  return { ok: true, value: { zone, spans } };
}
