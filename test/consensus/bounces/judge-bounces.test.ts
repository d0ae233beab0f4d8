import { describe, expect, test } from 'vitest';
import { alertTexts } from '../../../lambda/alert/words/alert-texts.ts';
import { type BounceCounts, countOutcome } from '../../../lambda/bounces/counts.ts';
import type { DeliveryOutcome } from '../../../lambda/bounces/outcome.ts';
import { BOUNCE_POLICY } from '../../../lambda/consensus/bounces/bounce-policy.ts';
import type { BounceVerdict } from '../../../lambda/consensus/bounces/bounce-verdict.ts';
import { judgeBounceRates, withdrawBounces } from '../../../lambda/consensus/bounces/judge-bounces.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse('2026-11-26T09:12:00Z');
const TEXT = '550 5.7.515 Access denied, sending domain example.com does not meet the required authentication level';

interface Mail extends Partial<DeliveryOutcome> {
  /** Minutes after the start. */
  readonly after: number;
  readonly count: number;
}

/** A world with mail that is counted as time goes by, and one judge. */
function world(policy = BOUNCE_POLICY) {
  const counts: BounceCounts = new Map();
  let verdict: BounceVerdict | null = null;
  const told: string[] = [];
  const judge = (minutes: number) => {
    verdict = judgeBounceRates({
      domain: 'example.com',
      previous: verdict,
      counts,
      policy,
      now: START + minutes * MINUTE,
    });
    const fresh = (verdict?.owed ?? []).slice(told.length);
    told.push(...fresh.map((alert) => alertTexts(alert, context).default));
    return verdict;
  };
  const send = ({ after, count, ...given }: Mail) => {
    const base = {
      kind: 'delivered',
      from: 'example.com',
      provider: 'Google',
      code: '2.0.0',
      text: '',
      delay: 1,
    } as const;
    for (let nth = 0; nth < count; nth += 1) countOutcome(counts, { ...base, at: START + after * MINUTE, ...given });
  };
  return { counts, send, judge, told, verdict: () => verdict };
}

const context = { name: 'smtp-quorum', home: 'local', targets: [] };
const refused = { kind: 'bounced', provider: 'Microsoft', code: '5.7.515', text: TEXT } as const;

test('a provider that begins to refuse is told once, with its code, and once as over', () => {
  const { send, judge, told, verdict } = world();
  send({ after: -60, count: 500 });
  send({ after: -50, count: 2, kind: 'bounced', code: '5.1.1' });
  judge(-40);
  expect(verdict()).toBeNull();
  send({ after: 0, count: 41, ...refused });
  send({ after: 1, count: 19, provider: 'Microsoft' });
  send({ after: 1, count: 500 });
  send({ after: 1, count: 2, kind: 'bounced', code: '5.1.1' });
  for (const minute of [2, 3, 7, 30, 300, 1439]) judge(minute);
  expect(told).toEqual([
    'example.com: Microsoft began 5.7.515 at 09:12 UTC: 41 of 60 bounced in the last hour; others 0.4 %',
  ]);
  judge(24 * 60 + 10);
  expect(told.slice(1)).toEqual([
    'example.com: bounces at Microsoft are over: no mail was sent in the last day; it lasted 1 d, from 2026-11-26 09:12 UTC',
  ]);
  expect(verdict()).toMatchObject({ rates: [], episode: null, alerts: 2 });
  expect(judge(24 * 60 + 20)).toBe(judge(24 * 60 + 30));
});

test('its e-mail has the rate, the example and what to do, and its JSON the rates', () => {
  const { send, judge } = world();
  send({ after: 0, count: 41, ...refused });
  send({ after: 1, count: 19, provider: 'Microsoft' });
  const [alert] = judge(2)?.owed ?? [];
  if (alert === undefined) throw new Error('nothing was told');
  const { email, subject, sms, https } = alertTexts(alert, context);
  expect(subject).toBe('[smtp-quorum] BOUNCES example.com: Microsoft 5.7.515, 68 %');
  expect(email).toContain('rate:       41 of 60 in the last hour (68 %), limit 2 %');
  expect(email).toContain(`example:    ${TEXT}`);
  expect(email).toContain('what to do: The domain in From must pass SPF, DKIM and DMARC');
  expect(email).toContain('Decision: 68 % (41 of 60) in the last hour is at or above 2 %');
  expect(email).toContain('npx smtp-quorum report');
  expect(sms).toBe('example.com: Microsoft began 5.7.515 at 09:12 UTC: 41 of 60 bounced in the last hour');
  expect(JSON.parse(https)).toMatchObject({
    kind: 'bounces',
    subject: 'example.com',
    bounces: {
      rates: [{ provider: 'Microsoft', count: 41, total: 60, codes: [{ code: '5.7.515', count: 41 }] }],
      more: 0,
    },
    truncated: false,
  });
});

