/** Two days of a month on a machine of one vantage: an outage of three hours, of which a window has the first, and a target that is never probed. */
import { freshSeconds, type Policy, policyDefaults } from '../../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { RecordedSample } from '../../../lambda/history/packing/recorded-round.ts';
import { openWindowStore } from '../../../lambda/history/windows/window-store.ts';
import { judge } from '../../../lambda/judge/judge.ts';
import { openReportSource, type ReportSource } from '../../../lambda/reports/source/report-source.ts';
import { healthy, refused, roundOf } from '../../history/samples.ts';
import type { InMemoryTable } from '../../history/table/in-memory-table.ts';
import { openMachine } from '../machine.ts';

const minute = 60_000;
export const hour = 60 * minute;
const every = 10 * minute;
export const start = Date.parse('2026-10-30T00:00:00Z');
export const end = start + 48 * hour;
const policy: Policy = { ...policyDefaults(1), vantages: ['local'], every };
const unable: RecordedSample = { ...healthy, outcome: 'unable', phase: 'auth', code: 'secret-unreadable' };
const isDown = (at: number) => at >= start + 6 * hour && at < start + 9 * hour;

export interface RecordedMonth {
  readonly table: InMemoryTable;
  readonly source: ReportSource;
}

export async function recordMonth(): Promise<RecordedMonth> {
  const { clock, table, history, config, ports } = openMachine(start, policy, {
    targets: [{ id: 'mx1', slo: 99.9, tags: ['inbound'] }, { id: 'mx2', slo: 95 }, { id: 'submission' }],
    statusPage: {
      serviceHours: { zone: 'UTC', week: 'Fri 08:00-18:00', spans: [{ days: [5], from: 8 * 60, to: 18 * 60 }] },
    },
  });
  await openWindowStore(table).keep({
    ...{ kind: 'window', id: 'weekly', why: 'Updates', subjects: ['mx1'] },
    from: start + 6 * hour,
    until: start + 7 * hour,
  });
  for (let at = start; at < end; at += every) {
    clock.now = at + 2000;
    const failing = isDown(at);
    const samples = { mx1: failing ? refused : healthy, mx2: healthy, submission: unable };
    await history.recordRound({
      ...roundOf('local', isoSeconds(at), samples),
      began: isoSeconds(at),
      fresh: freshSeconds(policy),
    });
    await judge(ports);
  }
  clock.now = end + 49 * hour;
  await history.rollUp({ vantages: ['local'], by: 'test', deadline: Number.POSITIVE_INFINITY });
  return { table, source: await openReportSource(table, config) };
}
