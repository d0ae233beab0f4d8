import { expect, test } from 'vitest';
import { openHistory } from '../../lambda/history/history.ts';
import { recordOrRename } from '../../lambda/probe/record-or-rename.ts';
import { healthy, refused } from '../history/samples.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';

const began = Date.parse('2026-11-22T05:08:03.417Z');
const name = '2026-11-22T05:08:00Z';
const kinds = { p: healthy, f: refused } as const;

function roundOf(seen: string) {
  const samples = [...seen].flatMap((kind, place) =>
    kind === '-' ? [] : [[`mx${place}`, kinds[kind as keyof typeof kinds]] as const],
  );
  return { vantage: 'eu-west-1', round: name, began: '2026-11-22T05:08:03Z', samples: new Map(samples) };
}

const shown = (samples: ReadonlyMap<string, { readonly outcome: string }>) =>
  [...samples].map(([target, { outcome }]) => `${target} ${outcome}`).join(' ');

test.each([
  { recorded: '', seen: 'pf', result: 'written', added: null, why: 'the first' },
  { recorded: 'pf', seen: 'pf', result: 'already', added: null, why: 'a repeated invocation that saw the same' },
  { recorded: 'pp', seen: 'pf', result: 'renamed', added: 'mx1 fail', why: 'a newer failure' },
  { recorded: 'ff', seen: 'pf', result: 'renamed', added: 'mx0 pass', why: 'a newer pass' },
  { recorded: 'p-', seen: '-f', result: 'renamed', added: 'mx1 fail', why: 'two requests of one name' },
  { recorded: 'ff', seen: 'f-', result: 'already', added: null, why: 'a part of what is recorded' },
])('a round whose name is taken: $why', async ({ recorded, seen, result, added }) => {
  const history = openHistory(openInMemoryTable(), { now: () => began });
  if (recorded !== '') await history.recordRound(roundOf(recorded));
  expect(await recordOrRename(history, roundOf(seen), began, 60_000)).toBe(result);
  const [first, second, ...more] = await history.rounds('eu-west-1', '');
  expect(shown(first?.samples ?? new Map())).toBe(shown(roundOf(recorded || seen).samples));
  expect(second === undefined ? null : shown(second.samples)).toBe(added);
  if (second)
    expect(second).toMatchObject({
      began: '2026-11-22T05:08:03Z',
      round: expect.stringMatching(/^2026-11-22T05:08:03\.417\d{6}Z$/),
    });
  expect(more).toEqual([]);
});
