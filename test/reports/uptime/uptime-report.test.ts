import { beforeAll, expect, test } from 'vitest';
import { reportRange } from '../../../bin/arguments/report-range.ts';
import { asCsv, asJson } from '../../../bin/display/report/text-formats.ts';
import { localChannels } from '../../../lambda/alert/delivery/configured-channels.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { freshSeconds, type Policy, policyDefaults } from '../../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { openDeliveries } from '../../../lambda/deliver/delivery-table.ts';
import { openHistory } from '../../../lambda/history/history.ts';
import type { RecordedSample } from '../../../lambda/history/packing/recorded-round.ts';
import { judge } from '../../../lambda/judge/judge.ts';
import type { JudgePorts } from '../../../lambda/ports.ts';
import { comparePolicies } from '../../../lambda/reports/compare-policies.ts';
import { findReplaySpan } from '../../../lambda/reports/replay/read-past-rounds.ts';
import { openReportSource, type ReportSource } from '../../../lambda/reports/source/report-source.ts';
import { observedTimes } from '../../../lambda/reports/source/up-down-unwatched.ts';
import { readObservedTime, readUptimeReport } from '../../../lambda/reports/uptime/uptime-report.ts';
import { healthy, refused, roundOf } from '../../history/samples.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';
import { openMachine } from '../machine.ts';

/**
 * A day of one machine: an outage from 6:00 on, the monitor is off from 6:30 for 109 minutes, and the outage ends at 9:00. A
 * second target is never probed, because its password is not there.
 */
const minute = 60_000;
const hour = 60 * minute;
const start = Date.parse('2026-11-01T00:00:00Z');
const end = start + 24 * hour;
const policy: Policy = { ...policyDefaults(1), vantages: ['local'], every: minute };
const unable: RecordedSample = { ...healthy, outcome: 'unable', phase: 'auth', code: 'secret-unreadable' };
const isOff = (at: number) => at >= start + 6.5 * hour && at < start + 6.5 * hour + 109 * minute;
const isDown = (at: number) => at >= start + 6 * hour && at < start + 9 * hour;

let source: ReportSource;
const alerts: string[] = [];

beforeAll(async () => {
  const { clock, table, history, config, ports } = openMachine(
    start,
    policy,
    { targets: [{ id: 'mx1', slo: 99.9 }, { id: 'submission' }] },
    async (_, { kind, subject, was, at }) => void alerts.push(`${at.slice(11, 16)} ${subject} ${kind} was ${was}`),
  );
  for (let at = start; at < end; at += minute) {
    if (isOff(at)) continue;
    clock.now = at;
    const samples = { mx1: isDown(at) ? refused : healthy, submission: unable };
    await history.recordRound({ ...roundOf('local', isoSeconds(at), samples), fresh: freshSeconds(policy) });
    clock.now = at + 5000;
    await judge(ports);
    if (at % hour === 0) await history.rollUp({ vantages: ['local'], by: 'test', deadline: Infinity });
  }
  clock.now = end;
  source = await openReportSource(table, config);
});

const span = { from: start, to: end };
/** The last round before the gap counts for 150 s. */
const unwatched = 110 * minute - 150_000;
/** From the first failed round to the judge that saw the second passed one. */
const down = 3 * hour + minute + 5000 - unwatched;

test('alerts say what people were told, and the target that is never probed is reported', () => {
  expect(alerts).toEqual([
    '00:02 submission unknown was unknown',
    '06:01 mx1 down was up',
    '09:01 mx1 recovered was down',
  ]);
});

test('the report: nobody saw the gap, and it costs no budget', async () => {
  const report = await readUptimeReport(source, source.targets, span, null);
  const [mx1, submission] = report.targets;
  expect(mx1).toMatchObject({ unwatched, down, up: 24 * hour - unwatched - down });
  expect((mx1?.up ?? 0) + (mx1?.down ?? 0) + (mx1?.unwatched ?? 0)).toBe(24 * hour);
  const judged = 24 * hour - unwatched;
  expect(mx1?.objective?.burn).toBeCloseTo(down / (judged * 0.001), 6);
  expect(submission).toMatchObject({ uptime: null, up: 0, down: 0, unwatched: 24 * hour, outages: 0 });
});

