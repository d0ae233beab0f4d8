/**
 * Report, history, burn, replay and every export say the same of one history: random rounds of several vantages, judged as they
 * arrive, with gaps, restarts and probes that begin later than their round.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reportRange } from '../../../bin/arguments/report-range.ts';
import { asCsv, asJson } from '../../../bin/display/report/text-formats.ts';
import { summaryRows } from '../../../bin/display/tables/hour-and-day-summaries.ts';
import { localChannels } from '../../../lambda/alert/delivery/configured-channels.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { freshSeconds, type Policy, policyDefaults } from '../../../lambda/consensus/judgement/policy.ts';
import { isoSeconds, roundName } from '../../../lambda/consensus/judgement/round-name.ts';
import { openDeliveries } from '../../../lambda/deliver/delivery-table.ts';
import { openHistory } from '../../../lambda/history/history.ts';
import type { RecordedSample, Round } from '../../../lambda/history/packing/recorded-round.ts';
import { judge } from '../../../lambda/judge/judge.ts';
import type { JudgePorts } from '../../../lambda/ports.ts';
import { comparePolicies } from '../../../lambda/reports/compare-policies.ts';
import { findReplaySpan } from '../../../lambda/reports/replay/read-past-rounds.ts';
import { readSummaries } from '../../../lambda/reports/samples/summaries.ts';
import { openReportSource, type ReportSource } from '../../../lambda/reports/source/report-source.ts';
import type { TimeSpan } from '../../../lambda/reports/source/rounds.ts';
import { observedTimes } from '../../../lambda/reports/source/up-down-unwatched.ts';
import { readObservedTime, readUptimeReport } from '../../../lambda/reports/uptime/uptime-report.ts';
import { healthy, refused } from '../../history/samples.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const every = 10 * minute;
const start = Date.parse('2026-11-01T00:00:00Z');
const targets = ['mixed', 'shut', 'steady', 'unprobed'];
const unable: RecordedSample = { ...healthy, outcome: 'unable', phase: 'auth', code: 'secret-unreadable' };
const outcomes = { pass: healthy, warn: { ...healthy, outcome: 'warn' as const, code: 'slow' }, fail: refused, unable };

/** A time in which the monitor runs, and how it goes. */
interface Run {
  /** Seconds from the end of the run before. */
  readonly off: number;
  /** What each round sees of `mixed`, and how late each vantage begins, in seconds. */
  readonly rounds: readonly { readonly sees: keyof typeof outcomes; readonly delays: readonly number[] }[];
  /** Whether the judge runs before the first round, as it does if another round is delivered. */
  readonly judgesFirst: boolean;
}

const delay = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 0, max: 3 }) }, fc.integer({ min: 0, max: 400 }));
const round = fc.record({
  sees: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('pass' as const, 'fail' as const) },
    fc.constantFrom('warn' as const, 'unable' as const),
  ),
  delays: fc.array(delay, { minLength: 3, maxLength: 3 }),
});
const run: fc.Arbitrary<Run> = fc.record({
  off: fc.oneof(
    fc.integer({ min: 0, max: 1800 }),
    fc.integer({ min: 1500, max: 20_000 }),
    fc.integer({ min: 0, max: 100_000 }),
  ),
  // A state lasts for some rounds.
  rounds: fc
    .array(fc.tuple(round, fc.integer({ min: 1, max: 6 })), { minLength: 1, maxLength: 6 })
    .map((all) => all.flatMap(([one, times]) => Array.from({ length: times }, () => one))),
  judgesFirst: fc.boolean(),
});

interface Recorded extends Round {
  /** Epoch milliseconds at which the probes began. */
  readonly at: number;
}

interface Recording {
  readonly source: ReportSource;
  readonly rounds: readonly Recorded[];
  readonly end: number;
  rollUp(): Promise<unknown>;
}

