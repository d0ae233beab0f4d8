/** The hours of a week. Apart from their schema, which would bring the whole validator into the functions that read them. */
import type { Hours } from '../../../calendar/hours.ts';
import { fault, type Read } from './clock-time.ts';
import { readWeek } from './week.ts';

export function readHours(week: string, zone: string): Read<Hours> {
  const entries = readWeek(week);
  if (!entries.ok) return entries;
  const spans = entries.value.map(({ days, from, to }) => ({ days, from, to: to ?? from }));
  if (spans.some(({ from, to }) => from === to)) return fault('has no end', 'write it as in `Mon-Fri 08:00-18:00`');
  return { ok: true, value: { zone, spans } };
}