test('every export has the same figures', async () => {
  const { targets, gaps } = await readUptimeReport(source, source.targets, span, null);
  const range = reportRange({ since: '2026-11-01', until: '2026-11-01', utc: true }, end + hour);
  expect(range.span).toEqual(span);
  const shown = { gaps, range, targets: targets.map((target) => ({ ...target, tags: [] })) };
  const json = JSON.parse(asJson(shown)).targets;
  const [header = '', ...rows] = asCsv(shown).trimEnd().split('\n');
  const column = (row: string, name: string) => Number(row.split(',')[header.split(',').indexOf(name)]);
  for (const [at, row] of rows.entries()) {
    const times = ['up', 'down', 'unwatched'].map((name) => column(row, name));
    expect(times.reduce((sum, length) => sum + length, 0)).toBe(86_400);
    expect(times).toEqual(['up', 'down', 'unwatched'].map((name) => json[at][name] / 1000));
    const stretches = json[at].stretches.map(
      ({ from, to }: { from: string; to: string }) => Date.parse(to) - Date.parse(from),
    );
    expect(stretches.reduce((sum: number, length: number) => sum + length, 0)).toBe(24 * hour);
  }
  const history = observedTimes(await readObservedTime(source, 'mx1', span));
  expect(history).toMatchObject({ up: json[0].up, down: json[0].down, unwatched: json[0].unwatched });
});

test('a replay has no page in the gap', async () => {
  const past = await findReplaySpan(source, isoSeconds(start), isoSeconds(end));
  if (past === null) throw new Error('no history');
  const { comparison, unwatched: gap } = await comparePolicies(
    source,
    past,
    [policy, { ...policy, confirm: 4 }],
    () => {},
  );
  expect(comparison.current.map(({ target }) => target)).toEqual(['mx1', 'mx1']);
  const [first, second] = comparison.current;
  // From the second failed round to the end of the last round before the gap, and from the second round after it.
  expect([first?.down, second?.down].map((length) => Math.round((length ?? 0) / minute))).toEqual([30, 41]);
  expect(Date.parse(first?.until ?? '') - start).toBeLessThan(6.5 * hour + 3 * minute);
  expect(gap).toBe(unwatched);
});

test('a target that is removed while it is down is not up until its last sample is stale', async () => {
  const minutes = 20;
  let now = start;
  const table = openInMemoryTable(() => now);
  const history = openHistory(table, { now: () => now });
  const config = { name: 'test', home: 'local', policy, targets: [{ id: 'mx1' }, { id: 'mx2' }] } as unknown as Config;
  const portsOf = (targets: readonly { readonly id: string }[]): JudgePorts => ({
    config: { ...config, targets } as unknown as Config,
    vantage: 'local',
    history,
    publishEvents: async () => {},
    channels: localChannels({ notify: [] }),
    deliveries: { ...openDeliveries(table, { now: () => now }), make: async () => {} },
    secret: async () => '',
    now: () => now,
    log: () => {},
  });
  for (let at = 0; at < minutes; at += 1) {
    now = start + at * minute;
    const samples = { mx1: healthy, ...(at < 10 ? { mx2: at < 5 ? healthy : refused } : {}) };
    const began = isoSeconds(now);
    await history.recordRound({ ...roundOf('local', began, samples), began, fresh: freshSeconds(policy) });
    now += 5000;
    await judge(portsOf(at < 10 ? [{ id: 'mx1' }, { id: 'mx2' }] : [{ id: 'mx1' }]));
  }
  const removed = await openReportSource(table, config);
  const { targets } = await readUptimeReport(removed, ['mx2'], { from: start, to: start + 20 * minute }, null);
  // It was down from the fifth minute until it was removed, five seconds after the tenth.
  expect(targets).toMatchObject([{ up: 5 * minute, down: 5 * minute + 5000, unwatched: 10 * minute - 5000 }]);
});
