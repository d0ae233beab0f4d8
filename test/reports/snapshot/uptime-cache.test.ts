import { expect, test } from 'vitest';
import { emptyUptimeCache, readUptimes } from '../../../lambda/reports/snapshot/uptime-cache.ts';
import { recordMonth, start } from '../months/recorded-month.ts';

const minute = 60_000;
const days = [{ from: start - 24 * 60 * minute, to: start }];

test('a target of which nothing was watched yet is read again at once, others after five minutes', async () => {
  const { source } = await recordMonth();
  const cache = emptyUptimeCache();
  const watched = async (id: string, now: number) => {
    const { up = 0, down = 0 } = (await readUptimes(cache, source, ['mx1', 'submission'], days, now)).get(id) ?? {};
    return up + down;
  };
  expect(await watched('mx1', start)).toBe(0);
  expect(await watched('mx1', start + minute)).toBe(minute);
  expect(await watched('mx1', start + 4 * minute)).toBe(minute);
  expect(await watched('mx1', start + 5 * minute)).toBe(5 * minute);
  // It was never probed, and is unknown.
  expect(await watched('submission', start + 5 * minute)).toBe(0);
});