/** Records and judges the runs. The last run ends at `end`. @param silent vantages of the config without a round */
async function record(
  runs: readonly Run[],
  vantages: readonly string[],
  silent: readonly string[],
): Promise<Recording> {
  let now = start;
  const all = [...vantages, ...silent];
  const policy: Policy = { ...policyDefaults(all.length), vantages: all, every, stagger: false, secondOpinion: false };
  const table = openInMemoryTable(() => now);
  const history = openHistory(table, { now: () => now });
  const config = {
    name: 'test',
    home: vantages[0],
    policy,
    targets: targets.map((id) => ({ id, slo: 99 })),
  } as unknown as Config;
  const ports: JudgePorts = {
    config,
    vantage: vantages[0] ?? '',
    history,
    publishEvents: async () => {},
    channels: localChannels({ notify: [] }),
    deliveries: { ...openDeliveries(table, { now: () => now }), make: async () => {} },
    secret: async () => '',
    now: () => now,
    log: () => {},
  };
  const rounds: Recorded[] = [];
  for (const { off, rounds: planned, judgesFirst } of runs) {
    // A monitor begins with the round that is under way.
    const begin = now + off * second;
    now = begin;
    if (judgesFirst) await judge(ports);
    for (const [number, { sees, delays }] of planned.entries()) {
      const name = roundName(begin + number * every, every);
      const due = Math.max(begin, Date.parse(name));
      const samples = new Map(
        Object.entries({ mixed: outcomes[sees], shut: refused, steady: healthy, unprobed: unable }),
      );
      const arrivals = vantages.map((vantage, place) => ({ vantage, at: due + (delays[place] ?? 0) * second }));
      for (const { vantage, at } of arrivals.sort((a, b) => a.at - b.at)) {
        const one = { vantage, round: name, began: isoSeconds(at), fresh: freshSeconds(policy), samples };
        now = Math.max(now, at + 2 * second);
        if ((await history.recordRound(one)) === 'written') rounds.push({ ...one, at });
        await judge(ports);
      }
    }
    now += 3 * second;
  }
  const end = now;
  const rollUp = async () => {
    now = end + 49 * hour;
    await history.rollUp({ vantages, by: 'test', deadline: Number.POSITIVE_INFINITY });
    now = end;
  };
  return { source: await openReportSource(table, config), rounds, end, rollUp };
}

/** What every output says of each target. */
async function figures(source: ReportSource, span: TimeSpan) {
  const report = await readUptimeReport(source, targets, span, null);
  const reported = Object.fromEntries(
    report.targets.map(({ target, up, down, unwatched }) => [target, { up, down, unwatched }]),
  );
  for (const target of report.targets) {
    const { up, down, unwatched, objective } = target;
    expect(up + down + unwatched).toBe(span.to - span.from);
    expect(objective?.burn ?? null).toEqual(up + down === 0 ? null : down / ((up + down) * (1 - 99 / 100)));
    const history = await readObservedTime(source, target.target, span);
    expect(history).toEqual(target.stretches);
  }
  const [since, until] = [isoSeconds(span.from), isoSeconds(span.to - 1000)];
  const range = reportRange({ since, until, utc: true }, span.to);
  expect(range.span).toEqual(span);
  const shown = { gaps: [], range, targets: report.targets.map((target) => ({ ...target, tags: [] })) };
  for (const { target, up, down, unwatched } of JSON.parse(asJson(shown)).targets)
    expect({ up, down, unwatched }).toEqual(reported[target]);
  const [header = '', ...rows] = asCsv(shown).trimEnd().split('\n');
  for (const row of rows) {
    const field = (name: string) => row.split(',')[header.split(',').indexOf(name)] ?? '';
    const times = Object.fromEntries(['up', 'down', 'unwatched'].map((name) => [name, Number(field(name)) * 1000]));
    expect(times).toEqual(reported[field('target')]);
  }
  await expectReplayOf(source, span, reported);
  return reported;
}

type Reported = Readonly<Record<string, { readonly up: number; readonly down: number; readonly unwatched: number }>>;

/** A replay of one target says for how long nobody watched it. */
async function expectReplayOf(source: ReportSource, span: TimeSpan, reported: Reported): Promise<void> {
  const policy = source.config?.policy as Policy;
  for (const target of targets) {
    const own = { ...source, targets: [target] };
    const past = await findReplaySpan(own, isoSeconds(span.from), isoSeconds(span.to - 1000));
    if (past === null) continue;
    const { unwatched } = await comparePolicies(own, past, [policy, { ...policy, confirm: 3 }], () => {});
    expect([target, unwatched]).toEqual([target, reported[target]?.unwatched]);
  }
}

/** When the samples of a target that say anything of it count, without any merge. */
function samplesOf(rounds: readonly Recorded[], target: string) {
  return rounds.flatMap(({ at, fresh = 0, samples }) => {
    const outcome = samples.get(target)?.outcome ?? 'unable';
    const from = Math.floor(at / second) * second;
    return outcome === 'unable' ? [] : [{ from, to: from + fresh * second, passed: outcome !== 'fail' }];
  });
}

