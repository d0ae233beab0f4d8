import { describe, expect, test } from 'vitest';
import { flattenTree, lookupsOf, lookupTree } from '../../../lambda/standards/spf/lookup-tree.ts';
import { parseSpfRecord } from '../../../lambda/standards/spf/record.ts';
import { type Answers, lookupOf } from '../answers.ts';

async function treeOf(text: string, answers: Answers) {
  const { lookup, queries } = lookupOf(answers);
  const tree = await lookupTree(parseSpfRecord(`v=spf1 ${text}`), 'example.com', lookup);
  return { tree, queries };
}

const spf = (text: string) => ({ TXT: [`v=spf1 ${text}`] });
const world: Answers = {
  'example.com': { A: ['192.0.2.1'], MX: [{ host: 'mx1.example.com', preference: 10 }] },
  'mx1.example.com': { A: ['192.0.2.2'] },
  'six.example.com': { AAAA: ['2001:db8::1'] },
  'a.example.net': spf('a:six.example.com ip4:192.0.2.9 -all'),
  'b.example.net': spf('include:a.example.net mx:example.com -all'),
  'loop.example.net': spf('include:loop.example.net -all'),
  'wrong.example.net': spf('ip4:nonsense -all'),
  'two.example.net': { TXT: ['v=spf1 -all', 'v=spf1 +all'] },
  'text.example.net': { TXT: ['hello'] },
  'silent.example.net': 'failed',
};

test.each<[string, number]>([
  ['-all', 0],
  ['ip4:192.0.2.0/24 ip6:2001:db8::/32 exp=x.example.com -all', 0],
  ['a mx ptr exists:x.example.com -all', 4],
  ['include:a.example.net -all', 2],
  ['include:b.example.net include:a.example.net -all', 6],
  ['redirect=b.example.net', 4],
  // 6.1 and 5.1: they are ignored.
  ['-all redirect=b.example.net', 0],
  ['-all include:b.example.net', 0],
])('%s causes %i lookups', async (text, lookups) => {
  expect(lookupsOf((await treeOf(text, world)).tree)).toBe(lookups);
});

test.each<[string, string]>([
  ['include:gone.example.net', 'missing'],
  ['include:text.example.net', 'missing'],
  ['include:two.example.net', 'several'],
  ['include:wrong.example.net', 'syntax'],
  ['include:example.com', 'loop'],
  ['include:silent.example.net', 'no-answer'],
  ['include:%{d}.example.net', 'macro'],
  ['a:gone.example.net', 'void'],
  ['a:silent.example.net', 'no-answer'],
  ['mx:six.example.com', 'void'],
  ['mx:gone.example.net', 'void'],
])('%s: %s', async (text, kind) => {
  expect((await treeOf(text, world)).tree[0]?.problem?.kind).toBe(kind);
});

test('a problem further below has the domain of its record', async () => {
  const { tree } = await treeOf('include:loop.example.net', world);
  const problems = flattenTree(tree).filter(({ problem }) => problem !== null);
  expect(problems).toMatchObject([
    { domain: 'loop.example.net', text: 'include:loop.example.net', problem: { kind: 'loop' } },
  ]);
});

test('a host with addresses of one family is not void', async () => {
  expect((await treeOf('a:six.example.com', world)).tree[0]?.problem).toBeNull();
});

describe('500 includes', () => {
  const many = Object.fromEntries(
    Array.from({ length: 500 }, (_, nth) => [`s${nth}.example.net`, spf('a:gone.example.net')]),
  );

  test('side by side: some are read, all of the first level are counted', async () => {
    const text = Array.from({ length: 500 }, (_, nth) => `include:s${nth}.example.net`).join(' ');
    const { tree, queries } = await treeOf(`${text} -all`, many);
    expect(queries.length).toBeLessThan(200);
    expect(lookupsOf(tree)).toBeGreaterThan(500);
    expect(flattenTree(tree).some(({ problem }) => problem?.kind === 'unread')).toBe(true);
  });

  test('one below the other: the walk ends', async () => {
    const chain = Object.fromEntries(
      Array.from({ length: 500 }, (_, nth) => [`s${nth}.example.net`, spf(`include:s${nth + 1}.example.net`)]),
    );
    const { tree, queries } = await treeOf('include:s0.example.net', chain);
    expect(queries.length).toBeLessThan(100);
    expect(lookupsOf(tree)).toBeGreaterThan(10);
  });

  test('each twice: the walk does not grow without bound', async () => {
    const doubling = Object.fromEntries(
      Array.from({ length: 40 }, (_, nth) => [
        `s${nth}.example.net`,
        spf(`include:s${nth + 1}.example.net include:s${nth + 1}.example.net`),
      ]),
    );
    const { queries } = await treeOf('include:s0.example.net', doubling);
    expect(queries.length).toBeLessThan(100);
  });
});
