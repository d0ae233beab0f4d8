import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { authenticate, type DaneVerdict } from '../../../lambda/standards/dane/authenticate.ts';
import type { DaneChain } from '../../../lambda/standards/dane/match-record.ts';
import { recommendedRecord, type TlsaData } from '../../../lambda/standards/dane/tlsa.ts';
import { cpuTime } from '../../cpu-time.ts';
import { certificate, chain, NOW, record } from './chains.ts';

const reference = { names: ['mx1.example.com', 'example.com'], now: NOW };
const leafOnly = { certificates: [certificate('leaf')] };
const withExpired = (at: number, days = -1): Partial<DaneChain> => ({
  certificates: ['leaf', 'intermediate', 'root'].map((name, depth) => certificate(name, depth === at ? { days } : {})),
});
const unlinked = (from: number): Partial<DaneChain> => ({
  certificates: ['leaf', 'intermediate', 'root'].map((name, depth) => certificate(name, { linked: depth < from })),
});
const named = (...names: string[]): Partial<DaneChain> => ({ names });

/** Records, the chain, the verdict, and how each record fared. */
type Row = readonly [
  title: string,
  records: string,
  given: Partial<DaneChain>,
  kind: DaneVerdict['kind'],
  fared: string,
];

const OK = 'authenticated';
const NO = 'refused';
const NONE = 'unauthenticated';

const SELECTORS: readonly Row[] = [
  ['key, SHA-256', '3 1 1 leaf', {}, OK, 'matches'],
  ['key, SHA-512', '3 1 2 leaf', {}, OK, 'matches'],
  ['key, whole', '3 1 0 leaf', {}, OK, 'matches'],
  ['certificate, SHA-256', '3 0 1 leaf', {}, OK, 'matches'],
  ['certificate, SHA-512', '3 0 2 leaf', {}, OK, 'matches'],
  ['certificate, whole', '3 0 0 leaf', {}, OK, 'matches'],
  ['another key', '3 1 1 other', {}, NO, 'other-key'],
  ['another key, SHA-512', '3 1 2 other', {}, NO, 'other-key'],
  ['another key, whole', '3 1 0 other', {}, NO, 'other-key'],
  ['another certificate', '3 0 1 other', {}, NO, 'other-key'],
  ['another certificate, whole', '3 0 0 other', {}, NO, 'other-key'],
  ['the key of the intermediate is not that of the leaf', '3 1 1 intermediate', {}, NO, 'other-key'],
  ['no certificate was served', '3 1 1 leaf', { certificates: [] }, NO, 'other-key'],
];

/** RFC 7672 3.1.1. */
const END_ENTITY: readonly Row[] = [
  ['names do not count', '3 1 1 leaf', named('www.example.org'), OK, 'matches'],
  ['no name at all', '3 1 1 leaf', named(), OK, 'matches'],
  ['an expired leaf', '3 1 1 leaf', withExpired(0), OK, 'matches'],
  ['an expired leaf, by its certificate', '3 0 1 leaf', withExpired(0, -400), OK, 'matches'],
  ['an expired issuer', '3 1 1 leaf', withExpired(1), OK, 'matches'],
  ['a chain that does not hold together', '3 1 1 leaf', unlinked(1), OK, 'matches'],
  ['self-signed', '3 1 1 leaf', leafOnly, OK, 'matches'],
];

