import { expect, test } from 'vitest';
import type { DaneChain } from '../../../lambda/standards/dane/match-record.ts';
import { type RenewalRisk, renewalRisk } from '../../../lambda/standards/dane/renewal.ts';
import { certificate, chain, NOW, record } from './chains.ts';

const reference = { names: ['mx1.example.com'], now: NOW };
const ending = (days: number): Partial<DaneChain> => ({
  certificates: [certificate('leaf', { days }), certificate('intermediate'), certificate('root')],
});

/** Records of caches, those of the zone ('' if it was not asked), the chain, and the risk. */
test.each<[string, string, string, Partial<DaneChain>, RenewalRisk['kind'] | null]>([
  ['a certificate of two months', '3 1 1 leaf', '', ending(60), null],
  ['a certificate of two weeks', '3 1 1 leaf', '', ending(14), null],
  ['less, without a successor', '3 1 1 leaf', '', ending(13), 'no-successor'],
  ['already expired, which DANE-EE allows', '3 1 1 leaf', '', ending(-3), 'no-successor'],
  ['by the digest of the certificate', '3 0 1 leaf', '', ending(5), 'no-successor'],
  ['with both digests of one key', '3 1 1 leaf, 3 1 2 leaf', '', ending(5), 'no-successor'],
  ['with a record that cannot be used', '3 1 1 leaf, 1 1 1 next', '', ending(5), 'no-successor'],
  ['with a successor', '3 1 1 leaf, 3 1 1 next', '', ending(5), null],
  ['an authority, which outlives the certificate', '2 0 1 root', '', ending(5), null],
  ['the key and an authority', '3 1 1 leaf, 2 0 1 root', '', ending(5), null],
  ['the zone has the same record', '3 1 1 leaf', '3 1 1 leaf', ending(60), null],
  ['the zone has the next key only', '3 1 1 leaf', '3 1 1 next', ending(60), 'record-going'],
  ['the zone keeps one of two', '3 1 1 leaf, 3 1 1 next', '3 1 1 leaf', ending(60), null],
  ['the zone keeps the other one of two', '3 1 1 leaf, 3 1 1 next', '3 1 1 next', ending(60), 'record-going'],
  ['the zone has an authority instead', '3 1 1 leaf', '2 0 1 root', ending(60), null],
  ['a successor that caches do not have yet', '3 1 1 leaf', '3 1 1 leaf, 3 1 1 next', ending(5), null],
  ['DANE was ended in the zone', '3 1 1 leaf', '1 1 1 leaf', ending(60), null],
  ['the key does not fit anyway', '3 1 1 next', '', ending(5), null],
])('%s: %s / %s', (_, cached, fresh, given, kind) => {
  const read = (texts: string) => texts.split(', ').map(record);
  const records = { cached: read(cached), fresh: fresh === '' ? null : read(fresh) };
  expect(renewalRisk(records, chain(given), reference)?.kind ?? null).toBe(kind);
});

test('the record that goes and the days that are left are said', () => {
  const one = record('3 1 1 leaf');
  expect(renewalRisk({ cached: [one], fresh: [record('3 1 1 next')] }, chain(), reference)).toEqual({
    kind: 'record-going',
    records: [one],
  });
  expect(renewalRisk({ cached: [one], fresh: null }, chain(ending(5)), reference)).toEqual({
    kind: 'no-successor',
    days: 5,
    record: one,
  });
});
