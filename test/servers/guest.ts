/** What a server writes into its log about a client without manners. */

const RUDENESS: Readonly<Record<string, RegExp>> = {
  Postfix:
    /lost connection|timeout after|non-SMTP command|improper command pipelining|too many errors|SSL_accept error|PREGREET|HANGUP|COMMAND |BARE NEWLINE|NON-SMTP/,
  Exim: /unexpected disconnection|connection (from .* )?lost|synchronization error|SMTP (protocol|syntax) error|timeout|TLS error|unrecognized command|closed by DROP|closed after/i,
  // "EVP lib" is its own trouble with its key, not the client's doing.
  OpenSMTPD: /smtp disconnected reason=(?!quit|.*EVP lib)|command unrecognized|bad-input/,
  Dovecot: /Connection closed|Aborted login(?! by logging out)|Inactivity|Too many|TLS handshaking|SSL_accept/,
  Haraka: /half closed|timed out|early talker|unrecognized command|connection error|dropped|\[ERROR\]|\[WARN\]/i,
};

/** The lines of the log of such a server that complain of its client. */
export function complaints(server: string, log: readonly string[]): readonly string[] {
  const rude = RUDENESS[server];
  if (rude === undefined) throw new Error(`${server} has no row here`);
  return log.filter((line) => rude.test(line));
}
