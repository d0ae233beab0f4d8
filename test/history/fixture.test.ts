/**
 * Tables of version 0.1, which every later version must read. `smtp-quorum export` of 0.1 wrote both files: one of a table
 * that `example-fleet.ts` filled, the other of a table with a round too large for one item. Do not write them again with a
 * later version.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judgeAll } from '../../lambda/consensus/judge-all.ts';
import type { Policy } from '../../lambda/consensus/judgement/policy.ts';
import { observationsByTarget } from '../../lambda/history/group-samples-by-target.ts';
import { type History, openHistory } from '../../lambda/history/history.ts';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import { type Database, localTable, openDatabase } from '../../local/database.ts';
import { inProcess } from '../bin/cli.ts';

const END = Date.parse('2026-11-22T01:12:00Z');
const VANTAGES = ['us-east-1', 'eu-west-1', 'ap-southeast-1'];
const TARGETS = ['mx1', 'mx2', 'submission', 'inbound', 'relay'];
const POLICY: Policy = {
  vantages: VANTAGES,
  every: 300_000,
  quorum: 'majority',
  minimumVoters: 2,
  confirm: 1,
  recover: 2,
  freshness: 2.5,
  secondOpinion: true,
  stagger: false,
  patience: 3,
  silence: 2,
  flaps: 3,
};

const fixture = (name: string) => resolve(import.meta.dirname, '../fixtures', name);
const opened: { readonly folder: string; readonly database: Database }[] = [];

/** The history that `smtp-quorum import` makes of a file, read at the end of the recording. */
async function imported(file: string, items: number): Promise<History> {
  const folder = await mkdtemp(join(tmpdir(), 'smtp-quorum-fixture-'));
  const { code, stdout } = await inProcess(['import', fixture(file), '--folder', folder]);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: `${items} of ${items} items were new and are written; 0 were there already\n`,
  });
  const now = () => END;
  // What has expired since is not deleted.
  const database = await openDatabase(folder, { now });
  opened.push({ folder, database });
  return openHistory(dynamodbTable(database.client, localTable, { now }), { now });
}