/** The states that a target can be in at these times. Nothing is up before a probe passed since it was last unwatched. */
function possibleStates(rounds: readonly Recorded[], target: string, edges: readonly number[]) {
  const samples = samplesOf(rounds, target);
  let lastUnwatched = start - second;
  return edges.map((at) => {
    const isSeen = samples.some(({ from, to }) => at >= from && at < to);
    if (!isSeen) {
      lastUnwatched = at;
      return ['unwatched'];
    }
    const hasPassed = samples.some(({ from, passed }) => passed && from > lastUnwatched && from <= at);
    return ['unwatched', 'down', ...(hasPassed ? ['up', 'degraded'] : [])];
  });
}

/** The edges at which anything can change, and the seconds around them. */
function edgesOf(rounds: readonly Recorded[], span: TimeSpan): readonly number[] {
  const edges = rounds.flatMap(({ at, round: name, fresh = 0 }) => {
    const begins = Math.floor(at / second) * second;
    return [begins, begins + fresh * second, Date.parse(name)];
  });
  const near = new Set([span.from, span.to, ...edges].flatMap((edge) => [edge - second, edge]));
  return [...near].filter((edge) => edge >= span.from && edge < span.to).sort((a, b) => a - b);
}

test('one history has one division of its time, in every output and however it is stored', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(run, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(
        [['local'], []],
        [['us-east-1', 'eu-west-1', 'ap-southeast-1'], []],
        [['us-east-1', 'eu-west-1'], ['ap-southeast-1']],
        [['us-east-1'], ['eu-west-1', 'ap-southeast-1']],
      ),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (runs, [vantages = [], silent = []], share) => {
        const { source, rounds, end, rollUp } = await record(runs, vantages, silent);
        // Whole days, which are read from their items, and parts of them, which are not.
        const span = { from: start, to: Math.ceil((end + hour) / (24 * hour)) * 24 * hour };
        const cut = rounds[Math.floor(share * (rounds.length - 1))]?.at ?? start;
        const middle = Math.floor(cut / second) * second + 77 * second;
        const whole = await figures(source, span);
        // Without a probe that passed it was never up, and what nobody probed was not seen.
        expect(whole.shut?.up).toBe(0);
        expect(whole.steady?.down).toBe(0);
        expect(whole.unprobed).toEqual({ up: 0, down: 0, unwatched: span.to - span.from });
        const { incident } = source.judgements.find(({ target }) => target === 'steady') ?? {};
        if (silent.length > vantages.length && incident != null) expect(whole.steady?.up).toBe(0);
        for (const target of targets) {
          const stretches = await readObservedTime(source, target, span);
          const edges = edgesOf(rounds, span);
          const possible = possibleStates(rounds, target, edges);
          const wrong = edges.filter((at, place) => {
            const state = stretches.find(({ from, to }) => at >= from && at < to)?.state ?? '';
            return !possible[place]?.includes(state);
          });
          expect([target, wrong.map(isoSeconds)]).toEqual([target, []]);
        }
        await expectSameParts(source, span, middle, whole);
        await rollUp();
        expect(await figures(source, span)).toEqual(whole);
        await expectSameParts(source, span, middle, whole);
        await expectSameHours(source, span, vantages);
      },
    ),
    { numRuns: 20 },
  );
});

/** Two reports of parts of a span add up to the report of the span. */
async function expectSameParts(source: ReportSource, span: TimeSpan, middle: number, whole: Reported): Promise<void> {
  for (const target of targets) {
    const parts = [
      { from: span.from, to: middle },
      { from: middle, to: span.to },
    ];
    const [one, other] = await Promise.all(
      parts.map(async (part) => observedTimes(await readObservedTime(source, target, part))),
    );
    const sum = (name: 'up' | 'down' | 'unwatched') => (one?.[name] ?? 0) + (other?.[name] ?? 0);
    expect([target, { up: sum('up'), down: sum('down'), unwatched: sum('unwatched') }]).toEqual([
      target,
      whole[target],
    ]);
  }
}

/** The rows of `history --step hour` have the unwatched time of their hours. */
async function expectSameHours(source: ReportSource, span: TimeSpan, vantages: readonly string[]): Promise<void> {
  const query = { target: 'mixed', vantages, since: isoSeconds(span.from), until: isoSeconds(span.to - second) };
  const stretches = await readObservedTime(source, 'mixed', span);
  for (const row of summaryRows(await readSummaries(source, query, 'hour'), vantages, stretches)) {
    const from = Math.max(span.from, Date.parse(row.from));
    const to = Math.min(Date.parse(row.from) + hour, span.to);
    const { unwatched } = observedTimes(await readObservedTime(source, 'mixed', { from, to }));
    expect([row.from, row.unwatched * second]).toEqual([row.from, unwatched]);
  }
}
