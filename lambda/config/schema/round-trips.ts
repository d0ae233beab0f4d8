/** The schema of `roundTrips`: messages that are sent and looked for in a mailbox. */
import { z } from 'zod';
import { credentialsSchema, secretReferenceSchema } from './credentials.ts';
import { count, duration, host, port, text, tlsShape } from './values.ts';

/** As in `lambda/trip/message/build-trip-message.ts`: no quoted local part, and no address literal. */
const tripAddress = () =>
  text(
    /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/,
    'is not a plain e-mail address in ASCII',
  );

const sendSchema = z.strictObject({
  via: z
    .string()
    .optional()
    .describe('Id of a target with a `host`: its server, port, security and login are used. Or give `host`.'),
  host: host().optional().describe('Server that takes the message, if it is not a target.'),
  port: port().default(587).describe('TCP port, with `host`.'),
  security: z
    .enum(['none', 'starttls', 'starttls-if-offered', 'tls'])
    .optional()
    .describe('As of a target. Default: `tls` on port 465, else `starttls`.'),
  ...tlsShape,
  auth: credentialsSchema.optional().describe('Log in, with these credentials.'),
  from: tripAddress().describe('Sender, in MAIL FROM and in the message. Bounces are sent to it.'),
  to: tripAddress().describe('The only recipient: the mailbox that is read.'),
  attachment: z
    .int('must be a number of octets, 0 to 5000000')
    .min(0, 'must be a number of octets, 0 to 5000000')
    .max(5_000_000, 'must be a number of octets, 0 to 5000000')
    .default(1_000)
    .describe('Octets of the attachment; `0` sends none.'),
});

const mailboxAuthSchema = z.strictObject({
  user: text(/^\P{Cc}+$/u, 'must not be empty or contain control characters or line ends').describe('User name.'),
  password: secretReferenceSchema.describe(
    'Where the password is stored. The secret may also be JSON with `refreshToken`, `tokenEndpoint`, `clientId`, `clientSecret` and `scope`, for OAuth 2.0 (XOAUTH2).',
  ),
});

const receiveSchema = z.strictObject({
  protocol: z.enum(['imap', 'pop3']).default('imap').describe('How the mailbox is read. POP3 sees the inbox alone.'),
  host: host().describe('Host name or IP address of the server of the mailbox.'),
  port: port().optional().describe('TCP port. Default: 993 for IMAP, 995 for POP3.'),
  security: z
    .enum(['none', 'starttls', 'tls'])
    .optional()
    .describe(
      '`tls` from the first byte, `starttls`, or `none`. Default: `tls` on ports 993 and 995, else `starttls`.',
    ),
  ...tlsShape,
  auth: mailboxAuthSchema.describe('The login of the mailbox.'),
  junk: z.boolean().default(true).describe('Look into the junk folder, too. IMAP only.'),
});

const expectSchema = z.strictObject({
  folder: z.enum(['inbox', 'junk']).default('inbox').describe('Where the message must be.'),
  spf: z.string().optional().describe('Result in Authentication-Results, such as `pass`. Needs `authservId`.'),
  dkim: z.string().optional().describe('Likewise.'),
  dmarc: z.string().optional().describe('Likewise.'),
  tls: z.boolean().optional().describe('`true`: no hop between public addresses is in plain text.'),
  unchanged: z.boolean().optional().describe('`true`: nothing of the message is altered on its way.'),
});

export const roundTripSchema = z.strictObject({
  id: text(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
    'must be letters, digits, dots, dashes and underscores, 63 at most, and begin with a letter or digit',
  ).describe('Name of the round trip in alerts and history, and in the messages.'),
  every: duration()
    .prefault('10m')
    .describe('One message is sent in this time, `1m` to `1d`, from one vantage in turn.'),
  send: sendSchema.describe('The message and the server that takes it. Exactly one of `via` and `host`.'),
  receive: receiveSchema.describe('The mailbox in which the message is looked for.'),
  within: z
    .strictObject({
      warn: duration().prefault('60s').describe('A message that arrives later is `slow`.'),
      fail: duration().prefault('5m').describe('A message that arrives later is `late`, or `not-arrived`; up to `1d`.'),
    })
    .prefault({})
    .describe('Time from acceptance by the server to the mailbox.'),
  expect: expectSchema.prefault({}).describe('What the message must be like when it arrives.'),
  keep: z
    .int('must be a whole number, 0 to 1000')
    .min(0, 'must be a whole number, 0 to 1000')
    .max(1_000, 'must be a whole number, 0 to 1000')
    .default(0)
    .describe(
      'Messages of this round trip that stay in each folder of the mailbox. Older ones of its own are deleted, and no others.',
    ),
  perDay: count(1)
    .default(300)
    .describe('Most messages that are sent to the mailbox in a day (UTC), by all round trips that read it.'),
  authservId: z
    .string()
    .regex(/^[^\s;()"]*$/, 'is not an authserv-id: the first word of an Authentication-Results field')
    .optional()
    .describe(
      'First word of the Authentication-Results fields that the receiver writes, such as `mx.google.com`. Fields of others are not believed. `""` if the field begins with a result.',
    ),
  key: secretReferenceSchema.describe(
    'Where a key of 16 characters or more is stored. It signs the token of each message (HMAC), so that no message of others is taken for one of ours.',
  ),
});

export type CheckedRoundTrip = z.output<typeof roundTripSchema>;
