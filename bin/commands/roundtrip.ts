import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { asciiJson } from '../../lambda/alert/words/safe-text.ts';
import { openMailbox } from '../../lambda/mailbox/open-mailbox.ts';
import type { Security } from '../../lambda/smtp/endpoint/endpoint.ts';
import { runOneTrip } from '../../lambda/trip-run/one-trip.ts';
import { chosenTrip, type RoundtripOptions } from '../arguments/roundtrip/roundtrip-arguments.ts';
import { EXIT_CODES } from '../arguments/usage-error.ts';
import { screenOf } from '../display/layout/screen.ts';
import { tripDocument } from '../display/roundtrip/json-document.ts';
import { oneTripText } from '../display/roundtrip/trip-text.ts';

const HELP = `
Examples:
  smtp-quorum roundtrip out-to-gmail                     a round trip of smtp-quorum.yaml, now
  smtp-quorum roundtrip --via smtp.example.com:587 --user canary@example.com --password-env SMTP_PASSWORD \\
    --from canary@example.com --to seed@example.net --imap imap.example.net --mailbox-password-env IMAP_PASSWORD
  smtp-quorum roundtrip --via mx1.example.com:25 --from a@example.net --to b@example.com --pop3 pop.example.com \\
    --mailbox-user b --mailbox-password-env POP_PASSWORD --within 90s
  smtp-quorum roundtrip out-to-gmail --json | jq .hops

One message is sent, and looked for until it is there or the time of --within is up. It is removed from the mailbox once it
was read; nothing else ever is. The variable of --mailbox-password-env may also hold JSON with refreshToken, tokenEndpoint,
clientId and clientSecret, for OAuth 2.0.

Exit codes of monitoring plugins:
  0 pass   1 warn   2 fail   3 unable to send or to read, or bad usage`;

export function roundtripCommand(): Command {
  return new Command('roundtrip')
    .argument('[id]', 'a round trip of the config')
    .option('-c, --config <file>', 'config file that has the round trip (default: smtp-quorum.yaml)')
    .optionsGroup('Send:')
    .option('--via <host:port>', 'server that takes the message (port: 25)')
    .option('--from <address>', 'sender')
    .option('--to <address>', 'recipient: the mailbox that is read')
    .addOption(
      new Option('--security <how>', 'how the session is secured (default: tls on 465, else starttls)').choices([
        'none',
        'starttls',
        'starttls-if-offered',
        'tls',
      ] satisfies Security[]),
    )
    .option('--user <name>', 'log in at the server as this user')
    .option('--password-env <variable>', 'environment variable that holds the password')
    .option('--ehlo-name <name>', 'name in EHLO (default: the name or address of this host)')
    .option('--attachment <octets>', 'size of the attachment (default: 1000)')
    .optionsGroup('Receive:')
    .option('--imap <host:port>', 'server of the mailbox (port: 993)')
    .option('--pop3 <host:port>', 'server of the mailbox, by POP3 (port: 995)')
    .addOption(
      new Option('--mailbox-security <how>', 'how it is secured (default: tls on 993 and 995, else starttls)').choices([
        'none',
        'starttls',
        'tls',
      ]),
    )
    .option('--mailbox-user <name>', 'user of the mailbox (default: the recipient)')
    .option('--mailbox-password-env <variable>', 'environment variable that holds its password')
    .option('--no-junk', 'do not look into the junk folder')
    .option('--keep', 'leave the message in the mailbox')
    .optionsGroup('TLS:')
    .option('--ca <file>', 'PEM file of authorities to trust instead of those of the system')
    .option('--insecure', 'accept any certificate')
    .optionsGroup('Expectations (the config has more):')
    .option('--warn-after <duration>', 'warn if the message takes longer (default: 60s)')
    .option('--within <duration>', 'fail if it takes longer (default: 5m)')
    .option('--authserv-id <name>', 'show Authentication-Results of this receiver')
    .optionsGroup('Output:')
    .option('--json', 'print the trip as one line of JSON')
    .option('--transcript', 'print the transcripts even if the trip passed')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(id: string | undefined, options: RoundtripOptions): Promise<void> {
  const { trip, ...secrets } = await chosenTrip(id, options);
  const at = Date.now();
  const ports = {
    openMailbox,
    now: Date.now,
    sleep: (milliseconds: number) => sleep(milliseconds),
    newId: () => randomBytes(12).toString('hex'),
  };
  const one = await runOneTrip({ trip, ...secrets, key: randomBytes(32).toString('hex') }, ports, () => {
    if (process.stderr.isTTY) process.stderr.write('sent, waiting for it in the mailbox …\n');
  });
  const outcome = one.verdict.outcome ?? 'unable';
  const withTranscript = options.transcript === true || outcome === 'unable' || one.sending.outcome !== 'accepted';
  process.stdout.write(
    options.json
      ? `${asciiJson(tripDocument(trip, at, one))}\n`
      : oneTripText(trip, one, withTranscript, screenOf(process.stdout)),
  );
  process.exitCode = EXIT_CODES[outcome];
}
