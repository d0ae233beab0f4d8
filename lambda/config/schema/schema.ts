/**
 * The config file as people write it: one zod schema, from which come the parser, the JSON Schema for editors
 * (`smtp-quorum.schema.json`) and the reference (`docs/config.md`). Every property is described here and nowhere else.
 *
 * Only what reads the file imports this; the functions on AWS get the checked `Config` as JSON, and no zod with it.
 */
import { z } from 'zod';
import { expectationsSchema } from './expect.ts';
import { localVantage, regionNames } from './regions.ts';
import { address, count, duration, ehloName, email, host, hostAndPort, objective, port, text } from './values.ts';

export const topics = ['down', 'recovered', 'degraded', 'unknown', 'changed', 'blind'] as const;

const vantage = z.enum([...regionNames, localVantage]);

const quorumSchema = z.union([
  z.literal('majority'),
  count(1),
  z.strictObject({
    down: count(1).describe('Votes `down` that make the verdict `down`.'),
    of: count(1).describe('Out of how many vantages; at most as many as there are.'),
  }),
]);

const policyShape = {
  minimumVoters: count(1)
    .optional()
    .describe(
      'Fewer vantages entitled to vote than this, and the verdict is `unknown`. Default: 2, or 1 with a single vantage.',
    ),
  confirm: count(1)
    .optional()
    .describe('Failed rounds in a row before a vantage votes `down`. Default: 1 with a second opinion, else 2.'),
  recover: count(1)
    .optional()
    .describe('Passed rounds in a row before a vantage votes `up` again after it voted `down`. Default: 2.'),
  freshness: z
    .number('must be a number of rounds, 1 or more')
    .min(1, 'must be a number of rounds, 1 or more')
    .optional()
    .describe('A vantage whose last round is older than this many rounds abstains. Default: 2.5.'),
  secondOpinion: z
    .boolean()
    .optional()
    .describe(
      'Ask every entitled vantage to probe again at once when the first of them fails. Default: with two vantages or more.',
    ),
  stagger: z
    .boolean()
    .optional()
    .describe('Vantage k of n starts its round k/n of a round later, so that n vantages look n times as often.'),
  patience: count(1)
    .optional()
    .describe('Rounds that a minority must fail before the target is `degraded`. Default: 15.'),
  silence: count(1)
    .optional()
    .describe('Rounds that a verdict must stay `unknown` before people are told. Default: 2.'),
  flaps: count(1)
    .optional()
    .describe('More changes of verdict than this in an hour are one flapping incident. Default: 6.'),
};

/** The settings of the quorum's policy, which have their defaults in `consensus/policy.ts`. */
export const policySettings = Object.keys(policyShape) as (keyof typeof policyShape)[];

const notifySchema = z.strictObject({
  email: email().optional().describe('E-mail address; SNS asks it to confirm once, within 48 hours.'),
  sms: text(
    /^\+[1-9]\d{6,14}$/,
    'is no telephone number in E.164 form: a plus sign, the country code, then digits, such as `"+15555550100"`',
  )
    .optional()
    .describe('Telephone number in E.164 form, in quotes: `"+15555550100"`.'),
  webhook: z
    .string()
    .optional()
    .describe('`https://` (or, on one machine, `http://`) address that gets each alert as JSON by POST.'),
  when: z
    .array(z.enum(topics))
    .min(1, 'must name at least one topic; leave it out for the default')
    .optional()
    .describe('Which alerts to send. Default: all of them to e-mail and webhooks; `down` and `recovered` by SMS.'),
});

