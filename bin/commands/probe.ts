import { Command, Option } from 'commander';
import { asciiJson } from '../../lambda/alert/words/safe-text.ts';
import type { Credentials, Security } from '../../lambda/smtp/endpoint/endpoint.ts';
import type { TlsVersion } from '../../lambda/smtp/endpoint/expectations.ts';
import { type ProbeTarget, probeTarget } from '../../lambda/smtp/probe-target.ts';
import type { Sample } from '../../lambda/smtp/sample/sample.ts';
import { configTarget } from '../arguments/config-target.ts';
import { changedTarget, type TargetOptions, targetOf } from '../arguments/probe-target.ts';
import { EXIT_CODES } from '../arguments/usage-error.ts';
import { screenOf } from '../display/layout/screen.ts';
import { sampleText } from '../display/probe/sample.ts';

interface ProbeOptions extends TargetOptions {
  readonly json?: true;
  readonly transcript?: true;
}

const HELP = `
Examples:
  smtp-quorum probe mx1.example.com                      port 25, STARTTLS required
  smtp-quorum probe smtp.example.com:465                 implicit TLS
  smtp-quorum probe example.com --mx                     every MX host of a domain
  smtp-quorum probe '[2001:db8::1]:25' --security none   an IPv6 address, without TLS
  smtp-quorum probe smtp.example.com:587 --user probe@example.com --password-env SMTP_PASSWORD
  smtp-quorum probe mx1.example.com --mail-from '' --rcpt-to postmaster@example.com
  smtp-quorum probe mx1.example.com --rcpt-to sink@example.com --deliver
  smtp-quorum probe mx1.example.com --warn-after 2s --warn-days 14 --rejects nobody@example.org
  smtp-quorum probe mx1                                  target mx1 of smtp-quorum.yaml
  smtp-quorum probe mx1 --config mail.yaml --timeout 5s
  smtp-quorum probe mx1.example.com --json | jq .timings

Without --deliver no mail is sent: --rcpt-to asks whether the server accepts the recipient, then sends RSET. A target of the
config is probed with its password and expectations; options change its settings.

Exit codes of monitoring plugins:
  0 pass   1 warn   2 fail   3 unable to probe, or bad usage`;

