import { Command } from 'commander';
import { asciiJson } from '../../lambda/alert/words/safe-text.ts';
import { parseDuration } from '../../lambda/config/schema/duration.ts';
import { dnsOfRun } from '../../lambda/dns/records/dns-of-run.ts';
import { LOOKUP_BOUNDS } from '../../lambda/dns/records/query-budget.ts';
import { systemServers } from '../../lambda/dns/transport/system-servers.ts';
import { certificateFetch } from '../../lambda/posture/certificate-fetch.ts';
import { checkPosture, postureOutcome } from '../../lambda/posture/check-posture.ts';
import { explainDmarc, explainSpf } from '../../lambda/posture/explain.ts';
import { fetchOnce, policyFetch } from '../../lambda/posture/policy-fetch.ts';
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
import { followSessions, type SessionPlace, startSessions, withSessions } from './posture-sessions.ts';

interface PostureOptions {
  readonly selector?: readonly string[];
  readonly address?: readonly string[];
  readonly list?: readonly string[];
  /** False with `--no-lists`. */
  readonly lists: boolean;
  readonly webHost?: readonly string[];
  /** False with `--no-sessions`. */
  readonly sessions: boolean;
  readonly resolver?: readonly string[];
  readonly timeout: string;
  readonly all?: true;
  readonly json?: true;
  readonly explain?: string;
}

const HELP = `
Checks what DNS says about the mail of a domain: MX, name servers, DNSSEC, SPF, DKIM, DMARC, names of addresses, DNS
lists, MTA-STS, TLS reports, DANE and BIMI. It needs no config, and sends no mail. The worst findings come first, with
DNS records to paste.

One session with each MX host shows which names and certificates it presents, and they are compared with the records. DNS is
shown within the deadline; what sessions add follows as each ends, within 20 s. Where port 25 is blocked, it is 'unable'.

Examples:
  smtp-quorum posture example.com
  smtp-quorum posture example.com --selector s1 --selector s2 --address 192.0.2.25
  smtp-quorum posture example.com --resolver 127.0.0.1    lists refuse many public resolvers
  smtp-quorum posture example.com --resolver tls://dns.example.com --resolver https://dns.example.net/dns-query
  smtp-quorum posture example.com --list bl.spamcop.net   one list only
  smtp-quorum posture example.com --explain spf           which term causes which DNS lookups
  smtp-quorum posture example.com --no-sessions           DNS and the policy of MTA-STS only
  smtp-quorum posture example.com --json | jq -r '.checks[] | select(.outcome == "fail") | .code'

A record that could not be looked up is 'unable', and never a failure. A list is asked only after it passed its self-test.
DNSSEC and DANE are judged with a validating resolver on this machine, or two independent ones with DNS over TLS or HTTPS.
docs/posture.md lists every code and every DNS list.

Environment:
  SMTP_QUORUM_SPAMHAUS_KEY   key of the Data Query Service of Spamhaus; it is never printed
  SMTP_QUORUM_ABUSIX_KEY     key of Abusix; it is never printed

Exit codes of monitoring plugins:
  0 pass   1 warn   2 fail   3 unable to check, or bad usage`;

/** @param place where sessions with the MX hosts go */
export function postureCommand(place: SessionPlace = { port: 25 }): Command {
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
    .option('--web-host <host>', 'host whose certificate is checked, such as webmail; can be repeated', collect)
    .option('--no-sessions', 'hold no session with the MX hosts')
    .option('--timeout <duration>', 'deadline of DNS and policies, such as 5s', '10s')
    .option('--all', 'explain also what passes')
    .option('--json', 'print one line of JSON')
    .option('--explain <area>', 'show the tree of SPF lookups (spf), or where the DMARC record is found (dmarc)')
    .addHelpText('after', HELP)
    .action((domain: string, options: PostureOptions) => run(domain, options, place));
}

/** Milliseconds. A query of one silent resolver fails after 3 s, so that others of the same run still have time. */
const TIMING = { patience: 1_000, retry: 1_000, limit: 2_500 };
/** Milliseconds for the certificate of a web host: a silent one does not delay the rest until the deadline. */
const CERTIFICATE = 4_000;

async function run(text: string, options: PostureOptions, place: SessionPlace): Promise<void> {
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
    webHosts: (options.webHost ?? []).map(domainArgument),
    fetchUrl: (url, addresses) => urlFetch({ within: until - performance.now() })(url, addresses),
    fetchCertificate: (host, addresses) =>
      certificateFetch({ port: 443, within: Math.min(CERTIFICATE, until - performance.now()) })(host, addresses),
    fetchPolicy: fetchOnce((host, addresses) => policyFetch({ within: until - performance.now() })(host, addresses)),
  };
  if (explained !== null) return explain(explained, context).finally(dns.close);
  const starting = options.sessions ? startSessions(domain, context.lookup, place) : Promise.resolve([]);
  const before = await checkPosture(context);
  const sessions = await starting;
  const findings = options.json ? await withSessions(context, before, await Promise.all(sessions)) : before;
  const validator = await dns.validator();
  const run = {
    domain,
    findings,
    dnssec: typeof validator === 'string' ? validator : ('judged' as const),
    queries: dns.queries(),
    milliseconds: performance.now() - started,
  };
  process.stdout.write(
    options.json
      ? `${asciiJson(postureDocument(run, new Date().toISOString()))}\n`
      : postureText(run, options.all === true, screenOf(process.stdout)),
  );
  const printer = { write, all: options.all === true, screen: screenOf(process.stdout) };
  const all = options.json ? findings : await followSessions(context, findings, sessions, printer);
  dns.close();
  process.exitCode = EXIT_CODES[postureOutcome(all)];
}

function write(text: string): void {
  process.stdout.write(text);
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
