/** Random snapshots in which each text that a page may hide says so. */
import fc from 'fast-check';
import type { ShowRules } from '../../../lambda/config/page/status-page.ts';
import type {
  AlertSnapshot,
  AlertsSnapshot,
  ChapterSnapshot,
  DaySnapshot,
  FindingSnapshot,
  HoldSnapshot,
  IncidentSnapshot,
  LastSample,
  LatencySeries,
  PlannedSnapshot,
  Snapshot,
  StatementSnapshot,
  TargetSnapshot,
  ToldSnapshot,
  TroubleSnapshot,
  VantageSnapshot,
  VoteMoment,
  VotesSnapshot,
  WitnessSnapshot,
} from '../../../lambda/reports/snapshot/snapshot.ts';
import type { Outcome } from '../../../lambda/smtp/sample/sample.ts';

/** Letters alone: they are the same in HTML, URLs and file names. */
export const SECRET = 'SECRETq7';

/** What is shown of a subject is in its name: `full-1`, `name-2`, `none-SECRETq7-3`. */
const RULES = [
  { pattern: 'full-*', shown: 'full' },
  { pattern: 'name-*', shown: 'name' },
  { pattern: 'none-*', shown: 'none' },
  { pattern: `${SECRET}.example`, shown: 'none' },
] as const;

/** The same, whether other things are hidden or not. */
export const SHOW_RULES: readonly ShowRules[] = [
  { rules: RULES, others: 'none' },
  { rules: RULES, others: 'name' },
  { rules: RULES, others: 'full' },
];

type Shown = 'full' | 'name' | 'none';

/** An arbitrary for each field: a new one of the type is a fault of the compiler until it has one. */
type Fields<Part> = { readonly [Field in keyof Part]-?: fc.Arbitrary<Part[Field]> };

function record<Part>(fields: Fields<Part>): fc.Arbitrary<Part> {
  return fc.record(fields) as fc.Arbitrary<Part>;
}

const time = fc
  .date({ min: new Date('2026-09-01T00:00:00Z'), max: new Date('2026-11-26T00:00:00Z'), noInvalidDate: true })
  .map((date) => `${date.toISOString().slice(0, 19)}Z`);
const length = fc.nat(86_400_000);
const optionalLength: fc.Arbitrary<number | null> = fc.option(length);
const vantage = fc.constantFrom('eu-west-1', 'us-east-1', 'local');
const verdict = fc.constantFrom('up' as const, 'degraded' as const, 'down' as const, 'unknown' as const);
const outcome = fc.constantFrom<Outcome>('pass', 'warn', 'fail', 'unable');
const share = fc.option(fc.double({ min: 0, max: 100, noNaN: true }));
const word = fc.option(fc.constantFrom('greeting', 'connect', 'greeting-refused', 'timeout'));

/** A text that may only be shown where all is shown. */
function text(shown: Shown): fc.Arbitrary<string> {
  const mark = shown === 'full' ? 'open' : SECRET;
  return fc
    .tuple(
      fc.constantFrom('554 5.3.2 ', 'mx9.', '', '<b>', '"', '192.0.2.9 '),
      fc.constantFrom('', '.example.com', '\n', ' & '),
    )
    .map(([before, behind]) => `${before}${mark}${behind}`);
}

export function nameOf(shown: Shown): fc.Arbitrary<string> {
  return fc.nat(3).map((number) => (shown === 'none' ? `none-${SECRET}-${number}` : `${shown}-${number}`));
}

const shownPart = fc.constantFrom<Shown>('full', 'name', 'none');

/** Lines as the judge writes them, and others. */
function line(shown: Shown): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(
      'eu-west-1 failed at greeting: greeting-refused',
      'down: 2 of 3 entitled vantages voted down, quorum 2',
      'down: 2 of 3 entitled vantages voted down, quorum 2: some vantages still fail',
      'up: 0 of 3 entitled vantages voted down, quorum 2; steady for 31 minutes',
      '… 12 changes left out',
    ),
    text(shown).map((by) => `acknowledged by ${by}`),
    text(shown).map((what) => `degraded: 1 of 3 entitled vantages voted down, quorum 2: ${what}`),
    text(shown).map(
      (why) =>
        `unknown: 1 of 3 vantages entitled to vote, 2 needed (eu-west-1 unable to probe: secret-unreadable: ${why})`,
    ),
    text(shown).map((phase) => `eu-west-1 failed at ${phase}: ${phase}`),
    text(shown).map((host) => `${host} failed at connect: timeout`),
    text(shown),
  );
}

