/** Every bound of a probe, once: a hostile server costs no more than this. Tests make them small. */

export interface Limits {
  /** Octets of one reply line, its end included. RFC 5321 4.5.3.1.5 says 512; servers in the wild send 4,000. */
  readonly lineOctets: number;
  /** Lines of one reply. RFC 5321 4.2.1 sets no bound; the longest EHLO answers known have some 40. */
  readonly replyLines: number;
  /** Octets of one reply. RFC 5321 4.5.3.1.5 bounds lines only. */
  readonly replyOctets: number;
  /** Octets of everything the server says in a session. */
  readonly sessionOctets: number;
  /** Characters kept of a reply in a finding, of the greeting, and of one line of the transcript. */
  readonly keptCharacters: number;
  /** Octets of a whole transcript, in UTF-8. */
  readonly transcriptOctets: number;
  /** Extension keywords that are kept; the longest EHLO answers known have some 40. */
  readonly keywords: number;
  /** Names of a certificate that are kept, and certificates of a chain. */
  readonly certificateNames: number;
  readonly chain: number;
  /** Octets of a command line with its CRLF: RFC 5321 4.5.3.1.4; a longer AUTH initial response waits (RFC 4954 4). */
  readonly commandOctets: number;
  /** Addresses of one host that are tried in turn: RFC 5321 5.1 asks for "at least two". */
  readonly addresses: number;
  /** Addresses that are kept beside the one used. */
  readonly otherAddresses: number;
  /** MX hosts of a domain that are probed; RFC 5321 5.1 lets a sender bound them. */
  readonly mxHosts: number;
  /** Aliases followed from an MX host, which by RFC 2181 10.3 has none; RFC 1034 3.6.2 asks to avoid chains. */
  readonly aliases: number;

  // Milliseconds from here on. RFC 5321 4.5.3.2 gives senders minutes; a probe must end within its round.
  /** The whole probe, name resolution to verdict. */
  readonly deadline: number;
  readonly dns: number;
  /** One TCP connection: three SYNs of Linux fit (0, 1 and 3 s). */
  readonly connect: number;
  /** RFC 5321 4.5.3.2.1; above the 6 s for which Postfix's postscreen holds its greeting back. */
  readonly greeting: number;
  /** Any other reply: RFC 5321 4.5.3.2.2 to 4.5.3.2.6. */
  readonly reply: number;
  readonly handshake: number;
  /** How long a server that never greeted may take to show what else it speaks. */
  readonly clientHello: number;
  /** The reply to QUIT, awaited after the verdict. */
  readonly quit: number;
}

export const LIMITS: Limits = {
  lineOctets: 8_192,
  replyLines: 256,
  replyOctets: 65_536,
  sessionOctets: 262_144,
  keptCharacters: 512,
  transcriptOctets: 8_192,
  keywords: 100,
  certificateNames: 100,
  chain: 10,
  commandOctets: 512,
  addresses: 4,
  otherAddresses: 16,
  mxHosts: 10,
  aliases: 8,
  deadline: 20_000,
  dns: 5_000,
  connect: 6_000,
  greeting: 12_000,
  reply: 10_000,
  handshake: 10_000,
  clientHello: 1_500,
  quit: 2_000,
};
