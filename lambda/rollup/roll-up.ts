/** One run of the rollup. */
import { randomUUID } from 'node:crypto';
import type { RollupReport } from '../history/rollup/catch-up.ts';
import type { Ports } from '../ports.ts';

/** The function may run for 15 minutes; an hour takes a few minutes at most. */
const longestRun = 10 * 60_000;

/** Rolls up every hour that has ended since the last run. Idempotent. */
export async function rollUp({ config, history, now }: Ports, _event: unknown): Promise<RollupReport> {
  return history.rollUp({ vantages: config.policy.vantages, by: randomUUID(), deadline: now() + longestRun });
}

/** The log entry of a report. A gap is a warning. */
export function logEntry(report: RollupReport) {
  return report.gaps.length === 0
    ? { level: 'info', message: 'rolled up', ...report }
    : { level: 'warn', message: 'rolled up, except for hours whose rounds had expired', ...report };
}
