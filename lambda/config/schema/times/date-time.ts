/** Dates with a time as people write them: `2026-12-01 22:00`, `2026-12-01T22:00+01:00`. */
import { dayNumber, instantOf } from '../../../calendar/zone.ts';
import { fault, minutesOf, type Read } from './clock-time.ts';

const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d)(?::00)?\s*(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?)?$/;

/** Whether it says its zone itself. */
export function hasOffset(text: string): boolean {
  return DATE_TIME.exec(text)?.[5] !== undefined;
}

/** Epoch milliseconds. A date alone is its midnight. @param zone of a time without `Z` or an offset */
export function readDateTime(text: string, zone: string): Read<number> {
  const [, year = '', month = '', day = '', time = '00:00', offset] = DATE_TIME.exec(text) ?? [];
  const minute = minutesOf(time);
  if (year === '' || minute === null || Number(month) < 1 || Number(month) > 12)
    return fault('is not a date with a time', 'write it as `2026-12-01 22:00`');
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (Number(day) < 1 || Number(day) > days) return fault(`is a day that does not exist: ${year}-${month} has ${days}`);
  if (offset !== undefined) return { ok: true, value: Date.parse(`${year}-${month}-${day}T${time}${offset}`) };
  const local = instantOf({ day: dayNumber(Number(year), Number(month), Number(day)), minute }, zone);
  if (!local.isSkipped) return { ok: true, value: local.at };
  return fault(`is a time that does not exist: the clock of ${zone} is changed then`, 'write a time an hour later');
}
