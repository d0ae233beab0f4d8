import { describe, expect, test } from 'vitest';
import type { Alert, Incident } from '../../lambda/consensus/judgement/incident.ts';
import type { Judgement } from '../../lambda/consensus/judgement/judgement-state.ts';
import { openHistory } from '../../lambda/history/history.ts';
import { itemLimit, itemSize } from '../../lambda/history/table/item-size.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import { healthy, refused, roundOf } from './samples.ts';
import { openInMemoryTable } from './table/in-memory-table.ts';

const now = Date.parse('2026-11-22T05:10:00Z');
const at = (minute: number) => `2026-11-22T05:${String(minute).padStart(2, '0')}:00Z`;
const judgement: Judgement = { target: 'mx1', verdict: 'up', since: at(0), incident: null, owed: [] };

function open(table: Table = openInMemoryTable(() => now)) {
  return openHistory(table, { now: () => now });
}

/** Samples that together do not fit into one item. */
function many(sample: typeof refused) {
  const transcript = Array.from({ length: 100 }, () => 'x'.repeat(70));
  return Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`mx${n}`, { ...sample, transcript }]));
}

/** Every put succeeds, but its acknowledgement is lost and the client repeats it. */
function repeating(table: Table): Table {
  return { ...table, put: async (item, condition) => (await table.put(item, condition)) && table.put(item, condition) };
}

describe('rounds', () => {
  test('are read back in order, within their bounds', async () => {
    const history = open();
    const rounds = [3, 1, 2].map((minute) => roundOf('eu-west-1', at(minute), { mx1: healthy }));
    for (const round of rounds) expect(await history.recordRound(round)).toBe('written');
    await history.recordRound(roundOf('us-east-1', at(2), { mx1: refused }));
    const read = async (since: string, until?: string) =>
      (await history.rounds('eu-west-1', since, until)).map(({ round }) => round);
    expect(await read('')).toEqual([at(1), at(2), at(3)]);
    expect(await read(at(2))).toEqual([at(2), at(3)]);
    expect(await read(at(1), at(2))).toEqual([at(1), at(2)]);
    expect(await history.lastRound('eu-west-1')).toBe(at(3));
    expect(await history.lastRound('sa-east-1')).toBeNull();
  });

  test('are written once: a second write of the same round changes nothing', async () => {
    const history = open();
    expect(await history.recordRound(roundOf('eu-west-1', at(1), { mx1: healthy }))).toBe('written');
    expect(await history.recordRound(roundOf('eu-west-1', at(1), { mx1: refused }))).toBe('already');
    expect((await history.rounds('eu-west-1', at(1)))[0]?.samples.get('mx1')).toEqual(healthy);
  });

  test('are recognized as our own write after a lost acknowledgement', async () => {
    const history = open(repeating(openInMemoryTable(() => now)));
    expect(await history.recordRound(roundOf('eu-west-1', at(1), { mx1: healthy }))).toBe('written');
  });

  test('in parts: if a stale read has the head without a part, everything is read again', async () => {
    const table = openInMemoryTable(() => now);
    const behind: Table = {
      ...table,
      query: async (pk, range) => {
        const items = await table.query(pk, range);
        return range?.consistent ? items : items.filter(({ sk }) => !sk.includes('#'));
      },
    };
    const history = open(behind);
    await history.recordRound(roundOf('eu-west-1', at(1), many(refused)));
    const [outcomes] = await history.outcomes('eu-west-1', '', false);
    expect(outcomes?.samples.size).toBe(120);
  });

  test('in parts: two concurrent writes never mix, and a write that ends before the head leaves no round', async () => {
    const table = openInMemoryTable(() => now);
    const dying = open({
      ...table,
      put: async (item, condition) => (condition ? Promise.reject(new Error('killed')) : table.put(item)),
    });
    await expect(dying.recordRound(roundOf('eu-west-1', at(1), many(refused)))).rejects.toThrow('killed');
    const history = open(table);
    expect(await history.rounds('eu-west-1', '')).toEqual([]);
    const second = roundOf('eu-west-1', at(1), many({ ...refused, total: 99 }));
    expect(await history.recordRound(second)).toBe('written');
    expect(await history.rounds('eu-west-1', '')).toEqual([second]);
  });

  test('expire after their days', async () => {
    const clock = { now };
    const history = openHistory(
      openInMemoryTable(() => clock.now),
      { now: () => clock.now, roundDays: 2 },
    );
    await history.recordRound(roundOf('eu-west-1', at(1), { mx1: healthy }));
    clock.now += 2 * 86_400_000 - 1_000;
    expect(await history.rounds('eu-west-1', '')).toHaveLength(1);
    clock.now += 1_000;
    expect(await history.rounds('eu-west-1', '')).toEqual([]);
  });
});

