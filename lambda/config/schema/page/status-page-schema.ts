/** The schema of `statusPage:`. Its result is `StatusPage` of `lambda/config/page/status-page.ts`. */
import { z } from 'zod';
import { secretReferenceSchema } from '../credentials.ts';
import { hoursSchema } from '../notify/hours.ts';
import { host, text } from '../values.ts';

export const statusPageSchema = z
  .strictObject({
    access: z
      .enum(['public', 'private', 'off'])
      .optional()
      .describe(
        'Who reads it: everybody, those of `allow` and `password`, or nobody. Required on AWS. On one machine it is by default for whoever reaches the port of `start --listen`, which is that machine alone.',
      ),
    title: text(/^(?=.*\S)\P{Cc}{1,80}$/u, 'must be one line of 1 to 80 characters')
      .optional()
      .describe('Title of the page and of its feeds. Default: `Mail servers`.'),
    logo: text(
      /^(?![/\\]|[a-z]+:)(?!(?:.*[/\\])?\.\.(?:[/\\]|$))\P{Cc}{1,255}$/iu,
      'must be a file beside this one or below its folder',
    )
      .optional()
      .describe(
        'Picture beside the title: an SVG, PNG or WebP file of 100 KB at most. Its path is relative to this file.',
      ),
    domain: host()
      .transform((written) => written.toLowerCase().replace(/\.$/, ''))
      .optional()
      .describe('Host name of the page, such as `status.example.com`. On AWS the default is a name of CloudFront.'),
    certificateArn: z
      .string()
      .optional()
      .describe(
        'ARN of the certificate for `domain`, in AWS Certificate Manager, in us-east-1, which CloudFront asks for.',
      ),
    allow: z
      .array(z.string())
      .min(1, 'must name at least one address; omit it for all')
      .max(100, 'must name 100 addresses and ranges at most')
      .optional()
      .describe(
        'Of a private page: IP addresses and ranges that may read it, such as `192.0.2.0/24`. With `password`, readers need both.',
      ),
    password: secretReferenceSchema
      .optional()
      .describe(
        'Of a private page: where its password is stored, exactly one of `secret` and `env`. Browsers ask for it; any user name is accepted.',
      ),
    serviceHours: hoursSchema.describe(
      'Hours of the week in which the mail servers are to be up: the reports of months have the uptime within them, too.',
    ),
    show: z
      .record(z.string(), z.enum(['full', 'name', 'none']))
      .refine((show) => Object.keys(show).length > 0, 'must name at least one target; omit it for the default')
      .optional()
      .describe(
        'What the page has of each target: `full`, `name` (without hosts, addresses, replies and transcripts) or `none` (it is not on the page). Keys are ids of targets and round trips and domains, or patterns such as `mx*`; a name counts before a pattern, and the first pattern that matches before others. Default: `name` on a public page, else `full`.',
      ),
  })
  .optional()
  .describe('The status page (docs/status-page.md).');

export type CheckedStatusPage = z.output<typeof statusPageSchema>;
