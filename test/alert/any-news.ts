/** Alerts of every kind in which each text that a server, a record, a service or a person brought in is hostile. */
import fc from 'fast-check';
import type { Alert, AlertKind } from '../../lambda/consensus/judgement/incident.ts';
import type { Again } from '../../lambda/consensus/news/again.ts';
import type { BounceNews } from '../../lambda/consensus/news/bounce-news.ts';
import type { PostureNews, ToldFinding } from '../../lambda/consensus/news/posture-news.ts';
import { alertOfEachKind } from './alert-of-each-kind.ts';
import { anyAlert } from './alerts.ts';
import { hostileTexts } from './channels/hostile-texts.ts';

const since = '2026-11-22T05:08:00Z';

const text = fc.oneof(
  fc.constantFrom(...hostileTexts.map((one) => one.text)),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('\u{1f525}'.repeat(300), 'é'.repeat(500), 'x'.repeat(500)),
);

/** As long as the judge keeps it. */
const kept = text.map((one) => one.slice(0, 500));
const name = text.map((one) => one.slice(0, 253));

const finding = fc.record<ToldFinding>({
  code: name,
  subject: kept,
  area: kept,
  detail: kept,
  since: fc.constant(since),
  vantages: fc.array(kept, { maxLength: 5 }),
  meaning: kept,
  hint: fc.option(kept),
  rfc: kept,
  evidence: fc.array(kept, { maxLength: 8 }),
  publish: fc.array(kept, { maxLength: 8 }),
  command: fc.option(kept),
});

const posture = fc.record<PostureNews>({
  findings: fc.array(finding, { minLength: 1, maxLength: 8 }),
  more: fc.nat(3),
  warnings: fc.array(fc.record({ code: name, subject: kept, detail: kept }), { maxLength: 5 }),
});

const bounces = fc.record<BounceNews>({
  rates: fc.array(
    fc.record({
      metric: fc.constantFrom('bounces' as const, 'complaints' as const),
      outcome: fc.constantFrom('warn' as const, 'fail' as const),
      window: fc.constantFrom('hour' as const, 'day' as const),
      provider: fc.option(kept),
      count: fc.nat(1e9),
      total: fc.nat(1e9),
      limit: fc.constant(0.05),
      others: fc.constant({ count: 1, total: 1e9 }),
      since: fc.constant(since),
      codes: fc.array(fc.record({ code: name, count: fc.nat(1e9) }), { maxLength: 5 }),
      example: fc.option(kept),
      hint: fc.option(kept),
    }),
    { minLength: 1, maxLength: 8 },
  ),
  more: fc.nat(3),
});

const hold = fc.record({
  why: fc.constantFrom('window' as const, 'mute' as const, 'behind' as const),
  what: kept,
  since: fc.constant(since),
  until: fc.constant(null),
});

const again: fc.Arbitrary<Again> = fc.record(
  {
    why: fc.constantFrom(
      'step' as const,
      'reminder' as const,
      'held' as const,
      'acknowledged' as const,
      'behind' as const,
    ),
    since: fc.constant(since),
    number: fc.nat(1e6),
    hold,
    by: kept,
    isFirst: fc.constant(true as const),
    behind: fc.array(kept, { maxLength: 60 }),
    more: fc.nat(1e4),
  },
  { requiredKeys: ['why', 'since'] },
);

const digest = fc.record({
  count: fc.nat(1e6),
  first: fc.constant(since),
  last: fc.constant('2026-11-22T05:20:00Z'),
  kinds: fc.dictionary(fc.constantFrom('down', 'recovered', 'undelivered'), fc.nat(1e6)),
  subjects: fc.array(
    text.map((one) => one.slice(0, 64)),
    { maxLength: 100, size: 'max' },
  ),
  ids: fc.array(
    text.map((one) => one.slice(0, 64)),
    { maxLength: 100, size: 'max' },
  ),
});

const kinds = Object.keys(alertOfEachKind) as AlertKind[];

/** The alert of one kind with hostile texts in all that is particular to it. */
export const anyNews: fc.Arbitrary<Alert> = fc
  .record({
    kind: fc.constantFrom(...kinds),
    any: anyAlert,
    subject: name,
    reason: text,
    posture,
    bounces,
    again: fc.option(again),
    digest,
    by: text,
  })
  .map(({ kind, any, subject, reason, posture, bounces, again, digest, by }) => {
    const usual = alertOfEachKind[kind];
    const incident = usual.incident && {
      ...usual.incident,
      witnesses: any.incident?.witnesses ?? [],
      timeline: any.incident?.timeline ?? [],
    };
    return {
      ...usual,
      ...{ subject: kind === 'digest' || kind === 'test' ? usual.subject : subject, reason, votes: any.votes },
      incident: incident && again?.why === 'acknowledged' ? { ...incident, acknowledged: { at: since, by } } : incident,
      ...(usual.posture === undefined ? {} : { posture }),
      ...(usual.bounces === undefined ? {} : { bounces }),
      ...(usual.digest === undefined ? {} : { digest }),
      ...(again === null ? {} : { again }),
    } as Alert;
  });