const day = record<DaySnapshot>({
  date: time.map((at) => at.slice(0, 10)),
  up: length,
  degraded: length,
  down: length,
  unwatched: length,
  incidents: fc.nat(9),
  planned: fc.option(fc.record({ up: length, degraded: length, down: length, unwatched: length })),
});

function sample(shown: Shown): fc.Arbitrary<LastSample> {
  return record<LastSample>({
    vantage,
    round: time,
    outcome,
    phase: fc.oneof(word, text(shown)),
    code: fc.oneof(word, text(shown)),
    reply: fc.option(text(shown)),
    detail: fc.option(text(shown)),
    transcript: fc.array(text(shown), { maxLength: 2 }),
    total: length,
    timings: fc.constantFrom({}, { connect: 20, greeting: 100 }),
    certificateExpires: fc.option(time.map((at) => at.slice(0, 10))),
  });
}

const series = record<LatencySeries>({
  vantage,
  points: fc.array(fc.tuple(fc.nat(1e9), optionalLength, outcome), { maxLength: 3 }),
});

/** The reasons of windows and mutes that are about something hidden. */
const why = fc.oneof(text('name'), text('none'));

const hold = fc.oneof(
  record<HoldSnapshot>({
    why: fc.constant('window'),
    what: fc.constant('database-move'),
    since: time,
    until: fc.option(time),
  }),
  record<HoldSnapshot>({ why: fc.constant('mute'), what: why, since: time, until: fc.option(time) }),
  record<HoldSnapshot>({
    why: fc.constant('behind'),
    what: shownPart.chain(nameOf),
    since: time,
    until: fc.option(time),
  }),
);

function target(shown: Shown): fc.Arbitrary<TargetSnapshot> {
  return record<TargetSnapshot>({
    id: nameOf(shown),
    endpoint: fc.option(text(shown)),
    tags: fc.constantFrom([], shown === 'none' ? [SECRET] : ['edge']),
    verdict,
    since: fc.option(time),
    incident: fc.option(nameOf(shown).chain((id) => time.map((at) => `${id}@${at}`))),
    days: fc.array(day, { maxLength: 2 }),
    uptime: share,
    unwatched: length,
    uptimeOutsidePlanned: share,
    held: fc.option(hold),
    last: fc.array(sample(shown), { maxLength: 2 }),
    latency: fc.array(series, { maxLength: 2 }),
  });
}

function witness(shown: Shown): fc.Arbitrary<WitnessSnapshot> {
  return record<WitnessSnapshot>({
    vantage,
    from: time,
    to: time,
    phase: fc.oneof(word, text(shown)),
    code: fc.oneof(word, text(shown)),
    reply: fc.option(text(shown)),
    detail: fc.option(text(shown)),
    transcript: fc.array(text(shown), { maxLength: 2 }),
  });
}

function chapter(shown: Shown): fc.Arbitrary<ChapterSnapshot> {
  return record<ChapterSnapshot>({
    number: fc.nat(9),
    from: time,
    to: fc.option(time),
    phase: fc.oneof(word, text(shown)),
    code: fc.oneof(word, text(shown)),
    witnesses: fc.array(witness(shown), { maxLength: 1 }),
  });
}

/** What people say of a target that is on the page is for readers. */
function statement(shown: Shown): fc.Arbitrary<StatementSnapshot> {
  return record<StatementSnapshot>({
    number: fc.nat(9),
    at: time,
    by: fc.option(text(shown)),
    state: fc.constantFrom('investigating', 'identified', 'monitoring', 'resolved'),
    text: shown === 'none' ? text(shown) : fc.constant('We know why.'),
  });
}

function alerts(shown: Shown): fc.Arbitrary<AlertsSnapshot> {
  return record<AlertsSnapshot>({
    expired: fc.boolean(),
    sent: fc.array(
      record<AlertSnapshot>({
        at: time,
        kind: fc.constant('down'),
        again: fc.boolean(),
        channel: text(shown),
        state: fc.constantFrom('pending', 'taken', 'given-up'),
        ended: fc.option(time),
      }),
      { maxLength: 1 },
    ),
    told: fc.array(
      record<ToldSnapshot>({
        channel: text(shown),
        first: time,
        last: time,
        messages: fc.nat(9),
        reminders: fc.nat(9),
      }),
      { maxLength: 1 },
    ),
  });
}

