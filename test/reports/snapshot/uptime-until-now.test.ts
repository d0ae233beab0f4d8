import { expect, test } from 'vitest';
import { type Policy, policyDefaults } from '../../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { RecordedSample } from '../../../lambda/history/packing/recorded-round.ts';
import { openWindowStore } from '../../../lambda/history/windows/window-store.ts';
import { judge } from '../../../lambda/judge/judge.ts';
import { readSnapshot } from '../../../lambda/reports/snapshot/read-snapshot.ts';
import type { TargetSnapshot } from '../../../lambda/reports/snapshot/snapshot.ts';
import { emptyUptimeCache } from '../../../lambda/reports/snapshot/uptime-cache.ts';
import { uptimesUntilNow } from '../../../lambda/reports/snapshot/uptime-until-now.ts';
import { openReportSource } from '../../../lambda/reports/source/report-source.ts';
import { openRecentRounds } from '../../../lambda/reports/source/rounds.ts';
import { clipStretches, observedTimes } from '../../../lambda/reports/source/up-down-unwatched.ts';
import { uptimeOf } from '../../../lambda/reports/uptime/uptime.ts';
import { healthy, refused, roundOf } from '../../history/samples.ts';
import { openMachine } from '../machine.ts';

const MINUTE = 60_000;
const policy: Policy = { ...policyDefaults(1), vantages: ['local'], every: MINUTE };
const head = { title: 'Mail servers', url: null, logo: null };

/** A minute in which a round is recorded; `none`: the vantage is silent. */
type Minute = RecordedSample | 'none';

/** What each publication says of mx1, with the cache that is kept, and read anew. */
async function publications(from: string, minutes: readonly Minute[]) {
  const start = Date.parse(from);
  const { clock, table, history, config, ports } = openMachine(start, policy, { targets: [{ id: 'mx1' }] });
  await openWindowStore(table).keep({
    ...{ kind: 'window', id: 'weekly', why: 'Updates', subjects: ['mx1'] },
    ...{ from: start, until: start + 60 * MINUTE },
  });
  const [cache, rounds] = [emptyUptimeCache(), openRecentRounds()];
  const seen: { readonly kept: TargetSnapshot; readonly anew: TargetSnapshot }[] = [];
  for (const [nth, sample] of minutes.entries()) {
    const at = start + nth * MINUTE;
    clock.now = at + 2_000;
    if (sample !== 'none') await history.recordRound(roundOf('local', isoSeconds(at), { mx1: sample }));
    await judge(ports);
    clock.now = at + 5_000;
    const read = async (known: typeof cache) => {
      const { targets } = await readSnapshot(await openReportSource(table, config), rounds, known, head, clock.now);
      const [target] = targets;
      if (target === undefined) throw new Error('mx1 is on the page');
      return target;
    };
    // As on AWS, where the days are read each hour.
    cache.readAt = nth === 0 ? cache.readAt : clock.now;
    seen.push({ kept: await read(cache), anew: await read(emptyUptimeCache()) });
  }
  return seen;
}

const times = (count: number, minute: Minute) => Array.from({ length: count }, () => minute);

test.each<[string, string, readonly Minute[]]>([
  ['a target that is down', '2026-11-26T09:00:00Z', [...times(5, healthy), ...times(20, refused)]],
  ['over midnight', '2026-11-26T23:45:00Z', [...times(5, healthy), ...times(20, refused)]],
  [
    'while the vantage is silent, and after it',
    '2026-11-26T09:00:00Z',
    [...times(5, healthy), ...times(5, refused), ...times(8, 'none'), ...times(8, refused)],
  ],
  ['that recovers', '2026-11-26T09:00:00Z', [...times(5, healthy), ...times(8, refused), ...times(6, healthy)]],
])('%s: the days of each publication are those of the history', async (_, from, minutes) => {
  const seen = await publications(from, minutes);
  for (const { kept, anew } of seen.filter((one) => one.kept.verdict !== 'up')) {
    expect(kept.days.filter(({ up, down }) => up + down > 0)).toEqual(
      anew.days.filter(({ up, down }) => up + down > 0),
    );
    expect([kept.uptime, kept.uptimeOutsidePlanned]).toEqual([anew.uptime, anew.uptimeOutsidePlanned]);
  }
  expect(seen.some(({ kept }) => kept.verdict === 'down')).toBe(true);
});

test('downtime of today grows with each publication', async () => {
  const seen = await publications('2026-11-26T09:00:00Z', [...times(5, healthy), ...times(20, refused)]);
  const down = seen.filter(({ kept }) => kept.verdict === 'down').map(({ kept }) => kept.days.at(-1)?.down ?? 0);
  expect(down).toHaveLength(19);
  for (const [nth, time] of down.entries()) if (nth > 0) expect(time - (down[nth - 1] ?? 0)).toBe(MINUTE);
});

test('a day that has just begun is not called unwatched, also if the target is up and its days are read later', async () => {
  const seen = await publications('2026-11-26T23:50:00Z', times(20, healthy));
  const after = seen.slice(10).map(({ kept, anew }) => [kept.days.at(-1), anew.days.at(-1)] as const);
  expect(after).toHaveLength(10);
  for (const [kept, anew] of after) {
    expect(kept?.date).toBe('2026-11-27');
    expect([kept?.down, kept?.unwatched]).toEqual([0, 0]);
    expect(kept?.up).toBeGreaterThan(0);
    expect(kept?.up).toBeLessThanOrEqual(anew?.up ?? 0);
  }
});

test('nor is time called unwatched of which a large fleet keeps no samples', () => {
  const at = (time: string) => Date.parse(`2026-11-${time}Z`);
  const span = { from: at('26T00:00:00'), to: at('26T23:00:00') };
  const watched = { span, watched: [{ ...span, upFrom: span.from }] };
  const uptime = uptimeOf('mx1', [], watched, null);
  const recent = Array.from({ length: 10 }, (_, nth) => ({
    ...{ vantage: 'local', round: isoSeconds(at('27T00:31:00') + nth * MINUTE), sample: healthy },
  }));
  const status = { target: 'mx1', verdict: 'up' as const, since: null, incident: null, last: new Map(), recent };
  const now = at('27T00:40:05');
  const longer = uptimesUntilNow(new Map([['mx1', uptime]]), [status], policy, now).get('mx1');
  const today = observedTimes(clipStretches(longer?.stretches ?? [], { from: at('27T00:00:00'), to: now }));
  expect(today).toEqual({ up: 9 * MINUTE + 5_000, degraded: 0, down: 0, unwatched: 0 });
});

test('nor is it called up while nobody looks', async () => {
  const seen = await publications('2026-11-26T23:50:00Z', [...times(5, healthy), ...times(10, 'none')]);
  const { kept, anew } = seen.at(-1) ?? {};
  expect(kept?.days.at(-1)).toEqual(anew?.days.at(-1));
  expect(kept?.days.at(-1)?.up).toBe(0);
});
