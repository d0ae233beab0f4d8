/** The drill that is open, and the last one, in the table: one item. */
import { randomUUID } from 'node:crypto';
import type { DrillReceiver, DrillRecord, OpenDrill, StoredDrillRecord } from '../../consensus/drill/drill.ts';
import { isAlert } from '../packing/judgement-item.ts';
import { drillsKey } from '../table/keys.ts';
import type { Item, Table } from '../table/table.ts';
import { isCount, isFields, isListOf, isText, isTextOrNull, isTime } from '../table/type-guards.ts';
import { must, type ReportUnreadable, readOrNull, reportOnce } from '../table/unreadable.ts';
import { writeVersion } from '../table/write-version.ts';

export interface DrillStore {
  /** Null also if its item cannot be read. */
  record(): Promise<StoredDrillRecord | null>;
  /** Writes only if the stored version is still this one (0: there is none). False if somebody else was first. */
  writeRecord(record: DrillRecord, version: number): Promise<boolean>;
}

export function openDrillStore(table: Table, report?: ReportUnreadable): DrillStore {
  const tell = reportOnce(report);
  return {
    async record() {
      const item = await table.get(drillsKey.pk, drillsKey.sk);
      return item === null ? null : readOrNull(item, drillRecordOf, tell);
    },
    writeRecord: ({ due, open, last, owed }, version) => {
      const item: Item = {
        ...drillsKey,
        due,
        open,
        last,
        owed,
        version: version + 1,
        written: randomUUID().slice(0, 8),
      };
      return writeVersion(table, item, version, drillRecordOf);
    },
  };
}

/** @throws where it is none */
export function drillRecordOf({ pk: _pk, sk: _sk, written: _written, ...item }: Item): StoredDrillRecord {
  const { due, open, last, owed, version } = item;
  must(isTime(due), 'the time that was due');
  must(open === null || isOpenDrill(open), 'the drill that is open');
  must(last === null || isEndedDrill(last), 'the last drill');
  must(isListOf(owed, isAlert) && isCount(version), 'its alerts');
  return item as unknown as StoredDrillRecord;
}

function isOpenDrill(value: unknown): value is OpenDrill {
  if (!isFields(value)) return false;
  const { id, due, opened, until, acknowledged } = value;
  return isText(id) && [due, opened, until].every(isTime) && (acknowledged === undefined || isBy(acknowledged));
}

function isBy(value: unknown): boolean {
  return isFields(value) && isTime(value.at) && isText(value.by);
}

function isEndedDrill(value: unknown): boolean {
  if (!isOpenDrill(value)) return false;
  const { closed, receivers }: Record<string, unknown> = { ...value };
  return isTime(closed) && isListOf(receivers, isReceiver);
}

function isReceiver(value: unknown): value is DrillReceiver {
  if (!isFields(value)) return false;
  const { entry, reached, why } = value;
  return isText(entry) && (reached === null || isTime(reached)) && isTextOrNull(why);
}
