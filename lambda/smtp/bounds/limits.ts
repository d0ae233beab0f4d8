/** All limits of a probe. They bound what a hostile server can cost. Tests use smaller ones. */

export interface Limits {
  /** Octets of one reply line, its end included. RFC 5321 4.5.3.1.5 allows 512; real servers send up to 4,000. */
  readonly lineOctets: number;
  /** Lines of one reply. RFC 5321 4.2.1 sets no limit; the longest known EHLO replies have about 40. */
  readonly replyLines: number;
  /** Octets of one reply. RFC 5321 4.5.3.1.5 limits lines only. */
  readonly replyOctets: number;
  /** Octets of all replies of a session. */
  readonly sessionOctets: number;
  /** Characters kept of a reply in a finding, of the greeting, and of a transcript line. */
  readonly keptCharacters: number;
  /** Octets of a whole transcript, in UTF-8. */
  readonly transcriptOctets: number;
  /** Extension keywords that are kept. The longest known EHLO replies have about 40. */
  readonly keywords: number;
  /** Names of a certificate that are kept. */
  readonly certificateNames: number;
  /** Certificates of a chain that are read. */
  readonly chain: number;
  /** Octets of a command line with its CRLF: RFC 5321 4.5.3.1.4. A longer AUTH initial response is sent after the 334 (RFC 4954 4). */
  readonly commandOctets: number;
  /**
   * Addresses of one host that are tried in order: RFC 5321 5.1 requires "at least two". Addresses that this vantage has no
   * route to do not count.
   */
  readonly addresses: number;
  /** Unused addresses that are kept in the sample. */
  readonly otherAddresses: number;
  /** MX hosts of a domain that are probed. RFC 5321 5.1 allows senders a limit. */
  readonly mxHosts: number;
  /** Aliases followed from an MX host. RFC 2181 10.3 forbids aliases there, RFC 1034 3.6.2 discourages chains. */
  readonly aliases: number;

  // All limits below are milliseconds. RFC 5321 4.5.3.2 allows minutes; a probe must end within its round.
  /** The whole probe, from name resolution to verdict. */
  readonly deadline: number;
  readonly dns: number;
  /** The query for one address family, after the other one was answered. */
  readonly otherFamily: number;
  /** One TCP connection. Linux sends three SYNs in this time (at 0, 1 and 3 s). */
  readonly connect: number;
  /** RFC 5321 4.5.3.2.1. More than the 6 s for which Postfix's postscreen delays its greeting. */
  readonly greeting: number;
  /** Any other reply: RFC 5321 4.5.3.2.2 to 4.5.3.2.6. */
  readonly reply: number;
  readonly handshake: number;
  /** The reply to the ClientHello that is sent to a server without a greeting. */
  readonly clientHello: number;
  /** The reply to QUIT, after the verdict. */
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
  addresses: 16,
  otherAddresses: 16,
  mxHosts: 10,
  aliases: 8,
  deadline: 20_000,
  dns: 5_000,
  otherFamily: 2_000,
  connect: 6_000,
  greeting: 12_000,
  reply: 10_000,
  handshake: 10_000,
  clientHello: 1_500,
  quit: 2_000,
};
