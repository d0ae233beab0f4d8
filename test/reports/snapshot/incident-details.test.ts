import { beforeAll, describe, expect, test } from 'vitest';
import type { Config } from '../../../lambda/config/config.ts';
import type { Incident } from '../../../lambda/consensus/judgement/incident.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { openDeliveries } from '../../../lambda/deliver/delivery-table.ts';
import { openHistory } from '../../../lambda/history/history.ts';
import type { VantageSample } from '../../../lambda/history/packing/recorded-round.ts';
import { addStatement, withdrawStatement } from '../../../lambda/history/statements/statement.ts';
import { openStatementStore } from '../../../lambda/history/statements/statement-store.ts';
import type { Table } from '../../../lambda/history/table/table.ts';
import { readIncidentSnapshots } from '../../../lambda/reports/snapshot/incident/incident-details.ts';
import { shownSpans, votesOf } from '../../../lambda/reports/snapshot/incident/votes-snapshot.ts';
import { readWholeIncident } from '../../../lambda/reports/snapshot/incident/whole-incident.ts';
import type { VoteMoment } from '../../../lambda/reports/snapshot/snapshot.ts';
import { readIncidents } from '../../../lambda/reports/source/incidents.ts';
import { openReportSource, type ReportSource } from '../../../lambda/reports/source/report-source.ts';
import { alertAt, start } from '../../alert/delivery/deliveries.ts';
import { fleetEnd, fleetPolicy, fleetTargets, fleetVantages, recordFleet } from '../../history/example-fleet.ts';
import { healthy, refused } from '../../history/samples.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';
import { target, testPorts } from '../../ports.ts';

const HOUR = 3_600_000;
const config: Config = { ...testPorts(fleetTargets.map((id) => target(id, 25))).ports.config, policy: fleetPolicy };

let source: ReportSource;
let incidents: readonly Incident[];
const asked: string[] = [];

beforeAll(async () => {
  let table: Table | undefined;
  await recordFleet((now) => {
    table ??= openInMemoryTable(now);
    return table;
  });
  if (table === undefined) throw new Error('nothing was recorded');
  const recorded = table;
  const counted: Table = {
    ...recorded,
    query: (pk, range) => {
      asked.push(pk);
      return recorded.query(pk, range);
    },
  };
  source = await openReportSource(counted, config);
  incidents = (await readIncidents(source, fleetTargets)).filter(({ witnesses }) => witnesses.length > 0);
});

const quorum = ({ votes, needed }: VoteMoment) => votes.filter((vote) => vote === 'down').length >= needed;
const entitled = ({ votes }: VoteMoment) => votes.filter((vote) => vote !== 'abstain').length;
const none = () => [];

