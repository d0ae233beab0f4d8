import fc from 'fast-check';
import { expect, test } from 'vitest';
import { restoreValues, shareValues } from '../../../lambda/history/rollup/shared-values.ts';

const more = (...values: unknown[]) => ({ more: { values, rows: '0' } });

test('values of an earlier vantage are not written again', () => {
  const facts = { starttls: 'offered' };
  const columns = [
    ['a', more(facts)],
    ['b', {}],
    ['c', more(facts)],
    ['d', more('other')],
  ] as const;
  expect(shareValues(columns)).toEqual([
    ['a', more(facts)],
    ['b', {}],
    ['c', { more: { values: '=a', rows: '0' } }],
    ['d', more('other')],
  ]);
});

test('the columns are read back unchanged', () => {
  const column = fc.oneof(
    fc.constant({}),
    fc.array(fc.constantFrom('x', 'y', '=a')).map((values) => more(...values)),
  );
  fc.assert(
    fc.property(fc.array(column, { maxLength: 6 }), (all) => {
      const columns = all.map((one, index) => [`vantage-${index}`, one] as const);
      expect(restoreValues(shareValues(columns) as typeof columns)).toEqual(columns);
    }),
  );
});
