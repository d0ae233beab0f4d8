/** The states and events of an SMTP session: a reply is judged by the state it arrives in. */

/** The session waits for the reply to the command of this name, or for what the comment says. */
export type SessionState =
  | 'greeting'
  /** The reply to a ClientHello, sent to a server without a greeting. */
  | 'client-hello'
  | 'ehlo'
  | 'helo'
  | 'starttls'
  /** The TLS handshake, which the owner of the socket performs. */
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
  /** Nothing. */
  | 'ended';

/** What happens to a session: the meaning of a reply, the end of the handshake, or a timeout. */
export type SessionEvent =
  | 'accepted'
  | 'refused'
  /** 334. */
  | 'challenged'
  /**
   * 500, 502, 504 to EHLO: RFC 5321 3.2 falls back to HELO. 502, 504 to AUTH: the next mechanism is tried.
   */
  | 'unknown'
  /** The TLS handshake succeeded. */
  | 'secured'
  /** No greeting within the limit. */
  | 'silent';
