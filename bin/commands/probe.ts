import { Command, Option } from 'commander';
import { asciiJson } from '../../lambda/alert/words/safe-text.ts';
import type { Credentials, Security } from '../../lambda/smtp/endpoint/endpoint.ts';
import type { Sample } from '../../lambda/smtp/sample/sample.ts';
import { type ProbeTarget, probeTarget } from '../../lambda/smtp/target.ts';
import { type TargetOptions, targetOf } from '../arguments/probe-target.ts';
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
  smtp-quorum probe '[2001:db8::1]:25' --security none   an IPv6 address, in the clear
  smtp-quorum probe smtp.example.com:587 --user probe@example.com --password-env SMTP_PASSWORD
  smtp-quorum probe mx1.example.com --mail-from '' --rcpt-to postmaster@example.com
  smtp-quorum probe mx1.example.com --rcpt-to sink@example.com --deliver
  smtp-quorum probe mx1.example.com --json | jq .timings

No mail is sent without --deliver: --rcpt-to asks whether the server would take it, then resets.

Exit codes, as monitoring plugins have them:
  0 pass   1 warn   2 fail   3 unable to probe, or bad usage`;

export function probeCommand(): Command {
  return new Command('probe')
    .argument('<host[:port]>', "host name or address; an IPv6 address with a port is written '[address]:port'")
    .optionsGroup('Where:')
    .option('-p, --port <port>', 'port (default: 25)')
    .option('--mx', 'the host is a domain: probe every MX host of it')
    .option('-4, --ipv4', 'only IPv4 addresses')
    .option('-6, --ipv6', 'only IPv6 addresses; with -4, a session over each')
    .option('--timeout <duration>', 'deadline of the whole probe, as 20s or 1500ms (default: 20s)')
    .optionsGroup('Session:')
    .addOption(
      new Option('--security <how>', 'how the session is secured (default: tls on 465, else starttls)').choices([
        'none',
        'starttls',
        'starttls-if-offered',
        'tls',
      ] satisfies Security[]),
    )
    .option('--ehlo-name <name>', "name to greet with (default: this host's, or its address)")
    .addOption(
      new Option('--helo <which>', 'say EHLO, HELO, or HELO where EHLO fails').choices(['auto', 'ehlo', 'helo']),
    )
    .option('--mail-from <address>', "sender to try; '' is the null sender")
    .option('--rcpt-to <address>', 'recipient to try; may be given several times', collect)
    .option('--deliver', 'send a small mail to the recipients; with --mx to every MX host, with -4 -6 over each')
    .optionsGroup('TLS:')
    .option('--server-name <name>', 'name to ask for and to find in the certificate (default: the host)')
    .option('--ca <file>', "PEM file of the authorities to trust instead of the system's")
    .option('--insecure', 'look at the certificate, but do not judge it')
    .optionsGroup('Authentication:')
    .option('--user <name>', 'log in as this user')
    .option('--password-env <variable>', 'environment variable that holds the password or token')
    .addOption(
      new Option('--mechanism <name>', 'how to log in (default: the best one offered)').choices([
        'PLAIN',
        'LOGIN',
        'CRAM-MD5',
        'XOAUTH2',
      ] satisfies Credentials['mechanism'][]),
    )
    .optionsGroup('Output:')
    .option('--json', 'the sample as one line of JSON')
    .option('--transcript', 'show the transcript even when all went well')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(host: string, options: ProbeOptions): Promise<void> {
  const target = targetOf(host, options);
  const at = new Date().toISOString();
  const sample = await probeTarget(target, { waitForQuit: true });
  process.stdout.write(options.json ? `${asciiJson(record(target, at, sample))}\n` : pretty(target, sample, options));
  process.exitCode = EXIT_CODES[sample.outcome];
}

/** The sample, and what was asked for, so that a line stands for itself in a log. */
function record({ host, domain, port, security, ehloName }: ProbeTarget, at: string, sample: Sample) {
  return { at, ...(domain === null ? { host } : { domain }), port, security, ehloName, ...inMicros(sample) };
}

function inMicros(sample: Sample): Sample {
  const timings = Object.fromEntries(
    Object.entries(sample.timings).map(([phase, length]) => [phase, toMicros(length)]),
  );
  const parts = sample.parts?.map((part) => ({ ...part, sample: inMicros(part.sample) }));
  return { ...sample, timings, total: toMicros(sample.total), ...(parts === undefined ? {} : { parts }) };
}

/** Milliseconds to the microsecond: the clock has no more to say. */
function toMicros(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

function pretty(target: ProbeTarget, sample: Sample, { transcript }: ProbeOptions): string {
  return sampleText(target, sample, transcript === true || sample.outcome !== 'pass', screenOf(process.stdout));
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}
