/**
 * The schema of the config file in zod. The parser, the JSON Schema for editors (`smtp-quorum.schema.json`) and the reference
 * (`docs/config.md`) are derived from it. Every property is described here only.
 *
 * Lambda functions do not import this file: they get the validated `Config` as JSON, so that zod is not in their bundles.
 */
import { z } from 'zod';
import { answersSchema } from './answers/answers.ts';
import { localVantage, regionNames } from './aws-regions.ts';
import { bouncesSchema } from './bounces.ts';
import { credentialsSchema } from './credentials.ts';
import { expectationsSchema } from './expect.ts';
import { maintenanceSchema } from './maintenance.ts';
import { drillSchema } from './notify/drill.ts';
import { notifySchema } from './notify/notify.ts';
import { relaySchema } from './outgoing-mail-server.ts';
import { statusPageSchema } from './page/status-page-schema.ts';
import { listKeysSchema, postureSchema } from './posture.ts';
import { roundTripSchema } from './round-trips.ts';
import {
  address,
  count,
  duration,
  ehloName,
  host,
  hostAndPort,
  objective,
  port,
  resolver,
  tag,
  text,
} from './values.ts';

const vantage = z.enum([...regionNames, localVantage]);

const quorumSchema = z.union([
  z.literal('majority'),
  count(1),
  z.strictObject({
    down: count(1).describe('Votes `down` that make the verdict `down`.'),
    of: count(1).describe('Out of how many vantages; at most the number of vantages.'),
  }),
]);

