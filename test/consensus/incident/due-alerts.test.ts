import { describe, expect, test } from 'vitest';
import { withdrawTarget } from '../../../lambda/consensus/incident/withdraw.ts';
import { judgeTarget } from '../../../lambda/consensus/judge-target.ts';
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import type { Judgement } from '../../../lambda/consensus/judgement/judgement-state.ts';
import { MINUTE, policyOf, rounds, START } from '../samples.ts';

const policy = policyOf(['a', 'b', 'c'], { secondOpinion: false });

/** Judges after each minute; every vantage has the same row of letters. `off` are minutes without a judge. */
function judgeRow(row: string, { stored = null as Judgement | null, from = 0, off = [] as readonly number[] } = {}) {
  const alerts: Alert[] = [];
  let judgement = stored;
  for (let minute = from; minute < row.length; minute += 1) {
    if (off.includes(minute)) continue;
    const observations = policy.vantages.flatMap((vantage) => rounds(vantage, row.slice(0, minute + 1)));
    const now = START + minute * MINUTE + 5000;
    const next: Judgement = judgeTarget({ target: 'mx1', previous: judgement, observations, policy, now });
    alerts.push(...next.owed);
    judgement = { ...next, owed: [] };
  }
  return { alerts, judgement, texts: alerts.map(alertText) };
}

const alertText = ({ at, kind, was, is }: Alert) => `${at.slice(11, 16)} ${kind}: ${was} -> ${is}`;

describe('a target without a verdict from the start is reported', () => {
  test.each<[string, string, string[]]>([
    ['`silence` rounds after its first round', 'uuuuuuuu', ['12:02 unknown: unknown -> unknown']],
    [
      'after the first round of any vantage, not after the deployment',
      '.....uuuuuuu',
      ['12:07 unknown: unknown -> unknown'],
    ],
    ['half an hour later without a round', '.'.repeat(40), ['12:32 unknown: unknown -> unknown']],
    ['not, if it is up in time', 'uupppp', []],
    [
      'and its first verdict is reported as its recovery',
      'uuuupp',
      ['12:02 unknown: unknown -> unknown', '12:04 recovered: unknown -> up'],
    ],
    ['as down, if that is its first verdict', 'ffffff', ['12:01 down: unknown -> down']],
  ])('%s: %s', (_, row, expected) => expect(judgeRow(row).texts).toEqual(expected));

  test('and its incident begins with its first round', () => {
    expect(judgeRow('...uuuuu').judgement?.incident).toMatchObject({
      opened: '2026-11-22T12:03:05Z',
      verdict: 'unknown',
    });
  });

  test('again after it was withdrawn and added again', () => {
    const gone = withdrawTarget(judgeRow('uuuuu').judgement as Judgement, START + 5 * MINUTE);
    const again = judgeRow(`${'.'.repeat(60)}uuuuu`, { stored: { ...gone, owed: [] }, from: 58 });
    expect(again.texts).toEqual(['13:02 unknown: unknown -> unknown']);
  });
});

describe('an alert says what people were told last', () => {
  const hour = '.'.repeat(60);
  const off = Array.from({ length: 60 }, (_, minute) => minute + 5);
  test.each<[string, string, string[]]>([
    ['up, before the monitor was off', `ppppp${hour}.ffff`, ['13:07 down: up -> down']],
    [
      'down, before the monitor was off',
      `ppfff${hour}.pppp`,
      ['12:03 down: up -> down', '13:06 recovered: down -> up'],
    ],
    ['unknown', `pppp....ffff`, ['12:08 unknown: up -> unknown', '12:09 down: unknown -> down']],
  ])('%s', (_, row, expected) => expect(judgeRow(row, { off: row.includes(hour) ? off : [] }).texts).toEqual(expected));
});

describe('a target that flaps', () => {
  const flaps = 'ppff'.repeat(5);
  const flapped = judgeRow(flaps).texts;

  test('is reported as flapping after six alerts in an hour', () => {
    expect(flapped).toHaveLength(7);
    expect(flapped.at(-1)).toBe('12:15 flapping: up -> down');
  });

  test.each<[string, string, string[]]>([
    ['is paged when it is down for five minutes without a break', 'ffffff', ['down: down -> down']],
    ['is not paged when it is down for four', 'fffpp', []],
    ['is paged once', 'f'.repeat(40), ['down: down -> down']],
    ['is not paged when a recovery is in between', 'fffpp'.repeat(4), []],
    ['recovers after a page', `${'f'.repeat(8)}pp`, ['down: down -> down', 'recovered: down -> up']],
    [
      'is flapping again with the next change within the hour',
      `${'f'.repeat(8)}ppffpp`,
      ['down: down -> down', 'recovered: down -> up', 'flapping: up -> down'],
    ],
    ['is not up until half an hour without a change', `ppp${'p'.repeat(24)}`, []],
    ['is up after half an hour without a change', `pp${'p'.repeat(40)}`, ['recovered: down -> up']],
  ])('%s', (_, rest, expected) => {
    const later = judgeRow(flaps + rest).texts.slice(flapped.length);
    expect(later.map((text) => text.slice('12:00 '.length))).toEqual(expected);
  });
});