/** RFC 7671 5.2, RFC 7672 3.1.2. */
const ANCHOR: readonly Row[] = [
  ['the intermediate by its key', '2 1 1 intermediate', {}, OK, 'matches'],
  ['the intermediate by its certificate', '2 0 1 intermediate', {}, OK, 'matches'],
  ['the root', '2 0 1 root', {}, OK, 'matches'],
  ['the root, SHA-512', '2 0 2 root', {}, OK, 'matches'],
  ['the root, whole', '2 0 0 root', {}, OK, 'matches'],
  ['the key of the root, whole', '2 1 0 root', {}, OK, 'matches'],
  ['another authority', '2 0 1 other', {}, NO, 'other-key'],
  [
    'an authority that is not served (3.1.2: it must be)',
    '2 0 1 root',
    { certificates: [certificate('leaf'), certificate('intermediate')] },
    NO,
    'other-key',
  ],
  [
    'an authority that DNS has whole and that is not served',
    '2 0 0 root',
    { certificates: [certificate('leaf'), certificate('intermediate')] },
    'unknown',
    'anchor-not-served',
  ],
  ['the same, and the key of the leaf', '2 0 0 other, 3 1 1 leaf', {}, OK, 'anchor-not-served matches'],
  ['the leaf is no anchor of itself', '2 1 1 leaf', {}, NO, 'other-key'],
  ['the leaf alone is no anchor of itself', '2 0 1 leaf', leafOnly, NO, 'other-key'],
  ['served, but not an issuer', '2 0 1 root', unlinked(2), NO, 'not-an-issuer'],
  ['served, and no issuer at all', '2 0 1 intermediate', unlinked(1), NO, 'not-an-issuer'],
  ['an expired leaf', '2 0 1 root', withExpired(0), NO, 'expired'],
  ['an expired intermediate on the way', '2 0 1 root', withExpired(1), NO, 'expired'],
  ['an expired anchor', '2 0 1 root', withExpired(2), NO, 'expired'],
  ['what is above the anchor may be expired', '2 0 1 intermediate', withExpired(2), OK, 'matches'],
  ['the name of the domain', '2 0 1 root', named('example.com'), OK, 'matches'],
  ['a wildcard for one label', '2 0 1 root', named('*.example.com'), OK, 'matches'],
  ['one of many names', '2 0 1 root', named('a.example.org', 'MX1.Example.COM.'), OK, 'matches'],
  ['another name', '2 0 1 root', named('mx2.example.com'), NO, 'wrong-name'],
  ['no name', '2 0 1 root', named(), NO, 'wrong-name'],
  ['a wildcard above the label', '2 0 1 root', named('*.com'), NO, 'wrong-name'],
  ['a wildcard inside a label', '2 0 1 root', named('mx*.example.com'), NO, 'wrong-name'],
  ['a wildcard below', '2 0 1 root', named('*.mx1.example.com'), NO, 'wrong-name'],
  [
    'names that are not all known',
    '2 0 1 root',
    { names: ['a.example.org'], moreNames: true },
    'unknown',
    'unknown-name',
  ],
  [
    'a fitting name among those that are known',
    '2 0 1 root',
    { ...named('example.com'), moreNames: true },
    OK,
    'matches',
  ],
];

/** RFC 7672 2.2, 3.1.3, RFC 6698 2.1. */
const UNUSABLE: readonly Row[] = [
  ['PKIX-TA', '0 0 1 root', {}, NONE, 'unusable'],
  ['PKIX-EE', '1 1 1 leaf', {}, NONE, 'unusable'],
  ['an unknown usage', '4 1 1 leaf', {}, NONE, 'unusable'],
  ['an unknown usage beside a usable one', '255 1 1 leaf, 3 1 1 leaf', {}, OK, 'unusable matches'],
  ['an unknown selector', '3 2 1 leaf', {}, NONE, 'unusable'],
  ['an unknown matching type', '3 1 3 leaf', {}, NONE, 'unusable'],
  ['PKIX-EE beside a mismatch does not help', '1 1 1 leaf, 3 1 1 other', {}, NO, 'unusable other-key'],
  ['PKIX-EE beside a match does no harm', '1 1 1 other, 3 1 1 leaf', {}, OK, 'unusable matches'],
  ['no record', '', {}, NONE, ''],
];

/** One match is enough: RFC 6698 2.1. RFC 7671 8.1 for the roll-over. */
const SETS: readonly Row[] = [
  ['the present and the next key', '3 1 1 leaf, 3 1 1 next', {}, OK, 'matches other-key'],
  ['the former and the present key', '3 1 1 former, 3 1 1 leaf', {}, OK, 'other-key matches'],
  ['the key and its issuer (RFC 7671 8.4)', '3 1 1 other, 2 0 1 root', {}, OK, 'other-key matches'],
  ['a damaged anchor beside the key', '2 0 1 other, 3 1 1 leaf', {}, OK, 'other-key matches'],
  ['none of three', '3 1 1 a, 3 1 1 b, 2 1 1 c', {}, NO, 'other-key other-key other-key'],
  ['a wrong name beside a fitting key', '2 0 1 root, 3 1 1 leaf', named('x.example.org'), OK, 'wrong-name matches'],
];

/** RFC 7671 9. */
const AGILITY: readonly Row[] = [
  ['both digests fit', '3 1 1 leaf, 3 1 2 leaf', {}, OK, 'weaker-digest matches'],
  ['the stronger one does not fit', '3 1 1 leaf, 3 1 2 other', {}, NO, 'weaker-digest other-key'],
  ['the weaker one does not fit', '3 1 1 other, 3 1 2 leaf', {}, OK, 'weaker-digest matches'],
  ['of another selector', '3 1 1 leaf, 3 0 2 other', {}, OK, 'matches other-key'],
  ['of another usage', '3 1 1 leaf, 2 1 2 other', {}, OK, 'matches other-key'],
  ['the whole key always counts', '3 1 0 leaf, 3 1 2 other', {}, OK, 'matches other-key'],
  ['a stronger one that cannot be used does not count', '3 1 1 leaf, 1 1 2 other', {}, OK, 'matches unusable'],
];

describe.each([
  ['selector and matching type', SELECTORS],
  ['DANE-EE', END_ENTITY],
  ['DANE-TA', ANCHOR],
  ['records that cannot be used', UNUSABLE],
  ['sets of records', SETS],
  ['digest agility', AGILITY],
])('%s', (_, rows) => {
  test.each(rows)('%s: %s', (_title, texts, given, kind, fared) => {
    const records = texts === '' ? [] : texts.split(', ').map(record);
    const verdict = authenticate(records, chain(given), reference);
    expect(verdict.records.map(({ match }) => match.kind).join(' ')).toBe(fared);
    expect(verdict.kind).toBe(kind);
  });
});