const policyShape = {
  minimumVoters: count(1)
    .optional()
    .describe(
      'With fewer vantages entitled to vote, the verdict is `unknown`. Default: 2, or 1 with a single vantage.',
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
    .describe(
      'Maximum age of the last round of a vantage, in rounds. A vantage with an older one abstains. Default: 2.5.',
    ),
  secondOpinion: z
    .boolean()
    .optional()
    .describe(
      'When the first vantage fails, all entitled vantages probe again at once. Default: `true` with two vantages or more.',
    ),
  stagger: z
    .boolean()
    .optional()
    .describe('Vantage k of n starts k/n of a round later, so that n vantages probe n times as often.'),
  patience: count(1)
    .optional()
    .describe('Rounds that a minority must fail before the target is `degraded`. Default: 15.'),
  silence: count(1)
    .optional()
    .describe('Rounds that a verdict must stay `unknown` before an alert is sent. Default: 2.'),
  flaps: count(1).optional().describe('More changes of verdict in an hour are one flapping incident. Default: 6.'),
};

/** The settings of the policy. `policyDefaults` of `consensus/judgement/policy.ts` has their defaults. */
export const policySettings = Object.keys(policyShape) as (keyof typeof policyShape)[];

const targetSchema = z.strictObject({
  id: text(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
    'must be letters, digits, dots, dashes and underscores, 63 at most, and begin with a letter or digit',
  ).describe('Name of the target in alerts, history and queries. A changed id starts a new history.'),
  host: host().optional().describe('Host name or IP address. Give exactly one of `host` and `domain`.'),
  domain: host()
    .optional()
    .describe('Mail domain. Every host of its MX records is probed. It is down if none accepts mail.'),
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
    .describe('Greeting command: EHLO with HELO as fallback (`auto`), or only one of them.'),
  serverName: host().optional().describe('Name for SNI and for the certificate, if it differs from `host`.'),
  ca: z
    .string()
    .min(1, 'must name a file')
    .optional()
    .describe('PEM file with the trusted authorities, instead of the public ones. Its path is relative to this file.'),
  insecure: z.boolean().default(false).describe('Record the certificate, but do not validate it.'),
  auth: credentialsSchema.optional().describe('Log in, with these credentials.'),
  mailFrom: z
    .union([z.literal(''), address()], 'is not an e-mail address (or `""`, the null sender)')
    .optional()
    .describe(
      'Sender of the mail transaction (MAIL FROM); `""` is the null sender. The transaction ends with RSET, and no mail is sent, unless `deliver` is `true`.',
    ),
  rcptTo: z
    .array(address())
    .min(1, 'must name at least one recipient')
    .optional()
    .describe('Recipients of the mail transaction (RCPT TO).'),
  slo: objective()
    .optional()
    .describe('Availability objective of the target in percent. Default: that of the top level.'),
  tags: z
    .array(tag())
    .min(1, 'must name at least one tag; omit it for none')
    .max(8, 'must name eight tags at most')
    .optional()
    .describe(
      'Short words that group targets, such as `[edge, inbound]`: letters, digits and dashes. `report --tag edge` selects by them.',
    ),
  behind: z
    .array(z.string())
    .min(1, 'must name at least one target; omit it for none')
    .max(8, 'must name eight targets at most')
    .optional()
    .describe(
      'Ids of targets through which this one is reached. While one of them is down, this one is told as part of it.',
    ),
  deliver: z
    .boolean()
    .optional()
    .describe(
      '`true` sends a small mail to `rcptTo` (DATA): **one each round from each vantage**, 1,440 a day at `every: 1m`, and as many for each MX host of a `domain` and each family of `family: each`; second opinions send more. Use a mailbox that is emptied automatically. Default: `false`.',
    ),
  timeout: duration().prefault('20s').describe('Deadline of one probe, `1s` to `50s`.'),
  expect: expectationsSchema
    .optional()
    .describe('Requirements for the target, each with the outcome if it is not met.'),
});

export const configSchema = z
  .strictObject({
    name: text(
      /^[a-z][a-z0-9-]{0,39}$/,
      'must be lower case letters, digits and dashes, 40 at most, and begin with a letter',
    )
      .default('smtp-quorum')
      .describe('Prefix of the names of stacks, table, topic and bus. Change it to run two monitors in one account.'),
    home: vantage
      .optional()
      .describe('Region of the table, the judge and the alerts. Required on AWS. Default: the first vantage.'),
    vantages: z
      .array(vantage)
      .min(1, 'must name at least one vantage')
      .default([localVantage])
      .describe('Where probes run: AWS regions, or `local` alone for one machine.'),
    every: duration()
      .prefault('1m')
      .describe(
        'Length of a round. Whole minutes on AWS, which is the resolution of EventBridge Scheduler; on one machine `5s` or more.',
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
        'Name for EHLO. Use a name that resolves, because servers check it. `{vantage}` is replaced by the vantage: `probe-{vantage}.example.com`. Required on AWS. Default on one machine: its full name, or its address.',
      ),
    control: hostAndPort()
      .optional()
      .describe(
        'A mail server outside your targets, `host:port`, that every vantage probes. A vantage that cannot reach it (AWS blocks port 25 by default) is blind and does not vote.',
      ),
    resolver: z
      .array(resolver())
      .min(1, 'must name at least one resolver; omit it for those of the machine')
      .max(8, 'must name eight resolvers at most')
      .optional()
      .describe(
        'Resolvers that posture checks ask, in turn: addresses (`192.0.2.53`, `192.0.2.53:5353`), DNS over TLS (`tls://dns.example.com`, `tls://192.0.2.53#dns.example.com`) or DNS over HTTPS (`https://dns.example.com/dns-query`). With `127.0.0.1`, or two of TLS or HTTPS from different operators, DNSSEC and DANE are judged. DNS lists are never asked through HTTPS. Probes ask the resolvers of the machine. Default: those, also for posture.',
      ),
    slo: objective()
      .optional()
      .describe('Availability objective of the targets in percent. `report` compares them with it.'),
    notify: z
      .array(notifySchema)
      // What each was told of an incident is kept in one item.
      .max(300, 'must have 300 entries at most')
      .default([])
      .describe('Where alerts are sent. Each entry has exactly one receiver, such as `email`, `webhook` or `slack`.'),
    smtp: relaySchema
      .optional()
      .describe('The mail server through which one machine sends e-mail. On AWS, SNS sends it.'),
    answers: answersSchema,
    drill: drillSchema,
    heartbeat: z
      .string()
      .optional()
      .describe(
        "`https://` URL (on one machine also `http://`) of a dead man's switch. It is fetched (GET) after each complete pass of the judge, at most twice in a round; the service at the URL alerts you if that stops.",
      ),
    maintenance: maintenanceSchema,
    posture: postureSchema,
    listKeys: listKeysSchema,
    bounces: bouncesSchema,
    statusPage: statusPageSchema,
    targets: z.array(targetSchema).min(1, 'must name at least one target').describe('The monitored SMTP endpoints.'),
    roundTrips: z
      .array(roundTripSchema)
      .max(20, 'must name twenty round trips at most')
      .optional()
      .describe('Messages that are sent and looked for in a mailbox.'),
  })
  .describe('Configuration of smtp-quorum.');

/** The config as written. */
/** The validated config, with the defaults that do not depend on other values. */
export type CheckedConfig = z.output<typeof configSchema>;
export type CheckedTarget = CheckedConfig['targets'][number];
