import { describe, expect, test } from 'vitest';
import { deliveryKey } from '../../../lambda/alert/delivery/delivery.ts';
import { countOutcome } from '../../../lambda/bounces/counts.ts';
import { BOUNCE_POLICY } from '../../../lambda/consensus/bounces/bounce-policy.ts';
import { judgeBounceRates, withdrawBounces } from '../../../lambda/consensus/bounces/judge-bounces.ts';
import { alertTime } from '../../../lambda/consensus/judgement/alert-time.ts';
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import { withdrawPosture } from '../../../lambda/consensus/posture/judge-posture.ts';
import { judgeTrip } from '../../../lambda/consensus/trips/judge-trip.ts';
import type { RoundTripVerdict } from '../../../lambda/consensus/trips/round-trip-verdict.ts';

const START = Date.parse('2026-11-26T13:00:00Z');
const MINUTE = 60_000;
const BEHIND = 4 * MINUTE;

test.each([
  ['the first', null, '2026-11-26T13:00:00Z'],
  ['the clocks agree', '2026-11-26T12:59:59Z', '2026-11-26T13:00:00Z'],
  ['in the same second', '2026-11-26T13:00:00Z', '2026-11-26T13:00:01Z'],
  ['the clock of this judge is behind', '2026-11-26T13:05:00Z', '2026-11-26T13:05:01Z'],
  ['the clock of the last judge was wrong', '2026-11-26T13:05:01Z', '2026-11-26T13:00:00Z'],
])('%s', (_, last, expected) => {
  expect(alertTime(last, '2026-11-26T13:00:00Z')).toBe(expected);
});

describe('the clock of the second judge is behind: its alert is delivered after that of the first', () => {
  test('of a round trip', () => {
    const kinds = ['fail', 'fail', 'pass', 'pass'] as const;
    const verdict = kinds.reduce<RoundTripVerdict | null>((previous, outcome, nth) => {
      const ended = { id: `trip-${nth}`, at: START + nth * MINUTE, vantage: `${nth}`, outcome, findings: [] };
      const now = START + 5 * MINUTE - (outcome === 'pass' ? BEHIND : 0);
      return judgeTrip({ trip: 'out', previous, ended, vantages: 2, now });
    }, null);
    expectOrder(verdict?.owed, ['trip', 'trip-over']);
  });

  test('of bounces', () => {
    const counts = new Map();
    const refused = {
      kind: 'bounced',
      from: 'example.com',
      provider: 'Google',
      code: '5.7.1',
      text: '',
      delay: 1,
    } as const;
    for (let nth = 0; nth < 200; nth += 1) countOutcome(counts, { ...refused, at: START });
    const question = { domain: 'example.com', previous: null, counts, policy: BOUNCE_POLICY, now: START + MINUTE };
    const verdict = judgeBounceRates(question);
    if (verdict === null) throw new Error('nothing is told');
    expectOrder(withdrawBounces(verdict, BOUNCE_POLICY, question.now - BEHIND).owed, ['bounces', 'bounces-over']);
  });

  test('of posture: a listing and another finding are withdrawn', () => {
    const at = '2026-11-26T13:00:00Z';
    const finding = {
      subject: 'example.com',
      detail: 'x',
      since: at,
      state: 'told',
      turned: at,
      isPresent: true,
    } as const;
    const rest = { ...finding, tellings: [], flapping: false } as const;
    const verdict = {
      ...{ domain: 'example.com', since: at, undecided: false, alerts: 2, lastAlert: at, owed: [], episodes: {} },
      findings: [
        { ...rest, kind: 'listed', area: 'dnsbl', code: 'dnsbl-listed' },
        { ...rest, kind: 'posture', area: 'spf', code: 'spf-missing' },
      ],
    } as const;
    const { owed } = withdrawPosture(verdict, START - BEHIND);
    expectOrder(owed, ['delisted', 'posture-over']);
    expect(owed.map((alert) => alert.at)).toEqual(['2026-11-26T13:00:01Z', '2026-11-26T13:00:02Z']);
  });
});

function expectOrder(owed: readonly Alert[] | undefined, kinds: readonly Alert['kind'][]) {
  const ordered = [...(owed ?? [])].sort((a, b) => (deliveryKey(a) < deliveryKey(b) ? -1 : 1));
  expect([owed, ordered].map((alerts) => alerts?.map(({ kind }) => kind))).toEqual([kinds, kinds]);
}
