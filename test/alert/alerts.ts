import fc from 'fast-check';
import type { AlertContext } from '../../lambda/alert/words/first-line.ts';
import type { Target } from '../../lambda/config/config.ts';
import type { Alert, AlertKind, Incident, Witness } from '../../lambda/consensus/judgement/incident.ts';

/** Alerts for tests: a typical one, and arbitrary ones. */
export const context: AlertContext = {
  name: 'smtp-quorum',
  home: 'us-east-1',
  targets: [{ id: 'mx1', host: 'mx1.example.com', domain: null, port: 25 } as Target],
};

export const witness: Witness = {
  vantage: 'us-east-1',
  firstFailure: '2026-11-22T05:08:00Z',
  lastFailure: '2026-11-22T05:09:00Z',
  phase: 'starttls',
  code: 'starttls-not-offered',
  reply: '250-mx1.example.com\r\n250 SIZE 1000',
  detail: 'offered: SIZE',
  outcome: 'fail',
  transcript: ['S: 220 mx1.example.com ESMTP', 'C: EHLO probe.example.com', 'S: 250 SIZE 1000'],
};

export const incident: Incident = {
  id: 'mx1@2026-11-22T05:08:00Z',
  target: 'mx1',
  opened: '2026-11-22T05:08:00Z',
  closed: null,
  verdict: 'down',
  witnesses: [witness, { ...witness, vantage: 'eu-west-1' }],
  timeline: [{ at: '2026-11-22T05:08:00Z', what: 'us-east-1 failed at starttls' }],
  chapter: {
    number: 1,
    from: '2026-11-22T05:08:00Z',
    to: null,
    phase: 'starttls',
    code: 'starttls-not-offered',
    warning: null,
  },
};

export function alert(kind: AlertKind, changed: Partial<Alert> = {}): Alert {
  return {
    id: 'mx1@2026-11-22T05:08:00Z#1-down',
    kind,
    subject: 'mx1',
    at: '2026-11-22T05:09:12Z',
    was: 'up',
    is: 'down',
    incident,
    votes: [
      { vantage: 'us-east-1', vote: 'down', why: '2 failed rounds' },
      { vantage: 'eu-west-1', vote: 'down', why: '2 failed rounds' },
      { vantage: 'ap-southeast-1', vote: 'up', why: 'passed' },
      { vantage: 'local', vote: 'abstain', why: 'stale' },
    ],
    reason: '2 of 3 entitled vantages voted down, quorum 2',
    ...changed,
  };
}

const verdicts = fc.constantFrom('up' as const, 'degraded' as const, 'down' as const, 'unknown' as const);
const votes = fc.constantFrom('up' as const, 'down' as const, 'abstain' as const);
const kinds: readonly AlertKind[] = [
  'down',
  'degraded',
  'recovered',
  'unknown',
  'update',
  'changed',
  'blind',
  'flapping',
];
const times = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString());

/** Arbitrary code units: control characters, bidi marks, lone surrogates; short or too long. */
const serverText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)), maxLength: 40 }),
  fc.constantFrom('\x1b[31mred\x1b[0m', '\u202egpj.exe', 'a\r\nBcc: b', '"\\"\\"'.repeat(3000), '\u0001'.repeat(9000)),
);

const witnesses = fc.record<Witness>({
  vantage: serverText,
  firstFailure: times,
  lastFailure: times,
  phase: fc.option(serverText),
  code: fc.option(serverText),
  reply: fc.option(serverText),
  detail: fc.option(serverText),
  outcome: fc.constantFrom('warn' as const, 'fail' as const),
  transcript: fc.array(serverText, { maxLength: 60, size: 'max' }),
});

export const anyAlert = fc.record<Alert>({
  id: serverText,
  kind: fc.constantFrom(...kinds),
  subject: serverText,
  at: times,
  was: verdicts,
  is: verdicts,
  incident: fc.option(
    fc.record<Incident>(
      {
        id: serverText,
        target: serverText,
        opened: times,
        closed: fc.option(times),
        verdict: verdicts,
        witnesses: fc.array(witnesses, { maxLength: 45, size: 'max' }),
        timeline: fc.array(
          fc.record(
            { at: times, what: fc.oneof(serverText, fc.constant('down: ')), since: times },
            { requiredKeys: ['at', 'what'] },
          ),
          { maxLength: 50 },
        ),
        chapter: fc.record({
          number: fc.nat(),
          from: times,
          to: fc.option(times),
          phase: fc.option(serverText),
          code: fc.option(serverText),
          warning: fc.option(serverText),
        }),
      },
      { requiredKeys: ['id', 'target', 'opened', 'closed', 'verdict', 'witnesses', 'timeline'] },
    ),
  ),
  votes: fc.array(fc.record({ vantage: serverText, vote: votes, why: serverText }), { maxLength: 45 }),
  reason: serverText,
});
