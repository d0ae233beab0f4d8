import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TripHop } from '../../../lambda/trip/hops/trip-hop.ts';
import { TRIP_CODES } from '../../../lambda/trip/verdict/trip-codes.ts';
import type { TripArrival, TripState } from '../../../lambda/trip/verdict/trip-state.ts';
import { tripVerdict } from '../../../lambda/trip/verdict/trip-verdict.ts';

const start = Date.parse('2026-11-26T14:00:00Z');
const at = (seconds: number) => start + seconds * 1_000;

const hop: TripHop = {
  host: 'mx.example.net',
  from: 'mail.example.com',
  fromAddress: '192.0.2.1',
  protocol: 'ESMTPS',
  tls: true,
  acceptedByUs: false,
  id: 'ABC12345',
  at: at(2),
  delay: 2_000,
  clocksDisagree: false,
  plaintext: false,
};

function arrival(changes: Partial<TripArrival> = {}): TripArrival {
  const results = { spf: 'pass', dkim: 'pass', dmarc: 'pass' };
  return { seen: at(3), absent: null, folder: 'inbox', hops: [hop], results, alterations: [], ...changes };
}

/** A second copy: a host took it again. */
const other = (changes: Partial<TripArrival> = {}) => arrival({ hops: [{ ...hop, id: 'DEF67890' }], ...changes });

const healthy: TripState = {
  limits: { warn: 60_000, fail: 300_000 },
  expect: { folder: 'inbox', spf: 'pass', dkim: 'pass', dmarc: 'pass', tls: true, unchanged: true },
  sending: { outcome: 'accepted', began: start, at: start, reply: '2.0.0 Ok: queued as ABC12345' },
  read: at(3),
  readFailure: null,
  arrivals: [arrival()],
};

const accepted = { ...healthy, arrivals: [] };
const footer = { code: 'text-footer', detail: 'Confidential' } as const;

