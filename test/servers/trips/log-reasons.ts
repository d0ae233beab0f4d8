/** Lines of server logs that complain, and why some of them are expected. All others are a fault of ours. */
import { complaints } from '../guest.ts';

export type LoggingServer = 'Postfix' | 'Exim' | 'OpenSMTPD' | 'Dovecot' | 'Haraka' | 'rspamd' | 'OpenDKIM';

/** What a server calls trouble, besides what it says of a client without manners. */
const TROUBLE: Readonly<Record<LoggingServer, RegExp>> = {
  Postfix: /: (?:warning|error|fatal|panic): /,
  Exim: /\bpanic\b|\bprotocol\b|synchronization error|\bfailed to\b/i,
  OpenSMTPD: /^(?:warn|fatal|panic): |\bsmtp error\b/,
  Dovecot: /: (?:Warning|Error|Fatal|Panic): /,
  Haraka: /\[(?:WARN|ERROR|CRIT|ALERT|EMERG)\]/,
  rspamd: /protocol error|\bmilter\b.*\b(?:error|invalid|bad)\b|\b(?:critical|assert)\b|; (?:error|critical);/i,
  // It logs to syslog alone; what it writes itself is that it cannot run.
  OpenDKIM: /./,
};

export interface ExpectedLine {
  readonly server: LoggingServer;
  readonly line: RegExp;
  readonly reason: string;
}

/** In logs of every suite. */
export const EXPECTED: readonly ExpectedLine[] = [
  {
    server: 'Exim',
    line: /TLS error on connection \(recv\): Error in the pull function/,
    reason: 'Postfix ends the connection after QUIT, and Exim waits for the end of TLS.',
  },
  {
    server: 'Dovecot',
    line: / lmtp\(\d+\): Info: Disconnect /,
    reason: 'Postfix keeps a connection of LMTP for the next message, and then drops it.',
  },
  {
    server: 'Dovecot',
    line: /: Warning: Time moved forwards by \d+\.\d+ seconds/,
    reason: 'A busy machine lets it wait.',
  },
];

/** Filters do not speak SMTP with clients. */
const FILTERS: ReadonlySet<LoggingServer> = new Set(['rspamd', 'OpenDKIM']);

/** The lines that complain and are not listed. @param own what the tests of the suite do to the server */
export function unexpectedLines(
  server: LoggingServer,
  log: readonly string[],
  own: readonly ExpectedLine[] = [],
): readonly string[] {
  const listed = [...EXPECTED, ...own].filter((one) => one.server === server);
  const rude = new Set(FILTERS.has(server) ? [] : complaints(server, log));
  return log.filter((line) => {
    const complains = rude.has(line) || TROUBLE[server].test(line);
    return complains && !listed.some((one) => one.line.test(line));
  });
}
