/** Mutes, and the windows and mutes that were in force, in the table. */
import type { PlannedTime } from '../../calendar/planned-time.ts';
import { endOfKeys, mutesKey, windowsKey } from '../table/keys.ts';
import type { Table } from '../table/table.ts';
import { type ReportUnreadable, readable, readOrNull, reportOnce } from '../table/unreadable.ts';
import { writeVersion } from '../table/write-version.ts';
import {
  NOTHING_OPEN,
  type OpenPlannedTime,
  type OpenPlannedTimes,
  openPlannedItem,
  openPlannedOf,
} from './in-force-item.ts';
import { LONGEST_PLANNED, muteItem, muteOf, type StoredMute } from './mute-item.ts';
import { plannedTimeItems, plannedTimeOf } from './planned-time-item.ts';

export interface WindowStore {
  /** All mutes, and what was in force in the last pass: one query. */
  mutes(): Promise<{ readonly mutes: readonly StoredMute[]; readonly inForce: OpenPlannedTimes }>;
  /** Writes only if the stored version is still the one before (0: there is none). */
  writeMute(mute: StoredMute): Promise<boolean>;
  /** Likewise. @param version that was read */
  writeInForce(open: readonly OpenPlannedTime[], version: number): Promise<boolean>;
  /** Writes it again under the same key if it is there. */
  keep(planned: PlannedTime): Promise<void>;
  /** Gives what is kept its real end. */
  keepEnd(planned: Pick<PlannedTime, 'kind' | 'id' | 'from'>, until: number): Promise<void>;
  /** What was in force in a time, oldest first; epoch milliseconds. One that is about thousands of targets is in parts. */
  plannedTimes(from: number, until: number): Promise<readonly PlannedTime[]>;
}

export function openWindowStore(table: Table, report?: ReportUnreadable): WindowStore {
  const tell = reportOnce(report);
  return {
    async mutes() {
      const items = await table.query(mutesKey.pk, { consistent: true });
      const state = items.find(({ sk }) => sk === mutesKey.inForce);
      return {
        mutes: readable(
          items.filter((item) => item !== state),
          muteOf,
          tell,
        ),
        inForce: (state === undefined ? null : readOrNull(state, openPlannedOf, tell)) ?? NOTHING_OPEN,
      };
    },
    writeMute: (mute) => writeVersion(table, muteItem(mute), mute.version - 1, muteOf),
    writeInForce: (open, version) => writeVersion(table, openPlannedItem(open, version + 1), version, openPlannedOf),
    async keep(planned) {
      for (const item of plannedTimeItems(planned)) await table.put(item);
    },
    async keepEnd({ kind, id, from }, until) {
      const prefix = windowsKey.all(from, kind, id);
      const items = await table.query(windowsKey.pk, { from: prefix, to: prefix + endOfKeys, consistent: true });
      for (const item of items) await table.put({ ...item, until: new Date(until).toISOString() });
    },
    async plannedTimes(from, until) {
      const range = { from: windowsKey.at(from - LONGEST_PLANNED), to: windowsKey.at(until) + endOfKeys };
      const kept = readable(await table.query(windowsKey.pk, range), plannedTimeOf, tell);
      return kept.filter((planned) => planned.from < until && planned.until > from);
    },
  };
}