describe('the votes of incidents that the real judge decided', () => {
  test('agree with its verdicts: it was down after a quorum, and never without a vote for it', async () => {
    let downs = 0;
    for (const incident of incidents) {
      const { votes } = await readWholeIncident(source, incident, fleetEnd);
      expect(votes?.vantages).toEqual(fleetVantages);
      for (const moment of votes?.moments ?? []) {
        const which = `${incident.id} ${moment.at}`;
        if (moment.verdict === 'down') expect(moment.votes, which).toContain('down');
        if (moment.verdict !== null && quorum(moment) && entitled(moment) >= fleetPolicy.minimumVoters)
          expect(moment.verdict, which).toBe('down');
        downs += Number(moment.verdict === 'down');
      }
    }
    expect(incidents.length).toBeGreaterThan(4);
    expect(downs).toBeGreaterThan(20);
  });

  test('of an outage: passes before it, failures, a quorum, and passes after it', async () => {
    const incident = incidents.find(({ id }) => id === 'mx1@2026-11-21T22:05:00Z');
    if (incident === undefined) throw new Error('the outage is not there');
    const { moments = [], gap } = (await readWholeIncident(source, incident, fleetEnd)).votes ?? {};
    expect(gap).toBeNull();
    const rows = moments.map((moment) => [
      moment.at.slice(11, 19),
      moment.outcomes[0],
      moment.votes[0],
      moment.verdict,
    ]);
    expect([rows[0], ...rows.slice(3, 5), rows.at(-4), rows.at(-1)]).toEqual([
      ['21:50:00', 'pass', 'up', null],
      ['22:05:00', 'fail', 'up', 'up'],
      ['22:05:20', 'fail', 'down', 'down'],
      ['22:50:00', 'pass', 'up', 'up'],
      ['23:05:00', 'pass', 'up', null],
    ]);
  });

  test('a page has the same of those that are rolled up, and reads no rounds for it', async () => {
    asked.length = 0;
    const cache = new Map();
    const shown = await readIncidentSnapshots(source, incidents, none, cache, fleetEnd);
    expect(asked.filter((pk) => pk.startsWith('round#'))).toEqual([]);
    const settled = shown.filter(({ closed }) => closed !== null && Date.parse(closed) < fleetEnd - 2 * HOUR);
    expect(settled.length).toBeGreaterThan(2);
    for (const { id, votes } of settled) {
      const incident = incidents.find((one) => one.id === id);
      if (incident === undefined) throw new Error(id);
      expect(votes).toEqual((await readWholeIncident(source, incident, fleetEnd)).votes);
    }
    // The next publication reads none of their hours.
    expect([...cache.keys()].sort()).toEqual(settled.map(({ id }) => id).sort());
    asked.length = 0;
    const again = await readIncidentSnapshots(source, incidents, none, cache, fleetEnd);
    expect(again).toEqual(shown);
    const hours = (targets: readonly string[]) => targets.filter((pk) => pk.startsWith('target#')).length;
    expect(hours(asked)).toBeLessThan(2 * incidents.length);
    await readIncidentSnapshots(source, [], none, cache, fleetEnd);
    expect(cache.size).toBe(0);
  });

  test('are those of the vantages of then, also if the config has others now', async () => {
    const vantages = [fleetVantages[0], 'eu-north-1'];
    const changed = { ...source, config: { ...config, policy: { ...fleetPolicy, vantages } } };
    const old = incidents.filter(({ closed }) => closed !== null && Date.parse(closed) < fleetEnd - 2 * HOUR);
    const shown = await readIncidentSnapshots(changed, old, none, new Map(), fleetEnd);
    expect(shown.length).toBeGreaterThan(2);
    for (const [nth, incident] of old.entries()) {
      const { votes } = await readWholeIncident(source, incident, fleetEnd);
      expect(shown[nth]?.votes, incident.id).toEqual(votes);
      expect((await readWholeIncident(changed, incident, fleetEnd)).votes, incident.id).toEqual(votes);
    }
  });

  test('an incident whose rounds and hours are gone has no moments', async () => {
    const old = {
      ...(incidents[0] as Incident),
      id: 'mx1@2020-01-01T00:00:00Z',
      opened: '2020-01-01T00:00:00Z',
      closed: '2020-01-01T00:10:00Z',
    };
    expect((await readWholeIncident(source, old, fleetEnd)).votes?.moments).toEqual([]);
  });

  test('only the newest 30 have votes', async () => {
    const many = Array.from({ length: 40 }, (_, nth) => ({
      ...(incidents[0] as Incident),
      id: `mx1@${nth}`,
      opened: isoSeconds(fleetEnd - nth * HOUR),
    }));
    const shown = await readIncidentSnapshots(source, many, none, new Map(), fleetEnd);
    expect(shown.map(({ votes }) => votes !== null)).toEqual(many.map((_, nth) => nth < 30));
  });
});

describe('of a long incident', () => {
  const policy = { ...fleetPolicy, every: 60_000 };
  const opened = Date.parse('2026-11-22T00:00:00Z');
  const incident = {
    opened: isoSeconds(opened),
    closed: null,
    timeline: [{ at: isoSeconds(opened + 60_000), what: 'down: x' }],
  };
  const now = opened + 10 * HOUR;

  test('the first and the last rounds are shown, and what is between is named as left out', () => {
    const samples = Array.from({ length: 604 }, (_, nth) => sampleAt(opened + (nth - 4) * 60_000, nth >= 4));
    const { moments, gap } = votesOf(incident, samples, policy, now);
    expect(shownSpans(incident, policy, now)).toHaveLength(2);
    expect(gap).toBe(41);
    expect(moments).toHaveLength(81);
    expect([moments[0]?.at, moments[40]?.at, moments[41]?.at, moments.at(-1)?.at]).toEqual([
      '2026-11-21T23:57:00Z',
      '2026-11-22T00:37:00Z',
      '2026-11-22T09:20:00Z',
      '2026-11-22T09:59:00Z',
    ]);
    // The votes of the second part do not begin anew.
    expect(moments[41]?.votes[0]).toBe('down');
    expect(moments.slice(4).every(({ votes }) => votes[0] === 'down')).toBe(true);
  });

  test('a round of another vantage is no vote, and of none there is no outcome', () => {
    const { moments } = votesOf(incident, [sampleAt(opened, true)], policy, opened + 60_000);
    expect(moments).toMatchObject([
      { outcomes: ['fail', null, null], votes: ['abstain', 'abstain', 'abstain'], needed: 1 },
    ]);
  });

  test('the verdict of a second opinion is not that of the round before it, also if the judge decided within its second', () => {
    const rounds = ['00:00:00Z', '00:00:07.412000001Z', '00:01:00Z'].map((time) => `2026-11-22T${time}`);
    const samples = rounds.flatMap((round) => fleetVantages.map((vantage) => ({ vantage, round, sample: refused })));
    const timeline = [{ at: '2026-11-22T00:00:07Z', what: 'down: 3 of 3 entitled vantages voted down, quorum 2' }];
    const twice = { ...policy, confirm: 1, secondOpinion: true };
    const { moments } = votesOf({ ...incident, timeline }, samples, twice, opened + 90_000);
    expect(moments.map((moment) => [moment.at.slice(11), quorum(moment), moment.verdict])).toEqual([
      ['00:00:00Z', false, 'up'],
      ['00:00:07Z', true, 'down'],
      ['00:01:00Z', true, 'down'],
    ]);
  });

  function sampleAt(at: number, fails: boolean): VantageSample {
    return { vantage: fleetVantages[0], round: isoSeconds(at), sample: fails ? refused : healthy };
  }
});