describe('judgements', () => {
  test('are written against the version that was read', async () => {
    const history = open();
    expect(await history.judgement('mx1')).toBeNull();
    expect(await history.writeJudgement(judgement, 0, null)).toBe(true);
    expect(await history.writeJudgement(judgement, 0, null)).toBe(false);
    const lease = { by: 'judge-1', until: now + 30_000 };
    expect(await history.writeJudgement({ ...judgement, verdict: 'down' }, 1, lease)).toBe(true);
    expect(await history.writeJudgement(judgement, 1, null)).toBe(false);
    expect(await history.judgement('mx1')).toEqual({ ...judgement, verdict: 'down', version: 2, lease });
    expect(await history.judgements()).toEqual([{ ...judgement, verdict: 'down', version: 2, lease }]);
  });

  test('fit into an item: facts that make one too large are dropped', async () => {
    const history = open();
    const facts = Object.fromEntries(
      Array.from({ length: 10 }, (_, n) => [`vantage-${n}`, { inTls: `${n}${'x'.repeat(60_000)}` }]),
    );
    const memory = { failing: { 'eu-west-1': '2026-11-22T05:00:00Z' }, facts, seen: ['x'] } as unknown as NonNullable<
      Judgement['memory']
    >;
    expect(await history.writeJudgement({ ...judgement, verdict: 'down', memory }, 0, null)).toBe(true);
    expect(await history.judgement('mx1')).toMatchObject({
      verdict: 'down',
      memory: { failing: { 'eu-west-1': '2026-11-22T05:00:00Z' }, facts: {}, seen: [] },
    });
  });

  test('are recognized as our own write after a lost acknowledgement', async () => {
    const history = open(repeating(openInMemoryTable(() => now)));
    expect(await history.writeJudgement(judgement, 0, null)).toBe(true);
    expect(await history.writeJudgement(judgement, 1, null)).toBe(true);
    expect(await history.judgement('mx1')).toMatchObject({ version: 2 });
  });

  test('with the same content from another writer are not our own write', async () => {
    const table = openInMemoryTable(() => now);
    expect(await open(table).writeJudgement(judgement, 0, null)).toBe(true);
    expect(await open(table).writeJudgement(judgement, 0, null)).toBe(false);
  });
});

const incident: Incident = {
  id: `mx1@${at(1)}`,
  target: 'mx1',
  opened: at(1),
  closed: null,
  verdict: 'down',
  witnesses: [
    {
      vantage: 'eu-west-1',
      firstFailure: at(1),
      lastFailure: at(3),
      phase: 'greeting',
      code: 'greeting-refused',
      reply: '554 no',
      transcript: ['S: 554 no'],
    },
  ],
  timeline: [{ at: at(2), what: 'down' }],
};

describe('incidents', () => {
  test('are replaced while open, and listed from a time on', async () => {
    const history = open();
    const later: Incident = { ...incident, id: `mx1@${at(7)}`, opened: at(7) };
    await history.writeIncident(later);
    await history.writeIncident(incident);
    await history.writeIncident({ ...incident, closed: at(5) });
    expect(await history.incidents('mx1')).toEqual([{ ...incident, closed: at(5) }, later]);
    expect(await history.incidents('mx1', at(5))).toEqual([later]);
    expect(await history.incidents('mx2')).toEqual([]);
  });

  test('that are too large for an item keep the ends of their transcripts, and no alert is lost', async () => {
    const table = openInMemoryTable(() => now);
    const transcript = Array.from({ length: 100 }, (_, n) => `S: ${n} ${'x'.repeat(75)}`);
    const witnesses = Array.from({ length: 30 }, (_, n) => ({
      ...(incident.witnesses[0] as Incident['witnesses'][0]),
      vantage: `v${n}`,
      transcript,
    }));
    const large = { ...incident, witnesses };
    const alert = {
      id: 'a1',
      kind: 'down',
      subject: 'mx1',
      at: at(2),
      was: 'up',
      is: 'down',
      incident: large,
      votes: [],
      reason: '',
    } satisfies Alert;
    const owed = [alert, { ...alert, id: 'a2' }, { ...alert, id: 'a3' }];
    expect(await open(table).writeJudgement({ ...judgement, incident: large, owed }, 0, null)).toBe(true);
    const stored = await open(table).judgement('mx1');
    expect(stored?.owed.map(({ id }) => id)).toEqual(['a1', 'a2', 'a3']);
    const kept = stored?.owed[0]?.incident?.witnesses[0]?.transcript ?? [];
    expect(kept[0]).toMatch(/^\* \d+ lines left out$/);
    expect(kept.at(-1)).toBe(transcript.at(-1));
    for (const item of table.stored.values()) expect(itemSize(item)).toBeLessThan(itemLimit);
  });
});
