/** An outage over the end of a month: the report of the month says that it is open only as long as it is. */
import { expect, test } from 'vitest';
import { freshSeconds, type Policy, policyDefaults } from '../../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { judge } from '../../../lambda/judge/judge.ts';
import { monthFiles } from '../../../lambda/publish/month-files.ts';
import { emptyMonthCache, readMonthReport, readMonths } from '../../../lambda/reports/months/read-months.ts';
import { readSnapshot } from '../../../lambda/reports/snapshot/read-snapshot.ts';
import { emptyUptimeCache } from '../../../lambda/reports/snapshot/uptime-cache.ts';
import { openReportSource } from '../../../lambda/reports/source/report-source.ts';
import { openRecentRounds } from '../../../lambda/reports/source/rounds.ts';
import { healthy, refused, roundOf } from '../../history/samples.ts';
import { incidentSnapshot, snapshotWith, targetSnapshot } from '../../web/snapshot.ts';
import { openMachine } from '../machine.ts';

const MINUTE = 60_000;
const every = 10 * MINUTE;
const policy: Policy = { ...policyDefaults(1), vantages: ['local'], every };
const at = (time: string) => Date.parse(`2026-${time}:00Z`);

test('on one machine it is read again when the outage has ended, and then no more', async () => {
  const { clock, table, history, config, ports } = openMachine(at('10-31T20:00'), policy, { targets: [{ id: 'mx1' }] });
  const cache = emptyMonthCache();
  /** The reports when rounds were recorded until then. */
  const reportsAt = async (until: number) => {
    for (; clock.now < until; clock.now += every) {
      const fails = clock.now >= at('10-31T23:00') && clock.now < at('11-01T01:00');
      const round = roundOf('local', isoSeconds(clock.now), { mx1: fails ? refused : healthy });
      await history.recordRound({ ...round, began: isoSeconds(clock.now), fresh: freshSeconds(policy) });
      await judge(ports);
    }
    await history.rollUp({ vantages: ['local'], by: 'test', deadline: Number.POSITIVE_INFINITY });
    const source = await openReportSource(table, config);
    const { read } = await readMonths(cache, source, ['mx1'], clock.now);
    return read.find(({ month }) => month === '2026-10') ?? null;
  };
  await reportsAt(at('11-01T00:10'));
  const open = await reportsAt(at('11-01T00:30'));
  expect(open?.outages.map(({ to }) => to)).toEqual([null]);
  // While it is open, nothing of the month is read.
  expect(await reportsAt(at('11-01T00:40'))).toBe(open);
  const ended = await reportsAt(at('11-01T03:00'));
  // The second round that passes ends it.
  expect(ended?.outages.map(({ to }) => to)).toEqual(['2026-11-01T01:10:00Z']);
  expect(ended?.targets[0]?.down).toBe(60 * MINUTE);
  expect(await reportsAt(at('11-01T05:00'))).toBe(ended);
});

test('days count the incidents that were open on them, alike on the first page and in the report', async () => {
  const { clock, table, history, config, ports } = openMachine(at('10-30T12:00'), policy, { targets: [{ id: 'mx1' }] });
  for (; clock.now < at('11-01T03:00'); clock.now += every) {
    const fails = clock.now >= at('10-30T23:00') && clock.now < at('11-01T01:00');
    const round = roundOf('local', isoSeconds(clock.now), { mx1: fails ? refused : healthy });
    await history.recordRound({ ...round, began: isoSeconds(clock.now), fresh: freshSeconds(policy) });
    await judge(ports);
  }
  await history.rollUp({ vantages: ['local'], by: 'test', deadline: Number.POSITIVE_INFINITY });
  const source = await openReportSource(table, config);
  const head = { title: 'Mail', url: null, logo: null };
  const snapshot = await readSnapshot(source, openRecentRounds(), emptyUptimeCache(), head, clock.now);
  const read = (
    await Promise.all(['2026-10', '2026-11'].map((name) => readMonthReport(source, ['mx1'], name, clock.now)))
  )
    .flatMap(({ targets }) => targets[0]?.days ?? [])
    .map(({ date, down, incidents }) => [date, down, incidents]);
  const shown = (snapshot.targets[0]?.days ?? []).map(({ date, down, incidents }) => [date, down, incidents]);
  expect(shown.slice(-3).map(([date, , incidents]) => [date, incidents])).toEqual([
    ['2026-10-30', 1],
    ['2026-10-31', 1],
    ['2026-11-01', 1],
  ]);
  expect(read.slice(-3)).toEqual(shown.slice(-3));
});

test.each<[string, string, boolean]>([
  ['an incident of that month', '2026-10-31T23:00:00Z', true],
  ['an incident of a later month', '2026-11-01T00:00:00Z', false],
])('on AWS it is written again when %s has ended: %s', async (_, opened, expected) => {
  const { clock, table, history, config } = openMachine(at('10-31T20:00'), policy, { targets: [{ id: 'mx1' }] });
  await history.recordRound(roundOf('local', '2026-10-31T20:00:00Z', { mx1: healthy }));
  clock.now = at('11-01T01:18');
  await history.rollUp({ vantages: ['local'], by: 'test', deadline: Number.POSITIVE_INFINITY });
  const source = await openReportSource(table, config);
  const newsWith = async (closed: string | null) => {
    const snapshot = snapshotWith({ targets: [targetSnapshot()], incidents: [incidentSnapshot({ opened, closed })] });
    const page = { snapshot, show: { rules: [], others: 'full' }, former: new Map(), isDue: true } as const;
    const { files } = await monthFiles(source, emptyMonthCache(), page, clock.now);
    return files.get('reports/2026-10.html')?.news;
  };
  expect(await newsWith(null)).toBeDefined();
  expect((await newsWith(null)) !== (await newsWith('2026-11-01T01:00:00Z'))).toBe(expected);
});