const passwordSchema = z.strictObject({
  secret: z
    .string()
    .min(1, 'must name a secret')
    .optional()
    .describe('Name of a secret in AWS Secrets Manager, in the region of the vantage or of `home`.'),
  env: text(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is no name of an environment variable')
    .optional()
    .describe('Name of an environment variable, for runs on one machine.'),
});

const authSchema = z.strictObject({
  user: text(/^\P{Cc}+$/u, 'must not be empty, and has no control characters or line ends').describe('User name.'),
  password: passwordSchema.describe(
    'Where the password is kept: exactly one of `secret` and `env`. The password itself is never in this file.',
  ),
  mechanism: z
    .enum(['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'])
    .optional()
    .describe('SASL mechanism. Default: the best that the server offers.'),
});

const targetSchema = z.strictObject({
  id: text(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
    'must be letters, digits, dots, dashes and underscores, 63 at most, beginning with a letter or digit',
  ).describe('Name of the target in alerts, history and queries. Keep it for as long as its history matters.'),
  host: host().optional().describe('Host name or IP address. Exactly one of `host` and `domain` is given.'),
  domain: host()
    .optional()
    .describe('Mail domain: every host of its MX records is probed, and it is down when none accepts.'),
  port: port().default(25).describe('TCP port.'),
  security: z
    .enum(['none', 'starttls', 'starttls-if-offered', 'tls'])
    .optional()
    .describe(
      '`starttls` (must be offered), `starttls-if-offered`, `tls` from the first byte, or `none`. Default: `tls` on port 465, else `starttls`.',
    ),
  family: z
    .union([z.literal('any'), z.literal(4), z.literal(6), z.literal('each')])
    .default('any')
    .describe('Address family: `any`, `4`, `6`, or `each` for one sample per family.'),
  helo: z
    .enum(['auto', 'ehlo', 'helo'])
    .default('auto')
    .describe('Greeting command: EHLO with HELO as fall-back (`auto`), or only one of them.'),
  serverName: host()
    .optional()
    .describe('Name that the certificate must bear and that is sent as SNI, where it is not `host`.'),
  ca: z
    .string()
    .min(1, 'must name a file')
    .optional()
    .describe('PEM file of the authorities to trust instead of the public ones; its path is relative to this file.'),
  insecure: z.boolean().default(false).describe('Look at the certificate, but do not judge it.'),
  auth: authSchema.optional().describe('Log in, with these credentials.'),
  mailFrom: z
    .union([z.literal(''), address()], 'is no e-mail address (nor `""`, the null sender)')
    .optional()
    .describe(
      'Sender of the mail transaction (MAIL FROM); `""` is the null sender. The transaction ends with RSET, and no mail is sent, unless `deliver` says so.',
    ),
  rcptTo: z
    .array(address())
    .min(1, 'must name at least one recipient')
    .optional()
    .describe('Recipients to offer in the mail transaction (RCPT TO).'),
  slo: objective().optional().describe("The target's own objective. Default: that of the top level."),
  deliver: z
    .boolean()
    .optional()
    .describe(
      '`true` sends a small mail to `rcptTo` (DATA): **one each round from each vantage**, 1,440 a day at `every: 1m`, and as many for each MX host of a `domain` and each family of `family: each`; second opinions send more. Let a mailbox take them that is emptied by itself. Default: `false`.',
    ),
  timeout: duration().prefault('20s').describe('Deadline of one probe, `1s` to `50s`.'),
  expect: expectationsSchema
    .optional()
    .describe('What the target must offer beyond answering, and how bad it is when it does not.'),
});

export const configSchema = z
  .strictObject({
    name: text(
      /^[a-z][a-z0-9-]{0,39}$/,
      'must be small letters, digits and dashes, 40 at most, beginning with a letter',
    )
      .default('smtp-quorum')
      .describe('Prefix of the names of stacks, table, topic and bus. Change it to run two monitors in one account.'),
    home: vantage.optional().describe('Region of the table, the judge and the alerts. Default: the first vantage.'),
    vantages: z
      .array(vantage)
      .min(1, 'must name at least one vantage')
      .default([localVantage])
      .describe('Where probes run: AWS regions, or `local` alone for one machine.'),
    every: duration()
      .prefault('1m')
      .describe(
        'Length of a round. Whole minutes on AWS (EventBridge Scheduler knows no less); on one machine `5s` or more.',
      ),
    quorum: quorumSchema
      .default('majority')
      .describe(
        'Votes `down` that make a target down: `majority` of those entitled to vote, a number, or `{ down: 2, of: 3 }`.',
      ),
    ...policyShape,
    ehloName: ehloName()
      .optional()
      .describe(
        'Name that the probes give in EHLO; a real name of yours, for servers judge it. `{vantage}` in it is the vantage: `probe-{vantage}.example.com`. Required on AWS; on one machine its full name by default, or its address.',
      ),
    control: hostAndPort()
      .optional()
      .describe(
        'A mail server outside your targets, `host:port`, that every vantage probes too: a vantage that cannot reach it (AWS blocks port 25 until asked) is blind and does not vote.',
      ),
    slo: objective()
      .optional()
      .describe('Share of the time, in percent, that targets are to be up: `report` holds them to it.'),
    notify: z
      .array(notifySchema)
      .default([])
      .describe('Whom to tell: each entry has exactly one of `email`, `sms` and `webhook`.'),
    targets: z
      .array(targetSchema)
      .min(1, 'must name at least one target')
      .describe('The SMTP endpoints that are watched.'),
  })
  .describe('Configuration of smtp-quorum.');

/** What people write. */
export type WrittenConfig = z.input<typeof configSchema>;
/** The same, each value checked and each default that depends on nothing else filled in. */
export type CheckedConfig = z.output<typeof configSchema>;
export type CheckedTarget = CheckedConfig['targets'][number];
export type CheckedNotify = CheckedConfig['notify'][number];
