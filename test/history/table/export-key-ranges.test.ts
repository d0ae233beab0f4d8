import { describe, expect, test } from 'vitest';
import {
  bounceRangesOf,
  domainsNamedBy,
  keyRangesOf,
  namesOfPartitions,
  postureRangesOf,
  progressShare,
  roundTripsNamedBy,
  tripRangesOf,
} from '../../../lambda/history/table/export-key-ranges.ts';
import { targetKey } from '../../../lambda/history/table/keys.ts';
import type { Item } from '../../../lambda/history/table/table.ts';

describe('key ranges', () => {
  const incident = (opened: string, closed: string | null): Item => ({
    pk: 'target#mx1',
    sk: `incident#${opened}`,
    opened,
    closed,
  });
  const [, , incidents] = keyRangesOf([], ['mx1'], '2026-11-20T00:00:00Z', '2026-11-30T00:00:00Z');

  test.each<[string, string | null, boolean]>([
    ['2026-11-01T00:00:00Z', null, true],
    ['2026-11-01T00:00:00Z', '2026-11-20T01:00:00Z', true],
    ['2026-11-01T00:00:00Z', '2026-11-19T00:00:00Z', false],
    ['2026-11-25T00:00:00Z', '2026-11-26T00:00:00Z', true],
  ])('include incidents that overlap the time: from %s to %s', (opened, closed, kept) => {
    const one = incident(opened, closed);
    expect(incidents?.from.localeCompare(one.sk)).toBeLessThan(1);
    expect(incidents?.keeps?.(one)).toBe(kept);
  });

  test.each<[string, string, boolean]>([
    ['2026-11-01T00:00:00Z', '2026-11-20T01:00:00Z', true],
    ['2026-11-01T00:00:00Z', '2026-11-19T00:00:00Z', false],
  ])('include chapters that overlap the time: of the incident from %s, until %s', (opened, to, kept) => {
    const item: Item = { pk: 'target#mx1', sk: targetKey.chapter(opened, 7), to };
    const ranges = keyRangesOf([], ['mx1'], '2026-11-20T00:00:00Z', '2026-11-30T00:00:00Z');
    const range = ranges.filter(({ pk, from, to: end }) => pk === item.pk && from <= item.sk && item.sk <= end);
    expect(range.map(({ keeps }) => keeps?.(item))).toEqual([kept]);
  });

  test.each<[string, string, boolean]>([
    ['posture#example.com', 'eu-west-1#2026-11-25T00:00:00.000Z', true],
    ['posture#example.com', 'eu-west-1#2026-11-30T00:00:00.000Z', true],
    ['posture#example.com', 'eu-west-1#2026-11-19T23:00:00.000Z', false],
    ['posture-watch', 'eu-west-1#2026-11-20', true],
    ['posture-watch', 'eu-west-1#2026-12-01', false],
    ['posture-watch', 'left#eu-west-1', false],
  ])('of posture, %s %s: %s', (pk, sk, kept) => {
    const ranges = postureRangesOf(['example.com'], '2026-11-20T00:00:00Z', '2026-11-30T00:00:00Z');
    const found = ranges.filter((range) => range.pk === pk && range.from <= sk && sk <= range.to);
    expect(found.map(({ keeps }) => keeps?.({ pk, sk }))).toEqual([kept]);
  });

  test.each<[string, string, boolean]>([
    ['bounces', 'slot#2026-11-20T00:00#ses', true],
    ['bounces', 'slot#2026-11-19T23:55#ses', false],
    ['bounces', 'hour#2026-11-20T00#log-1f2e3d4c', true],
    ['bounces', 'hour#2026-11-30T00#ses', true],
    ['bounces', 'hour#2026-11-30T01#ses', false],
    ['bounce-verdicts', '#judged', true],
    ['bounce-verdicts', 'example.com', true],
    ['trip#out', '2026-11-20T00:00:00.000Z', true],
    ['trip#out', '2026-11-19T23:59:59.999Z', false],
    ['trip#out', '2026-11-30T00:00:00.000Z', true],
    ['trip#out', '2026-11-30T00:00:01.000Z', false],
    ['trip#other', '2026-11-25T00:00:00.000Z', false],
    ['trip-mailboxes', '1f2e3d4c', true],
    ['trip-verdicts', 'out', true],
  ])('of bounces and round trips, %s %s: %s', (pk, sk, within) => {
    const [since, until] = ['2026-11-20T00:00:00Z', '2026-11-30T00:00:00Z'];
    const ranges = [...bounceRangesOf(since, until), ...tripRangesOf(['out'], since, until)];
    const found = ranges.filter((range) => range.pk === pk && range.from <= sk && sk <= range.to);
    expect(found).toHaveLength(within ? 1 : 0);
  });

  test('the round trips are those that were told of, and those that ever sent', () => {
    const items: Item[] = [
      { pk: 'trip-verdicts', sk: 'out' },
      { pk: 'trip-mailboxes', sk: '1f2e3d4c', last: { in: 1, out: 2 } },
    ];
    expect(roundTripsNamedBy(items)).toEqual(['in', 'out']);
  });

  test('the domains of posture are those that were told of, and those that were watched', () => {
    const items: Item[] = [
      { pk: 'posture-verdicts', sk: '#judged' },
      { pk: 'posture-verdicts', sk: 'example.com' },
      { pk: 'posture-watch', sk: 'eu#2026-11-20', recent: { 'example.net': 'x', 'example.com': 'x' } },
    ];
    expect(domainsNamedBy(items)).toEqual(['example.com', 'example.net']);
  });

  test('namesOfPartitions reads the names from partition keys', () => {
    expect(namesOfPartitions(['round#us', 'target#mx1', 'verdicts', 'round#eu'])).toEqual({
      vantages: ['eu', 'us'],
      subjects: ['mx1'],
    });
  });

  test.each([
    ['2026-11-22T00:00:00Z', 0],
    ['2026-11-22T12:00:00Z', 0.5],
    ['2026-11-24T00:00:00Z', 1],
    ['hours', 0],
  ])('%s is at %f of its range', (sk, share) => {
    const range = { pk: 'round#eu', from: '1970-01-01T00:00:00Z', to: '2026-11-23T00:00:00Z\uffff' };
    expect(progressShare(sk, '2026-11-22T00:00:00Z', range)).toBe(share);
  });
});
