import { expect, test } from 'vitest';
import { judgeAll } from '../../../lambda/consensus/judge-all.ts';
import type { Incident } from '../../../lambda/consensus/judgement/incident.ts';
import type { Judgement } from '../../../lambda/consensus/judgement/judgement-state.ts';
import { type Policy, policyDefaults, readWindow } from '../../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { observationsByTarget } from '../../../lambda/history/group-samples-by-target.ts';
import { openHistory } from '../../../lambda/history/history.ts';
import type { Round } from '../../../lambda/history/packing/recorded-round.ts';
import type { VerdictPeriod } from '../../../lambda/reports/source/up-down-unwatched.ts';
import { replayedPeriods } from '../../../lambda/reports/uptime/replayed-periods.ts';
import { uptimeOf } from '../../../lambda/reports/uptime/uptime.ts';
import { healthy, refused, roundOf } from '../../history/samples.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';

const minute = 60_000;
const start = Date.parse('2026-11-01T00:00:00Z');
const vantages = ['us-east-1', 'eu-west-1', 'ap-southeast-1'];
const policy: Policy = { ...policyDefaults(3), vantages, every: minute, stagger: false };

/** Runs the judge every minute. Returns the number of minutes with the verdict `down`, the incidents and the history. */
async function runJudge(minutes: number, fails: (at: number) => boolean) {
  const clock = { now: start };
  const history = openHistory(
    openInMemoryTable(() => clock.now),
    { now: () => clock.now },
  );
  const incidents = new Map<string, Incident>();
  let stored: readonly Judgement[] = [];
  let recent: readonly Round[] = [];
  let down = 0;
  for (let at = 0; at < minutes; at++, clock.now += minute) {
    const sample = fails(at) ? refused : healthy;
    const rounds = vantages.map((vantage) => roundOf(vantage, isoSeconds(clock.now), { mx1: sample, mx2: healthy }));
    for (const round of rounds) await history.recordRound(round);
    recent = [...recent, ...rounds].filter(({ round }) => Date.parse(round) >= clock.now - readWindow(policy));
    const passes = judgeAll({
      targets: ['mx1', 'mx2'],
      stored,
      observations: observationsByTarget(recent),
      policy,
      now: clock.now + 5_000,
    });
    stored = passes.map(({ next }) => ({ ...next, owed: [] }));
    const judged = stored.find(({ target }) => target === 'mx1');
    if (judged?.verdict === 'down') down += 1;
    if (judged?.incident) incidents.set(judged.incident.id, judged.incident);
    if (at % 60 === 59) await history.rollUp({ vantages, by: 'test', deadline: Number.POSITIVE_INFINITY });
  }
  return { history, incidents: [...incidents.values()], down, end: start + minutes * minute };
}

test.each<[string, number, (at: number) => boolean]>([
  ['a target that flaps for six hours', 1, (at) => at > 20 && at < 380 && at % 8 < 3],
  ['a target that flaps for two hours, within the timeline', 0, (at) => at > 20 && at < 140 && at % 8 < 4],
  ['a single outage', 0, (at) => at > 100 && at < 160],
  ['an open outage', 0, (at) => at > 400],
])('the report has the downtime of the judge: %s', async (_, reads, fails) => {
  const { history: stored, incidents, down, end } = await runJudge(480, fails);
  const queries: string[] = [];
  const history: typeof stored = {
    ...stored,
    samples: async (...query) => {
      queries.push(query[0]);
      return stored.samples(...query);
    },
  };
  const periods = new Map<string, readonly VerdictPeriod[]>();
  for (const incident of incidents) {
    periods.set(incident.id, await replayedPeriods({ history, vantages }, policy, incident, end));
  }
  expect(queries).toHaveLength(reads);
  const span = { from: start, to: end };
  const watched = { span, watched: [span] };
  const report = uptimeOf('mx1', incidents, watched, 99, ({ id }) => periods.get(id) ?? []);
  // An incident starts at its first failure. The judge reads it within a round, and runs some seconds later.
  expect(Math.abs(report.down / minute - down)).toBeLessThan(incidents.length + 1);
  expect(down).toBeGreaterThan(50);
});

test('an outage that a second opinion decided is as long as the downtime, to the second', async () => {
  const one: Policy = { ...policyDefaults(1), vantages: ['local'], every: minute, stagger: false };
  const history = openHistory(
    openInMemoryTable(() => start),
    { now: () => start },
  );
  const record = async (round: string, sample: typeof healthy) =>
    history.recordRound(roundOf('local', round, { mx1: sample }));
  for (let at = 0; at < 40; at++) {
    const fails = at >= 8 && at % 8 < 2;
    await record(isoSeconds(start + at * minute), fails ? refused : healthy);
    if (fails && at % 8 === 0)
      await record(isoSeconds(start + at * minute + 7_000).replace('Z', '.412000001Z'), refused);
  }
  const opened = isoSeconds(start + 8 * minute);
  const timeline = [{ at: opened, what: '… 9 changes left out' }];
  const incident: Incident = {
    id: 'mx1@x',
    target: 'mx1',
    opened,
    closed: null,
    verdict: 'down',
    witnesses: [],
    timeline,
  };
  const span = { from: start, to: start + 40 * minute };
  const periods = await replayedPeriods({ history, vantages: ['local'] }, one, incident, span.to);
  const report = uptimeOf('mx1', [incident], { span, watched: [span] }, null, () => periods);
  expect(report.down).toBeGreaterThan(4 * minute);
  expect(report.outageList.map(({ down }) => down)).toEqual([report.down]);
});
