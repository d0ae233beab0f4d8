/** The windows of `maintenance`, and the hours of an entry of `notify`. */
import type { Hours } from '../calendar/hours.ts';
import type { MaintenanceWindow } from '../calendar/planned-time.ts';
import type { CheckedMaintenance } from './schema/maintenance.ts';
import { readHours } from './schema/times/read-hours.ts';
import { readWindowTimes } from './schema/times/window-times.ts';

export function maintenanceOf(
  written: readonly CheckedMaintenance[] | undefined,
): readonly MaintenanceWindow[] | undefined {
  return written === undefined || written.length === 0 ? undefined : written.map(windowOf);
}

function windowOf({ id, targets, tags, why, overrun, ...written }: CheckedMaintenance): MaintenanceWindow {
  // The schema has read the length; the times are read as written.
  const length = written.for === undefined ? {} : { for: `${written.for}ms` };
  const times = readWindowTimes({ ...written, ...length }, written.zone ?? 'UTC');
  if (times === null || !times.ok) throw new Error(`the times of maintenance "${id}" were not checked`);
  return {
    id,
    ...(targets === undefined ? {} : { targets }),
    ...(tags === undefined ? {} : { tags }),
    times: times.value,
    why,
    grace: overrun === 'tell' ? 0 : overrun,
  };
}

export function hoursOf(written: { readonly zone: string; readonly week: string } | undefined): Hours | undefined {
  if (written === undefined) return undefined;
  const hours = readHours(written.week, written.zone);
  if (!hours.ok) throw new Error('the hours of notify were not checked');
  return hours.value;
}
