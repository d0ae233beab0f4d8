import { expect, test } from 'vitest';
import { problemOf } from '../../../lambda/history/exported-item-check.ts';
import { domainsNamedBy, itemsInRange, postureRangesOf } from '../../../lambda/history/table/export-key-ranges.ts';
import { endOfKeys } from '../../../lambda/history/table/keys.ts';
import type { Item } from '../../../lambda/history/table/table.ts';
import { openInMemoryTable } from '../table/in-memory-table.ts';
import { recordPosture } from './example-posture.ts';

test('an export has all that is stored of posture, and an import takes each item', async () => {
  let table = openInMemoryTable(() => 0);
  await recordPosture((now) => {
    table = openInMemoryTable(now);
    return table;
  });
  const whole = async (pk: string) => await table.query(pk, { from: '', to: endOfKeys });
  const named = [...(await whole('posture-verdicts')), ...(await whole('posture-watch'))];
  const exported: Item[] = [];
  for (const range of postureRangesOf(domainsNamedBy(named), '1970-01-01T00:00:00Z', '2999-01-01T00:00:00Z')) {
    for await (const item of itemsInRange(table, range)) exported.push(item);
  }
  const stored = [...named, ...(await whole('posture#example.com'))];
  expect(exported.length).toBeGreaterThan(8);
  expect(new Set(exported.map(({ pk, sk }) => `${pk} ${sk}`))).toEqual(
    new Set(stored.map(({ pk, sk }) => `${pk} ${sk}`)),
  );
  expect(exported.flatMap((item) => problemOf(item) ?? [])).toEqual([]);
  expect(
    exported
      .map((item) => problemOf({ ...item, findings: 7, recent: 7, judged: 7, version: 'x' }))
      .filter((one) => one === null),
  ).toEqual([]);
});
