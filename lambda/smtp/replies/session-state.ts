/** The states and events of an SMTP session: a reply is judged by the state it arrives in. */

/** What the session waits for: the reply to the command of that name, or as the comment says. */
export type SessionState =
  | 'greeting'
  /** A server that never greeted was told a ClientHello. */
  | 'client-hello'
  | 'ehlo'
  | 'helo'
  | 'starttls'
  /** The TLS handshake, which whoever owns the socket does. */
  | 'handshake'
  | 'ehlo2'
  | 'helo2'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'rset'
  | 'data'
  /** The reply to the mail itself. */
  | 'message'
  | 'quit'
  /** Nothing any more. */
  | 'ended';

export type SessionEvent =
  | 'accepted'
  | 'refused'
  /** 334. */
  | 'challenged'
  /** 500, 502, 504 to EHLO: RFC 5321 3.2 falls back to HELO. */
  | 'unknown'
  | 'secured'
  | 'silent';
