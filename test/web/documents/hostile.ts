import fc from 'fast-check';
import type { IncidentSnapshot, Snapshot } from '../../../lambda/reports/snapshot/snapshot.ts';
import { HOSTILE, hostileSnapshot, incidentSnapshot, snapshotWith, targetSnapshot } from '../snapshot.ts';

/** Any UTF-16 unit: lone surrogates, control characters, and what XML does not have. */
const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));

const pieces = fc.constantFrom(
  HOSTILE,
  '<script>alert(1)</script>',
  ']]>',
  '&#0;&amp;&unknown;',
  '\u001b[31mred\u001b[0m',
  '\u202egnp.exe\u2066\u2069',
  '\u0000',
  '\ud800',
  '\udfff',
  '\ufffe\uffff',
  '\u0085\u2028\u2029',
  '\r\n',
  '``` | --- | **bold** [a](javascript:x) ![i](x) # head',
  '\ud83d\ude00',
);

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit, maxLength: 40 }),
  fc.array(pieces, { maxLength: 4 }).map((all) => all.join('')),
);

/** Texts of 64 KB, beside those that are made up. */
export const LONG_TEXTS: [string][] = ['<a b="c">', '\u202e'].map((piece) => [
  piece.repeat(Math.ceil(65_536 / piece.length)).slice(0, 65_536),
]);

const at = '2026-11-26T09:01:02Z';

/** An incident in which every text is the given one. */
export function incidentOf(text: string, given: Partial<IncidentSnapshot> = {}): IncidentSnapshot {
  const witness = { vantage: text, from: at, to: at, phase: text, code: text, reply: text, detail: text };
  const witnesses = [{ ...witness, transcript: [text, text] }];
  return incidentSnapshot({
    id: `${text}@2026-11-25T06:09:48Z`,
    target: text,
    closed: null,
    acknowledged: { at, by: text },
    timeline: [
      { at, what: text },
      { at, what: `down: ${text}` },
    ],
    witnesses,
    chapters: [{ number: 1, from: at, to: at, phase: text, code: text, witnesses }],
    statements: [{ number: 1, at, by: text, state: 'identified', text }],
    alerts: {
      expired: false,
      sent: [{ at, kind: text, again: true, channel: text, state: 'taken', ended: at }],
      told: [{ channel: text, first: at, last: at, messages: 2, reminders: 1 }],
    },
    votes: {
      vantages: [text],
      moments: [{ at, outcomes: ['fail'], votes: ['down'], needed: 1, verdict: 'down' }],
      gap: null,
    },
    ...given,
  });
}

/** A snapshot in which every text is the given one. */
export function snapshotOf(text: string): Snapshot {
  const base = hostileSnapshot();
  const last = (targetSnapshot().last[0] && [
    { ...targetSnapshot().last[0], vantage: text, code: text, reply: text },
  ]) as never;
  return snapshotWith({
    ...base,
    title: text,
    vantages: base.vantages.map((vantage) => ({
      ...{ ...vantage, vantage: text, lastRound: at, blindWhy: text, release: text, egress: text },
    })),
    targets: [
      targetSnapshot({ id: text, endpoint: text, tags: [text], last, incident: `${text}@2026-11-25T06:09:48Z` }),
    ],
    incidents: [incidentOf(text)],
    planned: [
      {
        id: text,
        kind: 'window',
        state: 'in_progress',
        name: text,
        why: text,
        from: at,
        until: at,
        subjects: [text],
        domains: [text],
      },
    ],
    findings: [{ domain: text, kind: 'listed', code: text, subject: text, since: at, acknowledged: text }],
    troubles: [{ kind: 'trip', subject: text, what: [text], since: at }],
  });
}
