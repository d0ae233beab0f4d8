/**
 * Writes docs/posture.md from the table of codes, and smtp-quorum-posture.schema.json: `npx tsx docs/posture.ts`. A test keeps
 * them equal.
 */

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { POSTURE_AREAS, type PostureCodeRow } from '../lambda/posture/codes/code.ts';
import { POSTURE_CODES } from '../lambda/posture/codes/codes.ts';
import type { DnsList } from '../lambda/standards/dnsbl/dns-list.ts';
import { DNS_LISTS } from '../lambda/standards/dnsbl/lists.ts';
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

- **Addresses.** \`--address\` names an address that sends. Others are learnt: those that the domain's own SPF record names (\`ip4:\`
  up to a /29, \`ip6:\` of one address, \`mx\`, and \`a\` with a host of the domain; never those of an include), the MX hosts, and the
  A and AAAA records of the domain. A scheduled watch learns them from [round trips](roundtrip.md#what-posture-learns), too: such an address
  surely sends. A listing of an address that neither you, nor the SPF record, nor a round trip names is a warning: it need not send.
  SPF is evaluated for named addresses only. A missing name (PTR) is a failure for a named address and for one of a round trip, and
  a warning for another learnt one; for an address of the domain itself, which may be a web server, it is no finding.
- **Resolvers.** \`--resolver\` and the config key \`resolver\` take addresses (\`192.0.2.53\`, \`192.0.2.53:5353\`,
  \`[2001:db8::53]:53\`), DNS over TLS (\`tls://dns.example.com\`, \`tls://192.0.2.53#dns.example.com\`) and DNS over HTTPS
  (\`https://dns.example.com/dns-query\`, RFC 8484 over HTTP/2). They are asked in turn, those first that can authenticate answers:
  the next one after 1 s, or at once if one fails. DNS lists refuse public resolvers, so that they are never asked through
  HTTPS: the other resolvers are, or those of the machine.
- **Name servers.** Each server of the zone is asked without recursion, at one public IPv4 and one IPv6 address. No question goes
  to an address that is not public. One that is silent is \`unable\`, unless all are and the servers of the parent answer.
  Serials are compared among servers with the same primary, a second time after 1.5 s. The serial is a part of the subject, so
  that a watch, which reports what two runs have found, never reports a zone transfer. A host without an IPv6 address is shown, and is
  no warning.
- **DNSSEC** is judged by the AD bit of a resolver. It counts only if nobody between can set it: from a resolver on the loopback
  interface (a forwarder there that copies the bit is trusted as it is), or from two resolvers with DNS over TLS or HTTPS and
  different names that agree on the records. Otherwise DNSSEC and DANE are not judged. That is no finding; a line at the end
  says it. Two such resolvers on the command line turn it on:

      smtp-quorum posture example.com --resolver https://dns.quad9.net/dns-query --resolver https://cloudflare-dns.com/dns-query

  or, with a validating resolver such as unbound on this machine, \`--resolver 127.0.0.1\`. In a config:

      resolver: ["https://dns.quad9.net/dns-query", "https://cloudflare-dns.com/dns-query"]

  An answer that is refused with validation (SERVFAIL) and given without it (CD bit), twice, is bogus. Signatures are about to end
  in the last tenth of their lifetime, at most 3 days.
- **SPF.** The evaluation passes all 203 cases of the test suite of openspf.org for RFC 7208, with its explanations. Lookups are
  counted over all terms, also those that an evaluation may not reach. \`--explain spf\` prints the tree of them: which term causes
  how many, and where the limit of 10 is reached.
- **DKIM.** DNS cannot list selectors. \`--selector\` names those in use; without it, common ones are tried.
  A scheduled watch adds those that sign its [round trips](roundtrip.md#what-posture-learns).
- **DMARC.** RFC 9989, which replaced RFC 7489 in 2026: the record is found by the tree walk, without a list of public suffixes;
  \`--explain dmarc\` prints it. Of an enforced policy, mail must be able to pass: by a DKIM key of the domain, or of its
  organizational domain if alignment is relaxed, or by SPF. A domain whose SPF record allows nobody sends no mail.
- **DNS lists.** Each list is tested first: a list of addresses must have 127.0.0.2 and must not have 127.0.0.1, one of domains
  must have its test entry and must not have \`invalid\` (RFC 5782 5). Answers outside of 127.0.0.0/8, and refusals such as
  127.255.255.x, are never a listing. At most four questions at a time go to a list. [The lists](#the-dns-lists) are below;
  \`--list\` names others. Keys of Spamhaus and Abusix are read from \`SMTP_QUORUM_SPAMHAUS_KEY\` and \`SMTP_QUORUM_ABUSIX_KEY\`, or
  are the first label of a zone such as \`<key>.zen.dq.spamhaus.net\`; they are not printed.
- **BIMI.** The record, the profile of the logo, and names and time of its certificate; not the authority that signed it. A domain
  without a record has no finding. Hosts with private addresses are not asked.
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
- **Bounds.** 600 queries, 10 s (\`--timeout\`), 64 KB of a policy, 256 KB of a file of BIMI, 60 terms of an SPF tree.

## How it is watched

The monitor watches each \`domain\` target by itself, and the domains under \`posture\` of [the config](config.md#posture-and-listkeys).

- **When.** DNS lists are asked each quarter of an hour; everything else each hour, and in the next run if the domain is new or an hour
  was missed. On AWS a run begins at a moment of EventBridge's choice within ten minutes, so that lists are not asked by everybody on
  the minute. A list that allows less is asked less often.
- **Where from.** On AWS from the home region and the first vantage in another region, because answers of DNS differ by place; on one
  machine from there. Port 25 is not needed: what the sessions of the probes were served is read from the table.
- **Bounds.** At most 4 questions at a time to the resolver, 600 questions and 30 s for one domain, and one cache for all domains of a run. A
  run ends within 5 minutes. It says which domains had no time, and the next run begins with them.
- **What is reported.** A finding is reported when two runs of each vantage have it, and is over when two runs of each do not.
  A finding that is \`unable\` does not begin or end another one. \`ignore\` keeps a finding from being reported until its last day.
- **What a list refuses.** Many lists refuse the shared resolvers of a cloud: their findings are then \`unable\`. \`npx smtp-quorum doctor\`
  shows which lists answer from where the functions run. \`listKeys\` says where the keys of Spamhaus and Abusix are stored; \`resolver\`
  names a resolver of your own.
- **DNSSEC and DANE on AWS** need two resolvers of different operators whose certificates prove who answers:
  \`resolver: [https://dns.quad9.net/dns-query, https://cloudflare-dns.com/dns-query]\`. Without them they are not judged.
- **What it costs.** \`npx smtp-quorum cost --config FILE\` has its lines: about a dollar a month for 100 domains at list prices, most of it
  within the free tier.

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
  return [INTRODUCTION, ...(['any', ...POSTURE_AREAS] as const).map(section), listSection()].join('\n');
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

/** When the list is asked. */
function asked({ registered, needsKey }: DnsList): string {
  if (registered) return 'only if named: it answers registered resolvers';
  return needsKey ? 'with a key' : 'by default';
}

const KINDS: Readonly<Record<DnsList['kind'], string>> = {
  addresses: 'addresses',
  domains: 'domains',
  allowed: 'addresses that send wanted mail',
};

function listSection(): string {
  const rows = DNS_LISTS.map((list) => [
    `[${list.name}](${list.page})`,
    `\`${list.zone}\``,
    KINDS[list.kind],
    list.kind === 'allowed' ? 'information' : list.weight,
    asked(list),
    `${list.everyAtLeast / 60} min`,
    list.seen,
  ]);
  const titles = ['list and its policy', 'zone', 'has', 'a listing is', 'asked', 'every, at least', 'looked up'];
  return `## The DNS lists\n\nLists that ended, and lists of whole networks such as UCEPROTECT 2 and 3, are not here.\n\n${markdownTable(titles, rows)}`;
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
        check: z
          .string()
          .describe('What was checked: area and subject. It is the same from run to run, whatever is found.'),
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
