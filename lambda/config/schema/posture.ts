/** The schema of `posture:` and `listKeys:`. Its result is `PostureDomain` of `lambda/config/posture-domain.ts`. */
import { z } from 'zod';
import { host, text } from './values.ts';

const ignoreSchema = z.strictObject({
  code: z.string().describe('Code of the finding, as `smtp-quorum posture` prints it; docs/posture.md lists all.'),
  subject: z
    .string()
    .min(1, 'must not be empty; omit it for all subjects')
    .optional()
    .describe(
      'What the finding is about: a host, an address, or an address on a list, as it is printed. Default: every subject.',
    ),
  reason: text(/\S/, 'must say why').describe('Why it is no problem, for those who read this file later.'),
  until: text(
    /^\d{4}-\d\d-\d\d$/,
    'is not a date: write the year, the month and the day, such as `2027-03-31`',
  ).describe('Last day (UTC) on which it is ignored. After it, the finding is told again.'),
});

const sendersSchema = z.union([z.literal('learn'), z.array(z.string()).min(1, 'must name an address, or be `learn`')]);

const domainSchema = z.strictObject({
  domain: host().describe('Domain of mail addresses.'),
  selectors: z
    .array(
      text(/^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/, 'is not a DKIM selector: it is `s=` in a DKIM-Signature field'),
    )
    .default([])
    .describe('DKIM selectors that are in use. Without any, common ones are tried.'),
  senders: sendersSchema
    .default('learn')
    .describe(
      'IP addresses that send mail of the domain, or `learn`: those of its A and MX records, and of the `ip4` and `ip6` terms of its own SPF record.',
    ),
  lists: z
    .array(text(/^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+$/, 'is not the zone of a DNS list, such as `bl.example.net`'))
    .default([])
    .describe('Zones of further DNS lists that are asked about its addresses. A listing there is a warning.'),
  hosts: z
    .array(host())
    .default([])
    .describe('Further hosts whose certificates are watched, such as `webmail.example.com`.'),
  ignore: z.array(ignoreSchema).default([]).describe('Findings that are not told, each with a reason and a last day.'),
});

export const postureSchema = z
  .union([z.literal(false), z.array(domainSchema).min(1, 'must name a domain')])
  .default([])
  .describe(
    'What is watched of domains besides their servers: DNS, SPF, DKIM, DMARC, MTA-STS, TLS reports, DANE and DNS lists. Each `domain` of a target is watched by itself; an entry here adds to it, or names another domain. `false`: nothing is watched.',
  );

const keySchema = (who: string) =>
  z
    .strictObject({
      secret: z
        .string()
        .min(1, 'must name a secret')
        .optional()
        .describe('Name of a secret in AWS Secrets Manager, in the region of `home`.'),
      env: text(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not the name of an environment variable')
        .optional()
        .describe('Name of an environment variable, for runs on one machine.'),
    })
    .optional()
    .describe(who);

export const listKeysSchema = z
  .strictObject({
    spamhaus: keySchema('Key of the Data Query Service, which has ZEN and DBL.'),
    abusix: keySchema('Key of Abusix Mail Intelligence.'),
  })
  .optional()
  .describe(
    'Keys of DNS lists for their customers: where each is stored, exactly one of `secret` and `env`. This file never contains a key.',
  );