describe('alerts and words', () => {
  const now = () => start + 15 * 60_000;
  const table = openInMemoryTable(now);
  const down = alertAt(9, 'down', 'mx1');
  const incident = down.incident as Incident;
  const webhook = 'webhook:https://hooks.example.com#1a2b3c4d';

  test('channels are named by their kind, with what became of each alert', async () => {
    const deliveries = openDeliveries(table, { now });
    const reminder = {
      ...down,
      id: `${down.id}+webhook:http://127.0.0.1:9955#1a2b3c4d-1`,
      at: isoSeconds(start + 10 * 60_000),
    };
    const recovered = { ...alertAt(12, 'recovered', 'mx1'), incident };
    for (const [channel, alert] of [
      [webhook, down],
      ['email:1a2b3c4d', reminder],
      ['topic', { ...recovered, id: `${incident.id}#2-recovered` }],
      ['topic', alertAt(12, 'down', 'mx10')],
    ] as const) {
      await deliveries.make(channel, alert);
      await deliveries.mark(channel, isoSeconds(start));
    }
    const [pending] = await deliveries.pending(webhook, '');
    if (pending !== undefined) await deliveries.end(webhook, pending, 'taken');
    const own = await openReportSource(table, null);
    const [shown] = await readIncidentSnapshots(own, [incident], none, new Map(), now());
    expect(shown?.alerts).toEqual({
      expired: false,
      told: [],
      sent: [
        {
          at: down.at,
          kind: 'down',
          again: false,
          channel: 'webhook',
          state: 'taken',
          ended: new Date(now()).toISOString(),
        },
        { at: reminder.at, kind: 'down', again: true, channel: 'email', state: 'pending', ended: null },
        { at: recovered.at, kind: 'recovered', again: false, channel: 'topic', state: 'pending', ended: null },
      ],
    });
    expect(JSON.stringify(shown)).not.toMatch(/hooks|1a2b3c4d|@example/);
  });

  test('nine days after its end its alerts are no longer kept', async () => {
    const own = await openReportSource(table, null);
    const ended = { ...incident, closed: isoSeconds(start) };
    const later = start + 9 * 24 * HOUR;
    const [shown, open] = await readIncidentSnapshots(own, [ended, incident], none, new Map(), later);
    expect([shown?.alerts?.expired, open?.alerts?.expired]).toEqual([true, false]);
  });

  test('what was withdrawn is not shown, and changes when the incident was last changed', async () => {
    const store = openStatementStore(table);
    const own = await openReportSource(table, null);
    const read = async () => (await readIncidentSnapshots(own, [incident], none, new Map(), now()))[0];
    const at = (minutes: number) => isoSeconds(start + minutes * 60_000);
    const first = addStatement([], { at: at(20), by: 'ops', state: 'identified', text: 'a disk' }) ?? [];
    const both = addStatement(first, { at: at(21), by: 'ops', state: 'monitoring', text: 'mended' }) ?? [];
    await store.writeStatements(await store.statements(incident.id), both);
    expect(await read()).toMatchObject({ statements: [{ number: 1 }, { number: 2, text: 'mended' }], updated: at(21) });
    const withdrawn = withdrawStatement(both, 2, { at: at(25), by: 'ops' }) ?? [];
    await store.writeStatements(await store.statements(incident.id), withdrawn);
    const after = await read();
    expect(after?.statements).toEqual([{ number: 1, at: at(20), by: 'ops', state: 'identified', text: 'a disk' }]);
    expect(after?.updated).toBe(at(25));
  });
});

test('without a config the votes are those of the vantages that were there', async () => {
  const own = await openReportSource(source.table, null);
  const outage = incidents.find(({ id }) => id === 'mx1@2026-11-21T22:05:00Z') as Incident;
  const { votes } = await readWholeIncident({ ...own, history: openHistory(source.table) }, outage, fleetEnd);
  expect(votes?.vantages.toSorted()).toEqual(fleetVantages.toSorted());
  expect(votes?.moments.filter(({ verdict }) => verdict === 'down').length).toBeGreaterThan(5);
});