const votes = record<VotesSnapshot>({
  vantages: fc.constant(['eu-west-1']),
  moments: fc.array(
    record<VoteMoment>({
      at: time,
      outcomes: outcome.map((one) => [one]),
      votes: fc.constantFrom(['up'] as const, ['down'] as const),
      needed: fc.nat(3),
      verdict,
    }),
    { maxLength: 2 },
  ),
  gap: fc.constant(null),
});

function incident(shown: Shown): fc.Arbitrary<IncidentSnapshot> {
  return nameOf(shown).chain((name) =>
    record<IncidentSnapshot>({
      id: time.map((at) => `${name}@${at}`),
      target: fc.constant(name),
      opened: time,
      closed: fc.option(time),
      verdict,
      acknowledged: fc.option(fc.record({ at: time, by: fc.option(text(shown)) })),
      timeline: fc.array(fc.record({ at: time, what: line(shown) }), { maxLength: 4 }),
      first: fc.record({ phase: fc.oneof(word, text(shown)), code: fc.oneof(word, text(shown)) }),
      witnesses: fc.array(witness(shown), { maxLength: 2 }),
      chapters: fc.array(chapter(shown), { maxLength: 2 }),
      updated: time,
      statements: fc.array(statement(shown), { maxLength: 2 }),
      alerts: fc.option(alerts(shown)),
      votes: fc.option(votes),
    }),
  );
}

const domain = fc.constantFrom(`${SECRET}.example`, `name-${SECRET}.example`, `none-${SECRET}.example`);

/** About something hidden, and perhaps about other things. */
const planned = fc
  .tuple(nameOf('name'), fc.array(shownPart.chain(nameOf), { maxLength: 3 }))
  .chain(([hidden, others]) =>
    record<PlannedSnapshot>({
      id: time.map((at) => `database-move@${at}`),
      kind: fc.constantFrom('window', 'mute'),
      state: fc.constantFrom('scheduled', 'in_progress', 'verifying', 'completed'),
      name: fc.option(fc.constant('database-move')),
      why,
      from: time,
      until: time,
      subjects: fc.constant([...new Set([...others, hidden])]),
      domains: fc.array(domain, { maxLength: 1 }),
    }),
  );

const finding = record<FindingSnapshot>({
  domain,
  kind: fc.constantFrom('listed', 'posture'),
  code: fc.constant('spf-missing'),
  subject: text('none'),
  since: time,
  acknowledged: fc.option(text('none')),
});

const trouble = fc.oneof(
  record<TroubleSnapshot>({
    kind: fc.constant('trip'),
    subject: nameOf('name'),
    what: fc.array(fc.oneof(fc.constant('trip-late'), text('name')), { maxLength: 2 }),
    since: time,
  }),
  record<TroubleSnapshot>({
    kind: fc.constant('trip'),
    subject: nameOf('none'),
    what: fc.array(text('none'), { maxLength: 2 }),
    since: time,
  }),
  record<TroubleSnapshot>({
    kind: fc.constant('bounces'),
    subject: domain,
    what: fc.array(text('none'), { maxLength: 2 }),
    since: time,
  }),
);

const arbitraryVantage = record<VantageSnapshot>({
  vantage,
  lastRound: fc.option(time),
  blind: fc.boolean(),
  blindSince: fc.option(time),
  blindWhy: fc.option(text('none')),
  lag: optionalLength,
  release: fc.option(text('none')),
  egress: fc.option(text('none')),
  rounds: fc.option(fc.record({ recorded: fc.nat(1440), due: fc.nat(1440) })),
});

export const arbitrarySnapshot = record<Snapshot>({
  at: time,
  title: fc.constant('Mail servers'),
  url: fc.option(fc.constant('https://status.example.com/')),
  logo: fc.option(fc.constant('logo.svg')),
  newestRound: fc.option(time),
  every: fc.constantFrom(5, 60, 300),
  vantages: fc.array(arbitraryVantage, { maxLength: 2 }),
  targets: fc.uniqueArray(shownPart.chain(target), { maxLength: 5, selector: ({ id }) => id }),
  incidents: fc.uniqueArray(shownPart.chain(incident), { maxLength: 5, selector: ({ id }) => id }),
  planned: fc.array(planned, { maxLength: 3 }),
  findings: fc.array(finding, { maxLength: 2 }),
  troubles: fc.array(trouble, { maxLength: 2 }),
});
