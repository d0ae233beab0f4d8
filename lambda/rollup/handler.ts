/** The Lambda entry of the rollup. */
import { logLine } from '../aws/log.ts';
import { awsPorts } from '../aws/ports.ts';
import type { RollupReport } from '../history/rollup/catch-up.ts';
import { logEntry, rollUp } from './roll-up.ts';

/** Started each hour by EventBridge Scheduler. Finds the hours that are left in the table, whatever the event is. */
export async function handler(event: unknown): Promise<RollupReport> {
  const ports = await awsPorts();
  const report = await rollUp(ports, event);
  logLine(ports.config.name, ports.now(), logEntry(report), {});
  return report;
}