describe('what is told', () => {
  const cases: readonly [string, readonly Mail[], readonly number[], readonly string[]][] = [
    [
      'nothing below the limits',
      [
        { after: 0, count: 999 },
        { after: 0, count: 9, ...refused, provider: 'Google' },
      ],
      [1, 61],
      [],
    ],
    ['nothing of fewer than 50', [{ after: 0, count: 49, ...refused }], [1], []],
    [
      'a failure at once, if the warning was not judged',
      [
        { after: 0, count: 985 },
        { after: 0, count: 15, ...refused, provider: 'Google' },
        { after: 5, count: 20, ...refused, provider: 'Google' },
      ],
      [6],
      ['example.com: Google began 5.7.515 at 09:12 UTC: 35 of 1020 bounced in the last hour'],
    ],
    [
      'all providers together, if no single one explains it',
      Array.from({ length: 10 }, (_, nth): readonly Mail[] => [
        { after: 0, count: 9, provider: `p${nth}.example.net` },
        { after: 0, count: 1, ...refused, provider: `p${nth}.example.net` },
      ]).flat(),
      [1],
      ['example.com: 10 of 100 bounced in the last hour, 10 of them with 5.7.515, from 09:12 UTC on'],
    ],
    [
      'complaints',
      [
        { after: 0, count: 2000 },
        { after: 0, count: 4, kind: 'complained' },
      ],
      [1],
      ['example.com: 4 of 2000 recipients at Google complained in the last hour (0.2 %)'],
    ],
    [
      'no single complaint of few',
      [
        { after: 0, count: 200 },
        { after: 0, count: 2, kind: 'complained' },
      ],
      [1],
      [],
    ],
    [
      'deferrals and rejects are no bounces',
      [
        { after: 0, count: 60, kind: 'deferred', code: '4.2.2' },
        { after: 0, count: 60, kind: 'rejected' },
      ],
      [1],
      [],
    ],
    ['mail of another domain', [{ after: 0, count: 60, ...refused, from: 'example.org' }], [1], []],
  ];
  test.each(cases)('%s', (_, mails, minutes, expected) => {
    const { send, judge, told } = world();
    for (const mail of mails) send(mail);
    for (const minute of minutes) judge(minute);
    expect(told).toEqual(expected);
  });

  test('a warning, then a failure, then neither again', () => {
    const { send, judge, told, verdict } = world();
    send({ after: 0, count: 985 });
    send({ after: 0, count: 15, ...refused, provider: 'Google' });
    judge(1);
    send({ after: 5, count: 20, ...refused, provider: 'Google' });
    for (const minute of [6, 7, 120, 600]) judge(minute);
    expect(told).toHaveLength(2);
    expect(verdict()?.rates).toMatchObject([{ provider: 'Google', outcome: 'fail' }]);
  });

  test('a rate at the limit is not told again and again', () => {
    const { send, judge, told } = world();
    send({ after: 0, count: 980 });
    send({ after: 0, count: 20, ...refused, provider: 'Google' });
    judge(1);
    // 1.98 %, 1.85 % and back: still open, as it is not below 0.8 %.
    for (let after = 10; after < 200; after += 10) {
      send({ after, count: after % 20 === 0 ? 60 : 1, provider: 'Google' });
      judge(after);
    }
    expect(told).toHaveLength(1);
  });

  test('a provider that comes to stand out takes the place of all together', () => {
    const { send, judge, told, verdict } = world();
    for (let nth = 0; nth < 10; nth += 1) send({ after: 0, count: 6, ...refused, provider: `p${nth}.example.net` });
    judge(1);
    expect(verdict()?.rates).toMatchObject([{ provider: null }]);
    send({ after: 2, count: 60, ...refused });
    judge(3);
    expect(verdict()?.rates).toMatchObject([{ provider: 'Microsoft' }]);
    expect(told).toHaveLength(2);
    expect(told[1]).toContain('Microsoft began 5.7.515');
  });
});

test('two judges with the same input add the same alerts', () => {
  const [one, other] = [world(), world()];
  for (const { send } of [one, other]) send({ after: 0, count: 60, ...refused });
  expect(one.judge(1)).toEqual(other.judge(1));
});

test('without `bounces` in the config, what is open is withdrawn once, and comes back under another number', () => {
  const { send, judge } = world();
  send({ after: 0, count: 60, ...refused });
  const open = judge(1);
  if (open === null) throw new Error('nothing was told');
  const gone = withdrawBounces(open, BOUNCE_POLICY, START + 2 * MINUTE);
  expect(gone).toMatchObject({ rates: [], episode: null, isGone: true, alerts: 2 });
  expect(gone.owed.map(({ kind, reason }) => [kind, reason])).toEqual([
    ['bounces', '100 % (60 of 60) in the last hour is at or above 2 %'],
    ['bounces-over', 'withdrawn: the config no longer has `bounces`'],
  ]);
  expect(withdrawBounces(gone, BOUNCE_POLICY, START + HOUR)).toBe(gone);
  const { counts } = { counts: world().counts };
  expect(
    judgeBounceRates({ domain: 'example.com', previous: gone, counts, policy: BOUNCE_POLICY, now: START }),
  ).toMatchObject({ alerts: 2, rates: [] });
});
