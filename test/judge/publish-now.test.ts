import { expect, test } from 'vitest';
import { judge } from '../../lambda/judge/judge.ts';
import { judgedNow } from '../../lambda/judge/pass/publish-now.ts';
import type { NowDocument } from '../../web/documents/now.ts';
import { healthy, refused, roundOf } from '../history/samples.ts';
import { target, testPorts } from '../ports.ts';

const targets = ['mx1', 'mx2', 'hidden'].map((id) => target(id, 25));
const page = { statusPage: { access: 'public', show: { hidden: 'none' } } } as const;

/** A pass of the judge over one round of each vantage. */
async function pass(publishNow: (now: NowDocument) => Promise<void>) {
  const { ports, history } = testPorts(targets, page);
  const round = `${new Date(Date.now() - (Date.now() % 60_000)).toISOString().slice(0, 19)}Z`;
  for (const vantage of ports.config.policy.vantages.slice(0, 2))
    await history.recordRound(roundOf(vantage, round, { mx1: healthy, mx2: refused, hidden: healthy }));
  return { round, report: await judge({ ...ports, publishNow }) };
}

test('a pass publishes the newest round, each vantage and each verdict that is shown', async () => {
  const published: NowDocument[] = [];
  const { round } = await pass(async (now) => void published.push(now));
  expect(published).toHaveLength(1);
  expect(published[0]).toMatchObject({
    newestRound: round,
    vantages: [
      { vantage: 'us-east-1', lastRound: round },
      { vantage: 'eu-west-1', lastRound: round },
      { vantage: 'sa-east-1', lastRound: null },
    ],
  });
  expect(Object.keys(published[0]?.verdicts ?? {})).toEqual(['mx1', 'mx2']);
  expect(JSON.stringify(published)).not.toContain('hidden');
});

test('it has as many verdicts without a history, and says which vantage is blind', () => {
  const { ports } = testPorts(targets, page);
  const now = judgedNow(ports, [], new Map([['vantage/eu-west-1', { verdict: 'down' }]]));
  expect(now).toMatchObject({ newestRound: null, verdicts: { mx1: 'unknown', mx2: 'unknown' } });
  expect(now.vantages.map(({ blind }) => blind)).toEqual([false, true, false]);
});

test('a round that is ahead of the clock is not the newest one', () => {
  const { ports } = testPorts(targets, page);
  const at = Date.parse('2026-11-26T09:12:00Z');
  const rounds = ['2026-11-26T09:11:00Z', '2027-11-26T09:11:00Z'].map((round) => ({ vantage: 'eu-west-1', round }));
  const now = judgedNow({ ...ports, now: () => at }, rounds, new Map());
  expect(now.newestRound).toBe('2026-11-26T09:11:00Z');
  expect(now.vantages[1]?.lastRound).toBe('2026-11-26T09:11:00Z');
});

test('without a page the pass is the same', async () => {
  const { report } = await pass(async () => {});
  const { ports } = testPorts(targets, page);
  expect(report.failed).toEqual([]);
  expect((await judge(ports)).failed).toEqual([]);
});
