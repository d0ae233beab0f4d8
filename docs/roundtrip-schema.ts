/** The JSON Schema of what `roundtrip --json` prints. `npx tsx docs/roundtrip-schema.ts` writes it. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ALTERATIONS, type AlterationCode } from '../lambda/trip/alterations/alteration-codes.ts';
import { TRIP_CODES, type TripCode } from '../lambda/trip/verdict/trip-codes.ts';

const time = z.string().describe('ISO 8601 UTC.');
const text = z.string();
const textOrNull = z.string().nullable();
const milliseconds = z.number().describe('Milliseconds.');
const outcome = z.enum(['pass', 'warn', 'fail', 'unable']);

const finding = z.looseObject({ code: z.enum(Object.keys(TRIP_CODES) as TripCode[]), outcome, detail: text });

const hop = z.looseObject({
  host: textOrNull,
  from: textOrNull,
  fromAddress: textOrNull,
  protocol: textOrNull,
  tls: z.boolean(),
  acceptedByUs: z.boolean().describe('It is the server that took our message, by the queue identifier of its reply.'),
  id: textOrNull,
  at: z.number().nullable().describe('Epoch milliseconds by the clock of the host.'),
  delay: z.number().nullable().describe('Milliseconds since the host before. Below zero if clocks disagree.'),
  clocksDisagree: z.boolean(),
  plaintext: z.boolean().describe('Sent in plain text between public addresses.'),
});

/** Objects may have further keys: while `version` is 1, keys are only added. */
export const roundtripSchema = z
  .looseObject({
    version: z.literal(1),
    at: time,
    trip: text.describe('Id of the round trip; `command` for one of options.'),
    outcome,
    findings: z.array(finding).describe('Worst first.'),
    total: milliseconds.nullable().describe('Milliseconds from acceptance to the mailbox.'),
    longest: z
      .looseObject({ host: textOrNull, next: textOrNull, least: milliseconds })
      .nullable()
      .describe('Where the time went.'),
    send: z.looseObject({
      host: text,
      port: z.int(),
      outcome: z.enum(['accepted', 'refused', 'unable']),
      phase: textOrNull,
      reply: text,
      queueId: textOrNull,
      accepted: time.nullable(),
      session: milliseconds,
      timings: z.record(text, milliseconds),
      transcript: z.array(text),
    }),
    receive: z.looseObject({
      protocol: z.enum(['imap', 'pop3']),
      host: text,
      port: z.int(),
      folder: z.enum(['inbox', 'junk', 'elsewhere']).nullable(),
      copies: z.int(),
      failure: z.looseObject({ phase: text, code: text, detail: text }).nullable(),
      transcript: z.array(text),
    }),
    hops: z.array(hop).describe('Oldest first.'),
    results: z.record(text, text).describe('Of the receiver that `authservId` names, by method.'),
    alterations: z.array(z.looseObject({ code: z.enum(Object.keys(ALTERATIONS) as AlterationCode[]), detail: text })),
  })
  .describe('One trip, as `smtp-quorum roundtrip --json` prints it.');

export function roundtripJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(roundtripSchema), null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(fileURLToPath(new URL('../smtp-quorum-roundtrip.schema.json', import.meta.url)), roundtripJsonSchema());
}