const CASES: readonly (readonly [name: string, state: TripState, now: number, codes: readonly string[]])[] = [
  ['all as expected', healthy, 3, ['arrived']],
  [
    'refused',
    { ...accepted, sending: { outcome: 'refused', at: start, phase: 'rcpt', reply: '550 no' } },
    1,
    ['not-accepted'],
  ],
  [
    'the vantage could not send',
    { ...accepted, sending: { outcome: 'unable', at: start, phase: 'connect', reply: '' } },
    1,
    ['not-sent'],
  ],
  ['on its way', { ...accepted, read: at(100) }, 100, []],
  ['on its way, the mailbox cannot be read', { ...accepted, readFailure: 'connect' }, 100, []],
  ['due, and not read since', { ...accepted, read: at(290) }, 301, []],
  ['due, and not there', { ...accepted, read: at(300) }, 301, ['not-arrived']],
  [
    'due, and the mailbox cannot be read',
    { ...accepted, read: at(290), readFailure: 'auth' },
    301,
    ['receiver-unreachable'],
  ],
  ['due, never read', { ...accepted, read: null, readFailure: 'tls' }, 400, ['receiver-unreachable']],
  [
    'not there, and the mailbox cannot be read any more',
    { ...accepted, read: at(305), readFailure: 'auth' },
    400,
    ['not-arrived'],
  ],
  ['slow', { ...healthy, arrivals: [arrival({ seen: at(61), hops: [] })] }, 61, ['slow']],
  ['at the limit', { ...healthy, arrivals: [arrival({ seen: at(60), hops: [] })] }, 60, ['arrived']],
  ['late', { ...healthy, arrivals: [arrival({ seen: at(301), hops: [] })] }, 301, ['late']],
  [
    'late after it was given up',
    { ...healthy, read: at(900), arrivals: [arrival({ seen: at(900), absent: at(870) })] },
    900,
    ['late'],
  ],
  [
    'in time, seen after the mailbox could be read again',
    { ...healthy, arrivals: [arrival({ seen: at(900), absent: null })] },
    900,
    ['arrived'],
  ],
  [
    'the clock of the last host is behind',
    { ...healthy, arrivals: [arrival({ seen: at(900), absent: at(870), hops: [{ ...hop, at: at(-500) }] })] },
    900,
    ['late'],
  ],
  [
    'the clock of the last host is behind, and the mailbox was not read before: nothing shows that it is late',
    { ...healthy, arrivals: [arrival({ seen: at(900), hops: [{ ...hop, at: at(-60) }] })] },
    900,
    ['arrived'],
  ],
  [
    'the clock of the last host is ahead of what was seen, and the mailbox was not read before',
    { ...healthy, arrivals: [arrival({ seen: at(900), hops: [{ ...hop, at: at(1_000) }] })] },
    900,
    ['arrived'],
  ],
  [
    'the clock of the last host is ahead, and the mailbox was read without it when it was due',
    { ...healthy, arrivals: [arrival({ seen: at(900), absent: at(301), hops: [{ ...hop, at: at(1_000) }] })] },
    900,
    ['late'],
  ],
  [
    'it came within the second in which the mailbox was read without it',
    { ...healthy, arrivals: [arrival({ seen: at(900), absent: at(2.9) })] },
    900,
    ['arrived'],
  ],
  [
    'the last host counts in seconds',
    { ...healthy, arrivals: [arrival({ seen: at(900), hops: [{ ...hop, at: at(-0.9) }] })] },
    900,
    ['arrived'],
  ],
  [
    'the clock of the last host is ahead',
    { ...healthy, arrivals: [arrival({ hops: [{ ...hop, at: at(5_000) }] })] },
    3,
    ['arrived'],
  ],
  ['junk', { ...healthy, arrivals: [arrival({ folder: 'junk' })] }, 3, ['junked']],
  ['another folder', { ...healthy, arrivals: [arrival({ folder: 'elsewhere' })] }, 3, ['misfiled']],
  [
    'junk, as expected',
    { ...healthy, expect: { folder: 'junk' }, arrivals: [arrival({ folder: 'junk' })] },
    3,
    ['arrived'],
  ],
  [
    'DKIM failed',
    { ...healthy, arrivals: [arrival({ results: { spf: 'pass', dkim: 'fail', dmarc: 'pass' } })] },
    3,
    ['authentication-failed'],
  ],
  ['no results', { ...healthy, arrivals: [arrival({ results: {} })] }, 3, ['authentication-unknown']],
  [
    'plain text',
    { ...healthy, arrivals: [arrival({ hops: [{ ...hop, tls: false, plaintext: true }] })] },
    3,
    ['plaintext-hop'],
  ],
  [
    'plain text, not judged',
    { ...healthy, expect: {}, arrivals: [arrival({ hops: [{ ...hop, plaintext: true }] })] },
    3,
    ['arrived'],
  ],
  ['altered', { ...healthy, arrivals: [arrival({ alterations: [footer] })] }, 3, ['altered']],
  ['altered, not judged', { ...healthy, expect: {}, arrivals: [arrival({ alterations: [footer] })] }, 3, ['arrived']],
  [
    'encoded otherwise',
    { ...healthy, arrivals: [arrival({ alterations: [{ code: 're-encoded', detail: '' }] })] },
    3,
    ['arrived'],
  ],
  ['twice', { ...healthy, arrivals: [arrival(), other()] }, 3, ['duplicated']],
  [
    'twice, the second in junk',
    { ...healthy, arrivals: [arrival(), other({ folder: 'junk' })] },
    3,
    ['junked', 'duplicated'],
  ],
  ['one copy in two folders', { ...healthy, arrivals: [arrival({ folder: 'elsewhere' }), arrival()] }, 3, ['arrived']],
  [
    'one copy in two folders, neither expected',
    { ...healthy, arrivals: [arrival({ folder: 'elsewhere' }), arrival({ folder: 'junk' })] },
    3,
    ['misfiled'],
  ],
  [
    'two copies without trace fields',
    { ...healthy, arrivals: [arrival({ hops: [] }), arrival({ hops: [] })] },
    3,
    ['duplicated'],
  ],
  [
    'much at once, worst first',
    {
      ...healthy,
      arrivals: [
        arrival({
          seen: at(400),
          hops: [{ ...hop, plaintext: true, at: null }],
          folder: 'junk',
          results: { spf: 'fail' },
          alterations: [footer],
        }),
      ],
    },
    400,
    ['late', 'authentication-failed', 'plaintext-hop', 'junked', 'altered', 'authentication-unknown'],
  ],
];

