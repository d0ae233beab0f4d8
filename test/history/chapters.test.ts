import { describe, expect, test } from 'vitest';
import type { ChapterEvidence, Incident, Witness } from '../../lambda/consensus/judgement/incident.ts';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import { problemOf } from '../../lambda/history/exported-item-check.ts';
import { openHistory } from '../../lambda/history/history.ts';
import { itemLimit, itemSize } from '../../lambda/history/table/item-size.ts';
import { openInMemoryTable } from './table/in-memory-table.ts';

const start = Date.parse('2026-11-22T05:00:00Z');
const at = (minute: number) => isoSeconds(start + minute * 60_000);

/** A transcript as long as a probe records it: 8 KB. */
const transcript = Array.from({ length: 100 }, (_, line) => `S: ${line} ${'x'.repeat(75)}`);

function witness(vantage: string, code: string): Witness {
  const [firstFailure, lastFailure] = [at(0), at(1)];
  const seen = { vantage, firstFailure, lastFailure, phase: 'auth', code, reply: `535 ${code}`, transcript };
  return { ...seen, detail: 'refused with 535', outcome: 'fail' };
}

/** An incident in its chapter of this number. */
function incidentIn(number: number): Incident {
  return {
    id: `mx1@${at(0)}`,
    target: 'mx1',
    opened: at(0),
    closed: null,
    verdict: 'down',
    witnesses: ['a', 'b', 'c'].map((vantage) => witness(vantage, `code-${number}`)),
    timeline: [{ at: at(1), what: 'down: 3 of 3 entitled vantages voted down, quorum 2', since: at(0) }],
    chapter: { number, from: at(number), to: null, phase: 'auth', code: `code-${number}`, warning: null },
    first: { phase: 'auth', code: 'code-1' },
  };
}

function chapterOf(number: number): ChapterEvidence {
  const { chapter, witnesses } = incidentIn(number);
  if (chapter === undefined) throw new Error('an incident without a chapter');
  return { ...chapter, to: at(number + 1), witnesses };
}

async function historyOf(changes: number) {
  const table = openInMemoryTable(() => start);
  const history = openHistory(table, { now: () => start });
  for (let number = 1; number <= changes; number += 1) {
    if (number > 1) await history.writeChapter(incidentIn(number), chapterOf(number - 1));
    await history.writeIncident(incidentIn(number));
  }
  return { table, history };
}

const numbersOf = (chapters: readonly ChapterEvidence[]) => chapters.map(({ number }) => number);
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, at) => first + at);

describe('the chapters of an incident', () => {
  test('that changes a hundred times are all kept, and no item comes near the limit', async () => {
    const { table, history } = await historyOf(101);
    const chapters = await history.chapters(incidentIn(101));
    expect(chapters).toEqual(upTo(100).map(chapterOf));
    const sizes = [...table.stored.values()].map(itemSize);
    expect(Math.max(...sizes)).toBeLessThan(30_000);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(5 * itemLimit);
  });

  test('that changes without end are the first hundred and the newest hundred', async () => {
    const { table, history } = await historyOf(451);
    expect(numbersOf(await history.chapters(incidentIn(451)))).toEqual([...upTo(100), ...upTo(450, 351)]);
    expect(table.stored.size).toBe(201);
  });

  test('are no incidents, also for the previous release, which reads every key that begins with `incident#`', async () => {
    const { table, history } = await historyOf(3);
    expect(await history.incidents('mx1')).toEqual([incidentIn(3)]);
    const items = await table.query('target#mx1', { from: 'incident#', to: 'incident#\uffff' });
    expect(items.map(({ sk }) => sk)).toEqual([`incident#${at(0)}`]);
  });

  test('of another incident, and one that a judge left which lost its write, are not among them', async () => {
    const { history } = await historyOf(3);
    await history.writeChapter({ ...incidentIn(2), id: `mx1@${at(500)}`, opened: at(500) }, chapterOf(1));
    await history.writeChapter(incidentIn(4), chapterOf(3));
    expect(numbersOf(await history.chapters(incidentIn(3)))).toEqual([1, 2]);
    expect(await history.chapters(incidentIn(1))).toEqual([]);
  });

  test('end when the next one begins, also if a judge that lost its write stored another time', async () => {
    const { history } = await historyOf(3);
    await history.writeChapter(incidentIn(2), { ...chapterOf(1), to: at(7), endsWithNext: true });
    await history.writeChapter(incidentIn(3), { ...chapterOf(2), to: at(9), endsWithNext: true });
    expect(await history.chapters(incidentIn(3))).toEqual([chapterOf(1), chapterOf(2)]);
    await history.writeChapter(incidentIn(3), { ...chapterOf(2), to: at(9) });
    expect((await history.chapters(incidentIn(3))).at(-1)?.to).toBe(at(9));
  });

  test('are replaced by the same chapter, and fit into an item whatever they contain', async () => {
    const { table, history } = await historyOf(2);
    const wide = { ...chapterOf(1), witnesses: upTo(60).map((vantage) => witness(`v${vantage}`, 'code-1')) };
    await history.writeChapter(incidentIn(2), wide);
    expect(table.stored.size).toBe(2);
    for (const item of table.stored.values()) expect(itemSize(item)).toBeLessThan(itemLimit);
    const [kept] = await history.chapters(incidentIn(2));
    expect(kept?.witnesses[59]?.transcript.at(-1)).toBe(transcript.at(-1));
  });

  test('can be imported, and one that is damaged is skipped and told', async () => {
    const { table } = await historyOf(3);
    for (const item of table.stored.values()) expect(problemOf(item)).toBeNull();
    const told: string[] = [];
    const history = openHistory(table, { now: () => start, reportUnreadable: ({ sk }) => void told.push(sk) });
    const [first] = [...table.stored.values()].filter(({ sk }) => sk.startsWith('chapter#'));
    await table.put({ ...first, pk: 'target#mx1', sk: `chapter#${at(0)}#0001`, witnesses: 'none' });
    expect(numbersOf(await history.chapters(incidentIn(3)))).toEqual([2]);
    expect(told).toEqual([`chapter#${at(0)}#0001`]);
  });
});
