import { Command } from 'commander';
import { asciiJson } from '../../lambda/alert/words/safe-text.ts';
import { parseDuration } from '../../lambda/config/schema/duration.ts';
import { dnsOfRun } from '../../lambda/dns/records/dns-of-run.ts';
import { LOOKUP_BOUNDS } from '../../lambda/dns/records/query-budget.ts';
import { systemServers } from '../../lambda/dns/transport/system-servers.ts';
import { checkPosture, postureOutcome } from '../../lambda/posture/check-posture.ts';
import { explainDmarc, explainSpf } from '../../lambda/posture/explain.ts';
import { policyFetch } from '../../lambda/posture/policy-fetch.ts';
import type { PostureContext } from '../../lambda/posture/posture-context.ts';
import { urlFetch } from '../../lambda/posture/url-fetch.ts';
import type { DnsList } from '../../lambda/standards/dnsbl/dns-list.ts';
import { listOfZone } from '../../lambda/standards/dnsbl/list-keys.ts';
import { DEFAULT_LISTS } from '../../lambda/standards/dnsbl/lists.ts';
import {
  addressArguments,
  domainArgument,
  type Explained,
  explainArgument,
  listArguments,
  listKeysOf,
  resolverArgument,
  selectorArguments,
} from '../arguments/posture/posture-arguments.ts';
import { EXIT_CODES, UsageError } from '../arguments/usage-error.ts';
import { screenOf } from '../display/layout/screen.ts';
import { explanationText } from '../display/posture/explanation.ts';
import { postureText } from '../display/posture/findings.ts';
import { postureDocument } from '../display/posture/json-document.ts';

interface PostureOptions {
  readonly selector?: readonly string[];
  readonly address?: readonly string[];
  readonly list?: readonly string[];
  /** False with `--no-lists`. */
  readonly lists: boolean;
  readonly resolver?: readonly string[];
  readonly timeout: string;
  readonly all?: true;
  readonly json?: true;
  readonly explain?: string;
}

const HELP = `
Checks what DNS says about the mail of a domain: MX, name servers, DNSSEC, SPF, DKIM, DMARC, names of addresses, DNS
lists, MTA-STS, TLS reports and DANE. It needs no config, and sends no mail. The worst findings come first, with DNS records to paste.

Examples:
  smtp-quorum posture example.com
  smtp-quorum posture example.com --selector s1 --selector s2 --address 192.0.2.25
  smtp-quorum posture example.com --resolver 127.0.0.1    lists refuse many public resolvers
  smtp-quorum posture example.com --resolver tls://dns.example.com --resolver https://dns.example.net/dns-query
  smtp-quorum posture example.com --list bl.spamcop.net   one list only
  smtp-quorum posture example.com --explain spf           which term causes which DNS lookups
  smtp-quorum posture example.com --json | jq -r '.checks[] | select(.outcome == "fail") | .code'

A record that could not be looked up is 'unable', and never a failure. A list is asked only after it passed its self-test.
DNSSEC and DANE are judged with a validating resolver on this machine, or two independent ones with DNS over TLS or HTTPS.
docs/posture.md lists every code and every DNS list.

Environment:
  SMTP_QUORUM_SPAMHAUS_KEY   key of the Data Query Service of Spamhaus; it is never printed
  SMTP_QUORUM_ABUSIX_KEY     key of Abusix; it is never printed

Exit codes of monitoring plugins:
  0 pass   1 warn   2 fail   3 unable to check, or bad usage`;

export function postureCommand(): Command {
  return new Command('posture')
    .argument('<domain>', 'domain of mail addresses, such as example.com')
    .option('--selector <name>', 'DKIM selector that is in use; can be repeated (default: common ones)', collect)
    .option('--address <address>', 'address that sends mail of the domain; can be repeated', collect)
    .option('--list <zone>', 'DNS list to ask instead of the default ones; can be repeated', collect)
    .option('--no-lists', 'ask no DNS list')
    .option(
      '--resolver <address>',
      'resolver to ask, also tls:// or https://; can be repeated (default: the system)',
      collect,
    )
    .option('--timeout <duration>', 'deadline, such as 5s', '10s')
    .option('--all', 'explain also what passes')
    .option('--json', 'print one line of JSON')
    .option('--explain <area>', 'show the tree of SPF lookups (spf), or where the DMARC record is found (dmarc)')
    .addHelpText('after', HELP)
    .action(run);
}

/** Milliseconds. A query of one silent resolver fails after 3 s, so that others of the same run still have time. */
const TIMING = { patience: 1_000, retry: 1_000, limit: 2_500 };

async function run(text: string, options: PostureOptions): Promise<void> {
  const domain = domainArgument(text);
  const timeout = timeoutArgument(options.timeout);
  const explained = explainArgument(options);
  const system = systemServers();
  const resolvers = options.resolver?.map(resolverArgument) ?? system;
  const started = performance.now();
  const until = started + timeout;
  const dns = dnsOfRun(resolvers, {
    timing: TIMING,
    systemServers: system,
    bounds: { ...LOOKUP_BOUNDS, deadline: timeout },
  });
  const context: PostureContext = {
    domain,
    ...dns,
    selectors: selectorArguments(options.selector ?? []),
    senders: addressArguments(options.address ?? []),
    lists: listsOf(options),
    listKeys: listKeysOf(process.env),
    fetchUrl: (url, addresses) => urlFetch({ within: until - performance.now() })(url, addresses),
    fetchPolicy: (host, addresses) => policyFetch({ port: 443, within: until - performance.now() })(host, addresses),
  };
  if (explained !== null) return explain(explained, context).finally(dns.close);
  const findings = await checkPosture(context);
  const validator = await dns.validator();
  const run = {
    domain,
    findings,
    dnssec: typeof validator === 'string' ? validator : ('judged' as const),
    queries: dns.queries(),
    milliseconds: performance.now() - started,
  };
  dns.close();
  process.stdout.write(
    options.json
      ? `${asciiJson(postureDocument(run, new Date().toISOString()))}\n`
      : postureText(run, options.all === true, screenOf(process.stdout)),
  );
  process.exitCode = EXIT_CODES[postureOutcome(findings)];
}

const EXPLAIN = { spf: explainSpf, dmarc: explainDmarc } as const;

async function explain(area: Explained, context: PostureContext): Promise<void> {
  const explanation = await EXPLAIN[area](context);
  process.stdout.write(explanationText(explanation, screenOf(process.stdout)));
  process.exitCode = EXIT_CODES[postureOutcome(explanation.findings)];
}

function listsOf({ list, lists }: PostureOptions): readonly DnsList[] {
  if (!lists) return [];
  return list === undefined ? DEFAULT_LISTS : listArguments(list).map(listOfZone);
}

function timeoutArgument(text: string): number {
  const timeout = parseDuration(text);
  if (timeout !== null && timeout >= 1_000 && timeout <= 60_000) return timeout;
  throw new UsageError(`--timeout: '${text}' is not a duration from 1s to 60s`);
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}