/** `started`: when the process started, on the clock of `performance.now()`. */
export function probeCommand(started: number): Command {
  return new Command('probe')
    .argument(
      '<host[:port] | id>',
      "host name or address, '[address]:port' for IPv6, or the id of a target of the config",
    )
    .option('-c, --config <file>', 'config file that has the target (default: smtp-quorum.yaml, if it exists)')
    .optionsGroup('Endpoint:')
    .option('-p, --port <port>', 'port (default: 25)')
    .option('--mx', 'the argument is a domain: probe every MX host of it')
    .option('-4, --ipv4', 'only IPv4 addresses')
    .option('-6, --ipv6', 'only IPv6 addresses; with -4, one session over each')
    .option('--timeout <duration>', 'deadline of the whole process, such as 1500ms or 20s (default: 20s for the probe)')
    .optionsGroup('Session:')
    .addOption(
      new Option('--security <how>', 'how the session is secured (default: tls on 465, else starttls)').choices([
        'none',
        'starttls',
        'starttls-if-offered',
        'tls',
      ] satisfies Security[]),
    )
    .option('--ehlo-name <name>', 'name in EHLO (default: the name or address of this host)')
    .addOption(
      new Option('--helo <which>', 'send EHLO, HELO, or HELO if EHLO fails (auto)').choices(['auto', 'ehlo', 'helo']),
    )
    .option('--mail-from <address>', "sender of the transaction; '' is the null sender")
    .option('--rcpt-to <address>', 'recipient of the transaction; can be repeated', collect)
    .option('--deliver', 'send a small mail to the recipients; with --mx through every MX host, with -4 -6 over each')
    .optionsGroup('TLS:')
    .option('--server-name <name>', 'name for SNI and for the certificate (default: the host)')
    .option('--ca <file>', 'PEM file of authorities to trust instead of those of the system')
    .option('--insecure', 'accept any certificate')
    .optionsGroup('Authentication:')
    .option('--user <name>', 'log in as this user')
    .option('--password-env <variable>', 'environment variable that holds the password or token')
    .addOption(
      new Option('--mechanism <name>', 'SASL mechanism (default: the best one offered)').choices([
        'PLAIN',
        'LOGIN',
        'CRAM-MD5',
        'SCRAM-SHA-1',
        'SCRAM-SHA-256',
        'XOAUTH2',
        'OAUTHBEARER',
      ] satisfies Credentials['mechanism'][]),
    )
    .optionsGroup('Expectations (the config has more):')
    .option('--warn-after <duration>', 'warn if the probe takes longer, such as 2s or 800ms')
    .option('--fail-after <duration>', 'fail if the probe takes longer')
    .option('--warn-days <days>', 'warn if the certificate has fewer days left (default: 21)')
    .option('--fail-days <days>', 'fail if the certificate has fewer days left (default: 3)')
    .option('--greeting <pattern>', 'regular expression that the greeting must match')
    .option('--keyword <keyword>', 'extension keyword that must be offered; can be repeated', collect)
    .addOption(
      new Option('--min-tls <version>', 'lowest TLS version (default: TLSv1.2)').choices([
        'TLSv1',
        'TLSv1.1',
        'TLSv1.2',
        'TLSv1.3',
      ] satisfies TlsVersion[]),
    )
    .option('--accepts <address>', 'recipient that must be accepted; no mail is sent; can be repeated', collect)
    .option('--rejects <address>', 'recipient that must be refused; can be repeated', collect)
    .optionsGroup('Output:')
    .option('--json', 'print the sample as one line of JSON')
    .option('--transcript', 'print the transcript even if the probe passed')
    .addHelpText('after', HELP)
    .action((host: string, options: ProbeOptions) => run(host, options, started));
}

async function run(text: string, options: ProbeOptions, started: number): Promise<void> {
  const known = await configTarget(text, options.config);
  const chosen = known === null ? targetOf(text, options) : changedTarget(known, options);
  const target = withinProcessTime(chosen, performance.now() - started);
  const at = new Date().toISOString();
  const sample = await probeTarget(target, { waitForQuit: true });
  process.stdout.write(
    options.json ? `${asciiJson(jsonRecord(target, at, sample))}\n` : pretty(target, sample, options),
  );
  process.exitCode = EXIT_CODES[sample.outcome];
}

/** A monitoring system ends a plugin by the age of its process, so that the start of Node is part of `--timeout`. */
function withinProcessTime(target: ProbeTarget, spent: number): ProbeTarget {
  const { timeout } = target;
  return timeout === undefined ? target : { ...target, timeout: Math.max(timeout - spent, timeout / 2) };
}

/** The sample with the endpoint, so that a line in a log is complete. */
function jsonRecord({ host, domain, port, security, ehloName }: ProbeTarget, at: string, sample: Sample) {
  return { at, ...(domain === null ? { host } : { domain }), port, security, ehloName, ...inMicros(sample) };
}

function inMicros(sample: Sample): Sample {
  const timings = Object.fromEntries(
    Object.entries(sample.timings).map(([phase, length]) => [phase, toMicros(length)]),
  );
  const parts = sample.parts?.map((part) => ({ ...part, sample: inMicros(part.sample) }));
  return { ...sample, timings, total: toMicros(sample.total), ...(parts === undefined ? {} : { parts }) };
}

/** Milliseconds rounded to microseconds. */
function toMicros(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

function pretty(target: ProbeTarget, sample: Sample, { transcript }: ProbeOptions): string {
  return sampleText(target, sample, transcript === true || sample.outcome !== 'pass', screenOf(process.stdout));
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}
