/** The schema of `bounces:`. Its result is `BounceSettings` of `lambda/config/bounce-settings.ts`. */
import { z } from 'zod';
import { secretReferenceSchema } from './credentials.ts';
import { count, host, port, text, tlsShape } from './values.ts';

const sharePattern = /^\d{1,3}(?:\.\d{1,4})?\s?%$/;

/** `2%`, converted to a share of 1. */
const share = () =>
  text(sharePattern, 'is not a percentage: write a number and %, such as `2%` or `0.1%`')
    .transform((written) => Number(written.replace(/\s?%$/, '')) / 100)
    .refine((value) => value > 0 && value <= 1, 'must be above 0% and at most 100%');

const mailboxSchema = z.strictObject({
  protocol: z.enum(['imap', 'pop3']).default('imap').describe('How the mailbox is read.'),
  host: host().describe('Host name or IP address of its server.'),
  port: port().optional().describe('TCP port. Default: 993 for `imap`, 995 for `pop3`.'),
  security: z
    .enum(['none', 'starttls', 'tls'])
    .optional()
    .describe(
      '`tls` from the first byte, `starttls`, or `none`. Default: `tls` on ports 993 and 995, else `starttls`.',
    ),
  ...tlsShape,
  user: text(/^\P{Cc}+$/u, 'must not be empty or contain control characters').describe('User name, to log in.'),
  password: secretReferenceSchema.describe(
    'Where the password is stored. The secret may also be JSON with `refreshToken`, `tokenEndpoint`, `clientId`, `clientSecret` and `scope`, for OAuth 2.0 (XOAUTH2). This file never contains a password.',
  ),
  folder: z.string().min(1, 'must name a folder').default('INBOX').describe('Folder with the reports.'),
  delete: z
    .boolean()
    .default(false)
    .describe('`true` removes reports of RFC 3464 once they are counted. Nothing else is ever removed.'),
});

const sourceSchema = z.strictObject({
  ses: z
    .literal(true, 'must be `true`')
    .optional()
    .describe(
      'The events of Amazon SES on the default event bus of the region of `home`: deliveries, bounces, complaints, delays and rejects. A configuration set has to send them there (docs/bounces.md). On AWS alone.',
    ),
  log: text(/^\S.*$/, 'must name a file')
    .optional()
    .describe(
      'A log of Postfix, such as `/var/log/mail.log`, which `start` follows on one machine, also when it is rotated. A path that is not absolute is below the folder in which `start` was started.',
    ),
  mailbox: mailboxSchema
    .optional()
    .describe(
      'A mailbox that gets reports about mail that was not delivered. It is read every five minutes: by `start` on one machine, or by a function in the region of `home`.',
    ),
});

export const bouncesSchema = z
  .strictObject({
    warn: share()
      .prefault('1%')
      .describe('Bounce rate of a sending domain, at one provider or all, that is a warning.'),
    fail: share().prefault('2%').describe('Bounce rate that is a failure. Providers ask for fewer than 2 to 5 %.'),
    atLeast: count(1).default(50).describe('Deliveries and bounces below which a rate says nothing.'),
    complaints: share()
      .prefault('0.1%')
      .describe(
        'Share of deliveries that recipients report as spam, above which it is a failure. Google and Yahoo ask for 0.1 % or fewer.',
      ),
    sources: z
      .array(sourceSchema)
      .min(1, 'must name a source: `- ses: true` on AWS, or `- log: FILE` on one machine')
      .describe('Where outcomes of sent mail are read: each entry has exactly one of `ses`, `log` and `mailbox`.'),
  })
  .optional()
  .describe(
    'Watches what becomes of sent mail: rates of bounces and complaints by sending domain and provider, over a sliding hour and day. No address is kept.',
  );

export type CheckedBounces = z.output<typeof bouncesSchema>;
