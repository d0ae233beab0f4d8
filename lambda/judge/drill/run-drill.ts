/**
 * Holds the drill of `drill` in the config: begins it when it is due, and ends it when it was acknowledged or its time is up. Each step is
 * one conditional write, with the alert that it owes, so that two judges, or one that ends early, hold it once.
 */
import { drillAlert, drillOverAlert } from '../../alert/drill/drill-alerts.ts';
import { lastWeeklyTime } from '../../calendar/weekly-time.ts';
import {
  beginDrill,
  DRILL,
  endDrill,
  isDrillDue,
  isTimeUp,
  type OpenDrill,
  type StoredDrillRecord,
  withDue,
} from '../../consensus/drill/drill.ts';
import type { DrillStore } from '../../history/drills/drill-store.ts';
import type { JudgePorts } from '../../ports.ts';
import { openPassFailures } from '../pass/pass-failures.ts';
import { attempt } from '../pass/run-each-despite-errors.ts';
import { handOverVerdicts, type VerdictStore } from '../verdict-outbox.ts';
import { drillProgress } from './reached.ts';

export interface DrillPass {
  /** Alerts that were handed over to the channels. */
  readonly told: number;
  readonly failed: readonly string[];
}

/** What cannot be done stays for the next judge. */
export async function runDrill(ports: JudgePorts): Promise<DrillPass> {
  const { drills, log, config } = ports;
  if (drills === undefined || config.drill === undefined) return { told: 0, failed: [] };
  const failed = openPassFailures(log);
  const record = await attempt('drill', nextRecord(ports, drills, config.drill), failed);
  const told = await attempt('drill', handOverVerdicts(ports, [record], outboxStore(drills), failed), failed);
  return { told: told ?? 0, failed: failed.names() };
}

type Settings = NonNullable<JudgePorts['config']['drill']>;

/** The record as it is stored then. Null if another judge was first: it does the rest. */
async function nextRecord(
  ports: JudgePorts,
  drills: DrillStore,
  settings: Settings,
): Promise<StoredDrillRecord | null> {
  const stored = await drills.record();
  const now = ports.now();
  const next = stored?.open ? await progress(ports, stored, stored.open, now) : due(stored, settings, now);
  if (next === stored) return stored;
  const version = stored?.version ?? 0;
  return (await drills.writeRecord(next, version)) ? { ...next, version: version + 1 } : null;
}

function due(stored: StoredDrillRecord | null, { time, within }: Settings, now: number) {
  const at = lastWeeklyTime(time, now);
  const considered = withDue(stored, at, now);
  if (!isDrillDue(stored, at, now)) return considered;
  const { record, open } = beginDrill(considered, now, within);
  return { ...record, owed: [...record.owed, drillAlert(open)] };
}

/** Without an acknowledgement, or while a channel may still take it, until its time is up. */
async function progress(ports: JudgePorts, record: StoredDrillRecord, open: OpenDrill, now: number) {
  const isUp = isTimeUp(open, now);
  if (!isUp && open.acknowledged === undefined) return record;
  const { receivers, waiting } = await drillProgress(ports, open);
  if (!isUp && waiting > 0) return record;
  const last = endDrill(open, receivers, now);
  return { ...record, open: null, last, owed: [...record.owed, drillOverAlert(last)] };
}

function outboxStore(drills: DrillStore): VerdictStore<StoredDrillRecord> {
  return {
    nameOf: () => DRILL,
    verdict: () => drills.record(),
    writeVerdict: (record, version) => drills.writeRecord(record, version),
  };
}
