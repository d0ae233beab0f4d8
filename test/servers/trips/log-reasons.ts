/** Lines of server logs that complain, and why some of them are expected. All others are a fault of ours. */
import { complaints } from '../guest.ts';

export type LoggingServer = 'Postfix' | 'Exim' | 'Dovecot' | 'rspamd';

/** What a server calls trouble, besides what it says of a client without manners. */
const TROUBLE: Readonly<Record<LoggingServer, RegExp>> = {
  Postfix: /: (?:warning|error|fatal|panic): /,
  Exim: /\bpanic\b|\bprotocol\b|synchronization error|\bfailed to\b/i,
  Dovecot: /: (?:Warning|Error|Fatal|Panic): /,
  rspamd: /protocol error|\bmilter\b.*\b(?:error|invalid|bad)\b|\b(?:critical|assert)\b|; (?:error|critical);/i,
};

interface Expected {
  readonly server: LoggingServer;
  readonly line: RegExp;
  readonly reason: string;
}

export const EXPECTED: readonly Expected[] = [
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
];

/** The lines that complain and are not listed. */
export function unexpectedLines(server: LoggingServer, log: readonly string[]): readonly string[] {
  const listed = EXPECTED.filter((one) => one.server === server);
  const rude = new Set(server === 'rspamd' ? [] : complaints(server, log));
  return log.filter((line) => {
    const complains = rude.has(line) || TROUBLE[server].test(line);
    return complains && !listed.some((one) => one.line.test(line));
  });
}