describe('RFC 6698 2.3: records of the examples', () => {
  const sha256 = 'd2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971';
  const sha512 =
    '92003ba34942dc74152e2f2c408d29eca5a520e7f2e06bb944f4dca346baf63c1b177615d466f6c4b71c216a50292bd58c9ebdd2f74e38fe51ffd48c43326cbc';
  const served = (sha: object): DaneChain =>
    chain({
      certificates: [{ ...certificate('leaf'), certificate: { sha256, sha512 }, key: { sha256, sha512 }, ...sha }],
    });
  test.each<[string, TlsaData, DaneVerdict['kind']]>([
    ['0 0 1, not for mail', { usage: 0, selector: 0, matching: 1, data: sha256 }, NONE],
    ['1 1 2, not for mail', { usage: 1, selector: 1, matching: 2, data: sha512 }, NONE],
    ['3 0 1 with the same data', { usage: 3, selector: 0, matching: 1, data: sha256 }, OK],
    ['3 1 2 with the same data', { usage: 3, selector: 1, matching: 2, data: sha512 }, OK],
    ['3 1 1 with data of SHA-512', { usage: 3, selector: 1, matching: 1, data: sha512 }, NONE],
  ])('%s', (_, data, kind) => expect(authenticate([data], served({}), reference).kind).toBe(kind));
});

test('a stored digest that is cut is compared by its beginning, and one that is too short never', () => {
  const cut = (digits: number) => chain({ certificates: [certificate('leaf', { digits })] });
  for (const text of ['3 1 1 leaf', '3 0 1 leaf', '3 1 2 leaf', '3 0 2 leaf', '3 1 0 leaf', '3 0 0 leaf']) {
    expect(authenticate([record(text)], cut(16), reference).kind).toBe(OK);
    expect(authenticate([record(text)], cut(15), reference).kind).toBe(NO);
    expect(authenticate([record(text.replace('leaf', 'other'))], cut(16), reference).kind).toBe(NO);
  }
});

const names = fc.constantFrom('leaf', 'intermediate', 'root', 'next', 'other');
const records = fc.array(
  fc
    .record({ usage: fc.nat(4), selector: fc.nat(2), matching: fc.nat(3), name: names })
    .map((one) => record(`${one.usage} ${one.selector} ${one.matching} ${one.name}`)),
  { maxLength: 5 },
);

test('the order of the records has no meaning', () => {
  fc.assert(
    fc.property(
      records.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      ([all, shuffled]) => {
        expect(authenticate(shuffled, chain(), reference).kind).toBe(authenticate(all, chain(), reference).kind);
      },
    ),
  );
});

test('without the strongest digest for another key, a record of the served key is accepted whatever is beside it', () => {
  fc.assert(
    fc.property(records, (others) => {
      const isHarmless = !others.some(
        ({ usage, selector, matching }) => usage === 3 && selector === 1 && matching === 2,
      );
      const { kind } = authenticate([...others, record('3 1 1 leaf')], chain(), reference);
      if (isHarmless) expect(kind).toBe(OK);
    }),
  );
});

test('hostile records and chains: a verdict, no exception, and soon', () => {
  const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdefg'), maxLength: 200 });
  const any = fc.record({ usage: fc.integer(), selector: fc.integer(), matching: fc.integer(), data: hex });
  const digests = fc.record({ sha256: hex, sha512: hex });
  const hostile = fc.record({
    names: fc.array(fc.string(), { maxLength: 5 }),
    moreNames: fc.boolean(),
    certificates: fc.array(
      fc.record({ certificate: digests, key: digests, validTo: fc.string(), linked: fc.boolean() }),
      { maxLength: 5 },
    ),
  });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 20 }), hostile, (all, served) => {
      expect(authenticate(all, served, reference).records).toHaveLength(all.length);
    }),
  );
  const large = { usage: 2, selector: 0, matching: 0, data: 'ab'.repeat(32_000) };
  const many = Array.from({ length: 100 }, () => large);
  expect(cpuTime(() => authenticate(many, chain(), reference))).toBeLessThan(1_000);
});

test('the record to publish authenticates the key that it was made of', () => {
  const leaf = certificate('leaf');
  const text = recommendedRecord('_25._tcp.mx1.example.com', leaf.key.sha256);
  const [, usage, selector, matching, data = ''] = /IN TLSA (\d) (\d) (\d) ([0-9a-f]+)$/.exec(text) ?? [];
  const parsed = { usage: Number(usage), selector: Number(selector), matching: Number(matching), data };
  expect(authenticate([parsed], chain(), reference).kind).toBe(OK);
});