afterAll(async () => {
  for (const { folder, database } of opened) {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
});

const calm = { dns: 3.2, connect: 12, greeting: 31, ehlo: 12, starttls: 12, tls: 28, ehlo2: 13, quit: 12 };
const passed = {
  outcome: 'pass',
  phase: null,
  code: null,
  reply: null,
  detail: null,
  address: '198.51.100.24',
  transcript: [],
  timings: calm,
  total: 111,
};
const refusal = {
  outcome: 'fail',
  phase: 'greeting',
  code: 'greeting-refused',
  reply: '554 5.7.1 no service here',
  detail: 'greeting 554 after 31 ms',
  address: '198.51.100.24',
  timings: { dns: 3.2, connect: 12, greeting: 31 },
  total: 46,
};
const dialogue = ['S: 554 5.7.1 no service here', 'C: QUIT', 'S: 221 2.0.0 bye'];
const facts = {
  starttls: 'offered',
  leaf: '3f2a9c0d1e4b5a67 2026-09-01 2026-12-05 CN=Example CA',
  tls: 'TLSv1.3',
  inClear: '8BITMIME PIPELINING SIZE=10240000',
  inTls: '8BITMIME AUTH=PLAIN PIPELINING SIZE=10240000',
};

describe('a table of version 0.1', () => {
  let history: History;
  beforeAll(async () => {
    history = await imported('table-0.1.ndjson', 221);
  });

  test.each([
    ['us-east-1', 56],
    ['eu-west-1', 51],
    ['ap-southeast-1', 52],
  ])('%s has %i rounds', async (vantage, count) => {
    expect(await history.rounds(vantage, '')).toHaveLength(count);
    expect(await history.outcomes(vantage, '')).toHaveLength(count);
    expect(await history.lastRound(vantage)).toBe('2026-11-22T01:10:00Z');
  });

  test('a round with a failure, a warning, and a session as far as DATA', async () => {
    const at = '2026-11-21T22:05:00Z';
    const [round] = await history.rounds('us-east-1', at, at);
    expect([...(round?.samples.keys() ?? [])].sort()).toEqual([...TARGETS].sort());
    expect(round?.samples.get('mx1')).toEqual({ ...refusal, transcript: dialogue });
    expect(round?.samples.get('mx2')).toEqual(passed);
    expect(round?.samples.get('submission')).toEqual({
      ...passed,
      outcome: 'warn',
      phase: 'certificate',
      code: 'certificate-expiring',
      detail: 'the certificate ends in 14 days',
      transcript: ['S: 220 smtp.example.com ESMTP', 'C: EHLO probe.example.com', 'S: 250 smtp.example.com'],
      threshold: '14 days',
    });
    const first = '2026-11-21T21:00:00Z';
    const [whole] = await history.rounds('us-east-1', first, first);
    const mail = { ...calm, auth: 21, mail: 11, rcpt: 14, data: 40 };
    expect(whole?.samples.get('relay')).toEqual({ ...passed, timings: mail, total: 197, facts });
    expect(Object.keys(whole?.samples.get('inbound')?.facts ?? {})).toContain('mx1.example.com leaf');
  });

  test('the outcomes of a round, without its timings', async () => {
    const [round] = await history.outcomes('eu-west-1', '2026-11-21T22:05:00Z');
    const { timings: _timings, total: _total, ...outcome } = refusal;
    expect(round?.samples.get('mx1')).toEqual({ ...outcome, transcript: dialogue });
  });

  test('lag', async () => {
    const rounds = await history.rounds('us-east-1', '');
    expect(rounds.flatMap(({ round, lag }) => (lag ? [[round, lag]] : []))).toEqual([['2026-11-21T23:20:00Z', 120]]);
  });

  test('judgements', async () => {
    const judgements = await history.judgements();
    const brief = judgements.map(({ target, verdict, since, version, incident, memory }) => [
      target,
      verdict,
      since,
      version,
      incident?.id ?? null,
      memory?.told,
    ]);
    const lately = '2026-11-22T00:05:20Z';
    expect(brief).toEqual([
      ['inbound', 'up', lately, 7, 'inbound@2026-11-21T23:50:20Z', 'up'],
      ['mx1', 'up', lately, 15, 'mx1@2026-11-21T23:50:20Z', 'up'],
      ['mx2', 'up', '2026-11-22T00:40:20Z', 15, 'mx2@2026-11-22T00:05:20Z', 'up'],
      ['relay', 'up', lately, 26, 'relay@2026-11-21T23:50:20Z', 'up'],
      ['submission', 'down', '2026-11-22T00:56:00Z', 16, 'submission@2026-11-22T00:05:20Z', 'unknown'],
      ['vantage/ap-southeast-1', 'up', lately, 8, 'vantage/ap-southeast-1@2026-11-21T23:50:20Z', 'up'],
      ['vantage/eu-west-1', 'up', lately, 13, 'vantage/eu-west-1@2026-11-21T23:50:20Z', 'up'],
      ['vantage/sa-east-1', 'unknown', '2026-11-21T21:00:20Z', 2, null, 'up'],
      ['vantage/us-east-1', 'up', '2026-11-13T05:00:20Z', 1, null, 'up'],
    ]);
    expect(judgements.find(({ target }) => target === 'vantage/sa-east-1')?.memory?.presence).toBe('gone');
  });

  test('a pending alert, the lease, and the memory of the judge', async () => {
    const stored = await history.judgement('submission');
    expect(stored?.lease).toEqual({ by: expect.stringMatching(/^[0-9a-f-]{36}$/), until: 1_795_309_865_000 });
    expect(stored?.owed).toHaveLength(1);
    expect(stored?.owed[0]).toMatchObject({
      id: 'submission@2026-11-22T00:05:20Z#2-flapping',
      kind: 'flapping',
      subject: 'submission',
      at: '2026-11-22T00:56:00Z',
      was: 'degraded',
      is: 'down',
      incident: { id: 'submission@2026-11-22T00:05:20Z', closed: null },
      votes: VANTAGES.map((vantage) => ({ vantage, vote: 'down', why: 'failed at greeting: greeting-refused' })),
      reason: '3 of 3 entitled vantages voted down, quorum 2',
    });
    const failed = '2026-11-22T00:55:00Z';
    expect(stored?.memory).toMatchObject({
      failing: { 'us-east-1': failed, 'eu-west-1': failed, 'ap-southeast-1': failed },
      alerts: 2,
      mentioned: ['certificate-expiring@14 days', 'greeting'],
      transitions: ['2026-11-22T00:05:20Z', '2026-11-22T00:10:20Z', '2026-11-22T00:56:00Z'],
      flapping: true,
      facts: { 'us-east-1': facts },
    });
  });

  test('an incident with its witnesses and its acknowledgement', async () => {
    const [incident] = await history.incidents('mx1');
    expect(incident).toMatchObject({
      id: 'mx1@2026-11-21T22:05:00Z',
      target: 'mx1',
      opened: '2026-11-21T22:05:00Z',
      closed: '2026-11-21T22:50:20Z',
      verdict: 'down',
      acknowledged: { at: '2026-11-21T22:31:00Z', by: 'ops@example.com' },
      witnesses: VANTAGES.map((vantage) => ({
        vantage,
        firstFailure: '2026-11-21T22:05:00Z',
        lastFailure: '2026-11-21T22:40:00Z',
        phase: 'connect',
        code: 'connect-timeout',
        reply: null,
        transcript: dialogue,
      })),
    });
    expect(incident?.timeline).toHaveLength(9);
    expect(incident?.timeline[7]).toEqual({ at: '2026-11-21T22:31:00Z', what: 'acknowledged by ops@example.com' });
  });

  test.each([
    ['mx1', ['down', 'unknown']],
    ['mx2', ['unknown', 'degraded']],
    ['relay', ['down', 'down', 'down', 'unknown']],
    ['submission', ['unknown', 'down']],
    ['inbound', ['unknown']],
    ['vantage/eu-west-1', ['unknown', 'unknown']],
  ])('incidents of %s', async (target, verdicts) => {
    expect((await history.incidents(target)).map(({ verdict }) => verdict)).toEqual(verdicts);
  });

  test('hours, days and gaps', async () => {
    const hours = await history.hours('mx1', '2026-11-01');
    expect(hours.map(({ span, vantages }) => [span, vantages['us-east-1']?.counts])).toEqual([
      ['2026-11-13T05', { pass: 1 }],
      ['2026-11-21T21', { pass: 12 }],
      ['2026-11-21T22', { pass: 4, fail: 9 }],
      ['2026-11-21T23', { pass: 12 }],
      ['2026-11-22T00', { pass: 12 }],
    ]);
    const days = await history.days('mx1', '2026-11-01');
    expect(days.map(({ span, hours: covered }) => [span, covered])).toEqual([
      ['2026-11-13', 1],
      ['2026-11-21', 3],
    ]);
    expect(Object.keys(days[0]?.vantages ?? {})).toEqual(['eu-west-1', 'sa-east-1', 'us-east-1']);
    expect(days[1]?.vantages['eu-west-1']).toMatchObject({
      counts: { pass: 20, fail: 9, unable: 4 },
      total: [111, 111, 111],
      phases: { dns: [3.2, 3.2, 3.2], tls: [28, 28, 28] },
    });
    expect(await history.gaps()).toEqual([{ from: '2026-11-13T06', to: '2026-11-14T20' }]);
  });

  test.each([
    ['mx1', { pass: 118, fail: 27, unable: 4 }],
    ['mx2', { pass: 136, fail: 7, unable: 4 }],
    ['relay', { pass: 118, fail: 36, unable: 4 }],
    ['submission', { pass: 21, warn: 109, fail: 15, unable: 4 }],
    ['inbound', { pass: 142, unable: 4 }],
  ])('samples of %s, from hours and rounds', async (target, expected) => {
    const samples = await history.samples(target, [...VANTAGES, 'sa-east-1'], '2026-11-01T00:00:00Z');
    const counts: Record<string, number> = {};
    for (const { sample } of samples) counts[sample.outcome] = (counts[sample.outcome] ?? 0) + 1;
    expect(counts).toEqual(expected);
  });

  test('a sample from an hour, and one from a round', async () => {
    const samples = await history.samples('mx1', VANTAGES, '2026-11-13T00:00:00Z');
    expect(samples[0]).toEqual({
      vantage: 'eu-west-1',
      round: '2026-11-13T05:00:00Z',
      sample: { ...passed, facts },
    });
    const refusedAt = samples.filter(({ round }) => round === '2026-11-21T22:05:20Z');
    expect(refusedAt.map(({ sample }) => sample)).toEqual(VANTAGES.map(() => ({ ...refusal, transcript: [] })));
    expect(samples.at(-1)).toEqual({ vantage: 'us-east-1', round: '2026-11-22T01:10:00Z', sample: passed });
  });

  async function judgedAt(now: number) {
    const rounds = await Promise.all(VANTAGES.map((vantage) => history.outcomes(vantage, '2026-11-22T00:45:00Z')));
    const stored = await history.judgements();
    return judgeAll({
      targets: TARGETS,
      stored,
      observations: observationsByTarget(rounds.flat()),
      policy: POLICY,
      now,
    });
  }

  test('a judge that reads this table pages an outage that version 0.1 kept as flapping, and changes nothing else', async () => {
    const passes = await judgedAt(END);
    expect(passes).toHaveLength(9);
    const changed = passes.filter(({ previous, next }) => next !== previous);
    expect(changed.map(({ next }) => [next.target, next.owed.at(-1)?.kind, next.since])).toEqual([
      ['submission', 'down', '2026-11-22T00:56:00Z'],
    ]);
  });

  test('without newer rounds every target and vantage is unknown', async () => {
    const passes = await judgedAt(END + 30 * 60_000);
    const verdicts = Object.fromEntries(passes.map(({ next }) => [next.target, next.verdict]));
    for (const target of TARGETS) expect(verdicts[target]).toBe('unknown');
    const owed = passes.flatMap(({ next }) => next.owed.map(({ id }) => id));
    expect(owed).toContain('submission@2026-11-22T00:05:20Z#2-flapping');
  });
});

test('a round of version 0.1 in two items', async () => {
  const history = await imported('wide-round-0.1.ndjson.gz', 2);
  const [round] = await history.rounds('us-east-1', '');
  expect(round?.round).toBe('2026-11-22T01:00:00Z');
  expect(round?.samples.size).toBe(60);
  expect(round?.samples.get('wide59')).toMatchObject(refusal);
  expect(round?.samples.get('wide59')?.transcript).toHaveLength(60);
  expect(await history.lastRound('us-east-1')).toBe('2026-11-22T01:00:00Z');
});