describe('the verdict of a trip', () => {
  test.each(CASES)('%s', (_, state, now, codes) => {
    const { outcome, findings } = tripVerdict(state, at(now));
    expect(findings.map(({ code }) => code)).toEqual(codes);
    const [first] = findings;
    expect(outcome).toBe(first === undefined ? null : TRIP_CODES[first.code].outcome);
  });

  test('every code comes up, with a meaning and a hint that are sentences', () => {
    const seen = new Set<string>(CASES.flatMap(([, , , codes]) => codes));
    expect(Object.keys(TRIP_CODES).filter((code) => !seen.has(code))).toEqual([]);
    for (const { meaning, hint } of Object.values(TRIP_CODES)) expect(`${meaning} ${hint}`).toMatch(/^[A-Z].*\.$/);
  });

  test('the table is in the order of outcomes', () => {
    const order = ['fail', 'warn', 'unable', 'pass'];
    const ranks = Object.values(TRIP_CODES).map(({ outcome }) => order.indexOf(outcome));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  });

  test('details name phase, figures, hosts and codes', () => {
    const details = CASES.map(([name, state, now]) => [
      name,
      tripVerdict(state, at(now)).findings.map(({ detail }) => detail),
    ]);
    expect(Object.fromEntries(details)).toMatchObject({
      refused: ['phase rcpt: 550 no'],
      'due, and not there': ['not in the mailbox after 300 s'],
      'late after it was given up': ['870 s, limit 300 s'],
      'plain text': ['from mail.example.com to mx.example.net'],
      altered: ['text-footer'],
      'DKIM failed': ['dkim=fail, expected pass'],
    });
  });

  test('the total is from acceptance to the mailbox, also below zero', () => {
    expect(tripVerdict(healthy, at(3)).total).toBe(3_000);
    expect(tripVerdict({ ...healthy, arrivals: [arrival({ seen: at(-1) })] }, at(3)).total).toBe(-1_000);
    expect(tripVerdict({ ...accepted, read: at(300) }, at(301)).total).toBeNull();
  });

  test('nothing from the wire reaches a detail as it came', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const refused = tripVerdict(
          { ...accepted, sending: { outcome: 'refused', at: start, phase: 'data', reply: text } },
          at(1),
        );
        const arrived = tripVerdict(
          {
            ...healthy,
            arrivals: [
              arrival({
                results: { spf: text, dkim: 'pass', dmarc: 'pass' },
                hops: [{ ...hop, from: text, plaintext: true }],
              }),
            ],
          },
          at(3),
        );
        for (const { detail } of [...refused.findings, ...arrived.findings])
          expect(detail).toMatch(/^[^\p{Cc}\p{Cf}]{0,300}$/u);
      }),
    );
  });

  test('it survives being stored', () => {
    for (const [, state, now] of CASES) {
      expect(tripVerdict(JSON.parse(JSON.stringify(state)), at(now))).toEqual(tripVerdict(state, at(now)));
    }
  });
});

test('a clock that is behind makes no message late, and no message in time that was missed when it was due', () => {
  const seconds = (max: number) => fc.integer({ min: 0, max });
  fc.assert(
    fc.property(seconds(900), seconds(3_600), seconds(900), seconds(900), (true_, behind, lookBefore, wait) => {
      const delivered = true_ + 0.5;
      const absent = lookBefore <= delivered ? at(lookBefore) : null;
      const hops = [{ ...hop, at: at(true_ - behind) }];
      const found = arrival({ seen: at(delivered + wait), absent, hops });
      const [first] = tripVerdict({ ...healthy, arrivals: [found] }, found.seen).findings;
      if (delivered <= 300) expect(first?.code).not.toBe('late');
      if (absent !== null && lookBefore > 301) expect(first?.code).toBe('late');
    }),
  );
});

test.each([
  ['the mailbox was read later', at(3), { host: 'mail.example.com', next: 'mx.example.net', least: 49_000 }],
  ['the mailbox was read without it', at(570), { host: 'mx.example.net', next: null, least: 520_000 }],
  ['it may have been there soon', at(90), { host: 'mail.example.com', next: 'mx.example.net', least: 49_000 }],
])('where the time went: %s', (_, absent, longest) => {
  const hops = [
    { ...hop, host: 'mail.example.com', at: at(1) },
    { ...hop, at: at(50) },
  ];
  const late = { ...healthy, arrivals: [arrival({ seen: at(600), absent, hops })] };
  expect(tripVerdict(late, at(600))).toMatchObject({ total: 600_000, longest });
});
