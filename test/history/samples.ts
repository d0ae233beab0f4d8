/** Samples for tests: a healthy one, a refused one, and arbitrary ones. */
import fc from 'fast-check';
import type { RecordedSample, Round } from '../../lambda/history/packing/recorded-round.ts';
import { roundMilliseconds, sumOfTimings } from '../../lambda/history/packing/round-packing.ts';
import type { Outcome, Phase, TimedPhase } from '../../lambda/smtp/sample/sample.ts';

const starttlsOrder: readonly TimedPhase[] = [
  'dns',
  'connect',
  'greeting',
  'ehlo',
  'starttls',
  'tls',
  'ehlo2',
  'auth',
  'mail',
  'rcpt',
  'data',
  'quit',
];
const tlsOrder: readonly TimedPhase[] = [
  'dns',
  'connect',
  'tls',
  'greeting',
  'ehlo',
  'auth',
  'mail',
  'rcpt',
  'data',
  'quit',
];

export const healthy: RecordedSample = {
  outcome: 'pass',
  phase: null,
  code: null,
  reply: null,
  detail: null,
  timings: { dns: 3.2, connect: 12, greeting: 31, ehlo: 12, starttls: 12, tls: 28, ehlo2: 13, quit: 12 },
  total: 111,
  address: '198.51.100.24',
  transcript: [],
};

export const refused: RecordedSample = {
  outcome: 'fail',
  phase: 'greeting',
  code: 'greeting-refused',
  reply: '554 5.7.1 no service here',
  detail: 'greeting 554 after 31 ms',
  timings: { dns: 3.2, connect: 12, greeting: 31 },
  total: 46,
  address: '198.51.100.24',
  transcript: ['S: 554 5.7.1 no service here', 'C: QUIT', 'S: 221 2.0.0 bye'],
};

export function roundOf(vantage: string, round: string, samples: Readonly<Record<string, RecordedSample>>): Round {
  return { vantage, round, samples: new Map(Object.entries(samples)) };
}

const milliseconds = fc
  .double({ min: 0, max: 60_000, noNaN: true })
  .map(roundMilliseconds)
  .map((time) => time + 0);

const timings = fc
  .tuple(
    fc.constantFrom(starttlsOrder, tlsOrder),
    fc.integer({ min: 0, max: 12 }),
    fc.array(milliseconds, { minLength: 12, maxLength: 12 }),
  )
  .map(([order, reached, times]) =>
    Object.fromEntries(order.slice(0, reached).map((phase, index) => [phase, times[index] ?? 0])),
  );

const line = fc.string({ unit: 'grapheme', maxLength: 60 });
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

/** The total is the sum of the timings, or differs so much that it is written. */
const measured = fc
  .tuple(
    timings,
    orNull(fc.oneof(fc.ipV4(), fc.ipV6())),
    fc.oneof(fc.constant(0), fc.integer({ min: 10, max: 20_000 })),
  )
  .map(([all, address, more]) => {
    const sum = sumOfTimings(all);
    return { timings: all, address, total: more === 0 ? sum : roundMilliseconds(sum * 1.02 + more) };
  });

const passed = measured.map((sample): RecordedSample => ({ ...healthy, ...sample }));

const found = fc
  .record({
    outcome: fc.constantFrom<Outcome>('warn', 'fail', 'unable'),
    phase: orNull(fc.constantFrom<Phase>('dns', 'connect', 'tls', 'certificate', 'rcpt')),
    code: orNull(line),
    reply: orNull(line),
    detail: orNull(line),
    transcript: fc.array(line, { maxLength: 8 }),
  })
  .chain((finding) => measured.map((sample): RecordedSample => ({ ...sample, ...finding })));

const more = fc.record(
  {
    threshold: fc.string({ minLength: 1 }),
    facts: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), line, { minKeys: 1 }),
  },
  { requiredKeys: [] },
);

/** A sample that packing preserves: its times are rounded, and a passed sample has no finding. */
export const arbitrarySample: fc.Arbitrary<RecordedSample> = fc
  .tuple(fc.oneof(passed, found), more)
  .map(([sample, extra]) => ({ ...sample, ...extra }));

export const arbitraryTarget = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,20}$/);

/** Most rounds have no lag. */
export const arbitraryLag = fc.record({ lag: fc.integer({ min: 51, max: 60_000 }) }, { requiredKeys: [] });

/** Rounds of older versions have neither. */
const arbitraryOrigin = fc.record(
  { release: fc.constantFrom('0.1.0', '0.2.0'), egress: fc.oneof(fc.constant('lambda'), fc.ipV4()) },
  { requiredKeys: [] },
);

export const arbitraryRound: fc.Arbitrary<Round> = fc
  .tuple(
    fc.dictionary(arbitraryTarget, arbitrarySample, { maxKeys: 12 }),
    fc.integer({ min: 0, max: 59 }),
    arbitraryLag,
    arbitraryOrigin,
  )
  .map(([samples, minute, lag, origin]) => ({
    ...roundOf('eu-west-1', `2026-11-22T05:${String(minute).padStart(2, '0')}:00Z`, samples),
    ...lag,
    ...origin,
  }));
