/**
 * Writes docs/posture.md from the table of codes, and smtp-quorum-posture.schema.json: `npx tsx docs/posture.ts`. A test keeps
 * them equal.
 */

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { POSTURE_AREAS, type PostureCodeRow } from '../lambda/posture/codes/code.ts';
import { POSTURE_CODES } from '../lambda/posture/codes/codes.ts';
import { DEFAULT_LISTS } from '../lambda/standards/dnsbl/lists.ts';
import { markdownTable } from './failures.ts';

const INTRODUCTION = `# Posture

\`npx smtp-quorum posture example.com\` checks what DNS says about the mail of a domain. This page has all codes that it
reports. The codes are stable: scripts may compare them.

- **outcome** is \`pass\`, \`warn\`, \`fail\` or \`unable\`. \`unable\` means that nothing is known: the resolver, a list or the policy host
  could not be asked. It is never a failure, and ranks below a warning: the exit code is that of the worst finding, in the order
  pass (0), unable (3), warn (1), fail (2).
- A finding has the record as it should be, where that is known, as a line of a zone file.
- \`--json\` prints one line; [smtp-quorum-posture.schema.json](../smtp-quorum-posture.schema.json) is its JSON Schema.

## What is checked, and how

- **Addresses.** \`--address\` names an address that sends. Others are learnt: the MX hosts, and \`ip4:\` and \`ip6:\` of the domain's
  own SPF record (never of an include). SPF is evaluated for named addresses only, because an MX host need not send. A missing
  name (PTR) is a failure for a named address, and a warning for a learnt one.
- **SPF.** The evaluation passes the test suite of openspf.org for RFC 7208. Lookups are counted over all terms, also those that an
  evaluation may not reach.
- **DKIM.** DNS cannot list selectors. \`--selector\` names those in use; without it, common ones are tried.
- **DMARC.** RFC 9989, which replaced RFC 7489 in 2026: the record is found by the tree walk, without a list of public suffixes.
- **DNS lists.** Each list is tested first: it must have 127.0.0.2 and must not have 127.0.0.1 (RFC 5782 5). Answers outside of
  127.0.0.0/8, and the refusals 127.255.255.x, are never a listing. The default lists are
  ${DEFAULT_LISTS.map(({ zone }) => `\`${zone}\``).join(', ')};
  \`--list\` names others, also \`<key>.zen.dq.spamhaus.net\` with your key of Spamhaus, which is not printed.
- **Sessions.** One with each MX host, at port 25, shows the names that the server says and the certificates that it presents. It
  ends with QUIT, and no mail is sent. DNS is printed first; what a session adds follows when it ends. Where port 25 is
  blocked, what would be compared is \`unable\`. \`--no-sessions\` leaves them out.
- **Names.** The greeting and the reply to EHLO are compared with the confirmed names of the address.
- **MTA-STS.** The policy is read as senders do; MX hosts and patterns are matched both ways, and MX hosts need a certificate of a
  public authority. A scheduled watch remembers former policies: the findings say which senders may still hold one, until when,
  and whether they deliver to the MX hosts of today. \`--web-host\` names further hosts whose certificates are checked.
- **DANE.** TLSA records are compared with the keys and chains that sessions were served: usages 2 and 3, both selectors, all
  matching types, digest agility (RFC 7671 9). The records are a failure only if the resolver validated them (AD bit); otherwise
  the finding says that this is not known. The renewal guard warns 14 days before a certificate ends if no record is published for
  another key.
- **Bounds.** 600 queries, 10 s (\`--timeout\`), 64 KB of a policy, 60 terms of an SPF tree.

This page is generated from \`lambda/posture/codes/\`; run \`npx tsx docs/posture.ts\` after a change.
`;

const TITLES: Readonly<Record<PostureCodeRow['area'], string>> = {
  any: 'In any area',
  mx: 'MX',
  dns: 'Name servers',
  dnssec: 'DNSSEC',
  spf: 'SPF',
  dkim: 'DKIM',
  dmarc: 'DMARC',
  fcrdns: 'Names of addresses (FCrDNS)',
  dnsbl: 'DNS lists (DNSBL)',
  'mta-sts': 'MTA-STS',
  'tls-rpt': 'TLS reports',
  dane: 'DANE',
  bimi: 'BIMI',
};

export function posturePage(): string {
  return [INTRODUCTION, ...(['any', ...POSTURE_AREAS] as const).map(section)].join('\n');
}

function section(area: PostureCodeRow['area']): string {
  const rows = Object.entries<PostureCodeRow>(POSTURE_CODES).filter(([, row]) => row.area === area);
  const cells = rows.map(([code, { outcome, meaning, hint, rfc }]) => [
    `\`${code}\``,
    outcome,
    meaning,
    hint ?? '',
    rfc,
  ]);
  return `## ${TITLES[area]}\n\n${markdownTable(['code', 'outcome', 'meaning', 'what to do', 'RFC'], cells)}`;
}

const outcome = z.enum(['pass', 'warn', 'fail', 'unable']);

/** What `posture --json` prints. */
export const postureSchema = z.strictObject({
  version: z.literal(1).describe('Number of this format.'),
  at: z.iso.datetime().describe('End of the run, UTC.'),
  domain: z.string(),
  outcome: outcome.describe('The worst outcome, in the order pass, unable, warn, fail.'),
  dnssec: z
    .enum(['judged', 'no-trusted-path', 'not-validating', 'no-answer'])
    .describe(
      'Whether DNSSEC and DANE are judged; if not, why: no resolver is trusted, or it does not validate or answer.',
    ),
  queries: z.int().describe('DNS queries that were sent.'),
  milliseconds: z.int(),
  checks: z
    .array(
      z.strictObject({
        area: z.enum(POSTURE_AREAS),
        code: z.enum(Object.keys(POSTURE_CODES)).describe('docs/posture.md lists them.'),
        outcome: outcome.describe('`unable`: nothing is known.'),
        subject: z.string().describe('A domain, a host, an address, or an address on a list.'),
        detail: z.string().describe('What was found. It may have text from DNS.'),
        meaning: z.string(),
        hint: z.string().nullable(),
        rfc: z.string(),
        publish: z.array(z.string()).describe('Records as they should be, in the format of zone files.'),
        command: z.string().nullable().describe('A command that shows what was found.'),
        evidence: z.array(z.string()),
      }),
    )
    .describe('Worst first.'),
});

export function postureJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(postureSchema), null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(fileURLToPath(new URL('posture.md', import.meta.url)), posturePage());
  writeFileSync(fileURLToPath(new URL('../smtp-quorum-posture.schema.json', import.meta.url)), postureJsonSchema());
}
