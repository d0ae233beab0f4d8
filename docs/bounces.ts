/** Writes smtp-quorum-bounces.schema.json: `npx tsx docs/bounces.ts`. A test keeps it as it is written. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const rate = z.strictObject({
  bounced: z.int(),
  total: z.int().describe('Delivered and bounced.'),
  percent: z.number().nullable().describe('Null if nothing was delivered or bounced.'),
});

/** What `bounces --json` prints. */
export const bounceSchema = z.strictObject({
  version: z.literal(1).describe('Number of this format.'),
  at: z.iso.datetime().describe('End of the hour and day, UTC.'),
  outcome: z.enum(['pass', 'warn', 'fail', 'unable']).describe('`unable`: the log has no delivery.'),
  day: rate,
  findings: z
    .array(
      z.strictObject({
        outcome: z.enum(['warn', 'fail']),
        window: z.enum(['hour', 'day']),
        from: z.string().describe('Domain of the sender; `-` if the log does not name it.'),
        provider: z.string().nullable().describe('Null: all providers.'),
        rate,
        others: rate.describe('The other providers.'),
        codes: z.array(
          z.strictObject({
            code: z.string().describe('Enhanced status code (RFC 3463).'),
            bounced: z.int(),
            first: z.iso.datetime().describe('The first one of the day.'),
            text: z.string().describe('Reply of the server, without addresses of people. Escape it where you show it.'),
            hint: z.string().nullable(),
          }),
        ),
      }),
    )
    .describe('Worst first.'),
  providers: z.array(
    z.strictObject({
      from: z.string(),
      provider: z.string(),
      delivered: z.int(),
      bounced: z.int(),
      deferred: z.int().describe('Recipients whose first attempt was deferred.'),
      meanDelaySeconds: z.number().nullable(),
      longestDelaySeconds: z.number(),
    }),
  ),
});

export function bounceJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(bounceSchema), null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(fileURLToPath(new URL('../smtp-quorum-bounces.schema.json', import.meta.url)), bounceJsonSchema());
}
