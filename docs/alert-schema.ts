/** The JSON Schema of the document that webhooks get. `npx tsx docs/alert-schema.ts` writes it. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { AlertDocument } from '../lambda/alert/words/json-document.ts';

const KINDS = [
  'down',
  'degraded',
  'recovered',
  'unknown',
  'update',
  'changed',
  'blind',
  'flapping',
  'digest',
  'undelivered',
  'listed',
  'delisted',
  'posture',
  'posture-over',
  'trip',
  'trip-over',
  'bounces',
  'bounces-over',
  'test',
] as const satisfies readonly AlertDocument['kind'][];

/** Fails to compile if a kind is missing. */
type MissingKind = Exclude<AlertDocument['kind'], (typeof KINDS)[number]>;
const complete: MissingKind extends never ? true : MissingKind = true;

const time = z.string().describe('ISO 8601 UTC.');
const verdict = z.enum(['up', 'degraded', 'down', 'unknown']);
const text = z.string();
const textOrNull = z.string().nullable();

const witness = z.looseObject({
  vantage: text,
  firstFailure: time,
  lastFailure: time,
  phase: textOrNull,
  code: textOrNull,
  reply: textOrNull,
  detail: textOrNull,
  outcome: z.enum(['warn', 'fail']),
  transcript: z.array(text),
});

const incident = z.looseObject({
  id: text,
  opened: time,
  closed: time.nullable().describe('Null while it is open.'),
  seconds: z.int().nullable(),
  chapter: z.looseObject({ number: z.int(), from: time }).nullable(),
  witnesses: z.array(witness),
  timeline: z.array(z.looseObject({ at: time, what: text })),
});

const digest = z.looseObject({
  count: z.int(),
  first: time,
  last: time,
  kinds: z.record(text, z.int()),
  subjects: z.array(text),
  ids: z.array(text),
  alerts: z
    .array(z.looseObject({ subject: text, kind: z.enum(KINDS), is: verdict, since: time, code: textOrNull }))
    .optional()
    .describe('At most 100 of them; `count` counts all.'),
  group: z
    .looseObject({
      cause: text.describe('What they share: `<kind>:<value>`. docs/alerts.md lists the kinds.'),
      kind: z.enum(KINDS).describe('Of the alerts that began it.'),
      open: z.int().describe('Targets whose recovery was not told.'),
      subjects: z.array(text).describe('At most 100 of these.'),
      over: z.int().describe('Targets that recovered with this message.'),
    })
    .optional()
    .describe('Of a digest of targets that share a cause.'),
});

const again = z.looseObject({
  why: z.enum(['step', 'reminder', 'held', 'acknowledged', 'behind']),
  since: time.describe('When the incident was first to be told.'),
  number: z.int().optional().describe('Of a reminder, from 1.'),
  hold: z
    .looseObject({ why: z.enum(['window', 'mute', 'behind']), what: text, since: time, until: time.nullable() })
    .optional()
    .describe('What held it. Absent if it was the hours of the receiver.'),
  by: text.optional().describe('Who acknowledged it.'),
  isFirst: z.literal(true).optional().describe('It was acknowledged before this receiver was told of it.'),
  behind: z.array(text).optional().describe('At most 50 targets that are down behind this one.'),
});

const warning = { code: text.describe('docs/posture.md lists them.'), subject: text, detail: text };

const finding = z.looseObject({
  area: text,
  ...warning,
  since: time,
  vantages: z.array(text),
  meaning: text,
  hint: textOrNull,
  rfc: text,
  evidence: z.array(text),
  publish: z.array(text).describe('Records that correct it, in the format of zone files.'),
  command: textOrNull.describe('A command that shows what was found.'),
});

const posture = z.looseObject({
  findings: z.array(finding).describe('Worst first.'),
  more: z.int().describe('Findings without room.'),
  warnings: z.array(z.looseObject(warning)),
  isReminder: z.literal(true).optional().describe('Set if nothing is new.'),
});

const outOf = { count: z.int(), total: z.int() };

const bounces = z.looseObject({
  rates: z
    .array(
      z.looseObject({
        metric: z.enum(['bounces', 'complaints']),
        outcome: z.enum(['warn', 'fail']),
        window: z.enum(['hour', 'day']),
        provider: textOrNull.describe('Null: all providers together.'),
        ...outOf,
        limit: z.number().describe('A share of 1.'),
        others: z.looseObject(outOf).describe('The other providers in the same window.'),
        since: time,
        codes: z.array(z.looseObject({ code: text, count: z.int() })).describe('Most frequent first.'),
        example: textOrNull.describe('What a server said, without addresses.'),
        hint: textOrNull,
      }),
    )
    .describe('Worst first.'),
  more: z.int().describe('Rates without room.'),
});

/** Objects may have further keys: while `version` is 1, keys are only added. */
export const alertDocumentSchema = z
  .looseObject({
    version: z.literal(1),
    id: text.describe('The same when an alert is sent again.'),
    text: text.describe('The first line of the e-mail.'),
    monitor: text,
    kind: z.enum(KINDS),
    subject: text.describe('Id of a target, a vantage, a channel, or a domain, by `kind`.'),
    endpoint: textOrNull,
    at: time,
    was: verdict,
    is: verdict,
    phase: textOrNull,
    code: textOrNull,
    reply: textOrNull,
    detail: textOrNull,
    reason: text,
    votes: z.array(z.looseObject({ vantage: text, vote: z.enum(['up', 'down', 'abstain']), why: text })),
    note: textOrNull,
    again: again.nullable().describe('Why it is sent again, or later than it was decided.'),
    replaces: z.array(text),
    digest: digest.nullable(),
    more: digest.nullable().describe('Alerts above the limit of messages an hour, which have no message of their own.'),
    incident: incident.nullable(),
    posture: posture.nullable().describe('Of kinds of posture. Kinds of trips have what `trip` has here, too.'),
    trip: posture.nullable().describe('Of kinds of trips.'),
    bounces: bounces.nullable(),
    truncated: z.boolean().describe('Evidence was omitted to keep the message within its limit.'),
  })
  .describe('An alert of smtp-quorum. docs/alerts.md explains each key.');

export function alertJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(alertDocumentSchema), null, 2)}\n`;
}

if (complete && process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(fileURLToPath(new URL('../smtp-quorum-alert.schema.json', import.meta.url)), alertJsonSchema());
}
