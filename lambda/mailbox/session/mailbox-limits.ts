/** All limits of a session with a mailbox. They bound what a hostile server can cost. Tests use smaller ones. */

import { LIMITS, type Limits } from '../../smtp/bounds/limits.ts';

export interface MailboxLimits extends Limits {
  // `lineOctets`: octets of one line. A SEARCH response with 10,000 UIDs has 110,000 (RFC 9051 4 sets no limit).
  // `sessionOctets`: octets of all responses of a session, without messages.

  /** Responses to one command. */
  readonly responses: number;
  /** Octets of a literal that is not a message: names of folders, labels. */
  readonly literalOctets: number;
  /** Octets of a message that are fetched. `maxOctets` of `fetch` is lowered to it. */
  readonly messageOctets: number;
  /** The newest messages of a folder that IMAP searches. */
  readonly searchedMessages: number;
  /** The newest messages whose headers POP3 reads to search. */
  readonly readHeaders: number;
  /** Octets of one header that POP3 reads to search. */
  readonly headerOctets: number;
  /** Folders that are listed. */
  readonly folders: number;
  /** Labels of a message that are kept. */
  readonly labels: number;
  /** Octets of the answer of a token endpoint. */
  readonly tokenOctets: number;

  // All limits below are milliseconds. `deadline`: the whole session, from name resolution to the end.
  /** The responses to FETCH and RETR. */
  readonly fetch: number;
  /** The answer of a token endpoint. */
  readonly token: number;
}

export const MAILBOX_LIMITS: MailboxLimits = {
  ...LIMITS,
  lineOctets: 131_072,
  sessionOctets: 8_388_608,
  responses: 20_000,
  literalOctets: 8_192,
  messageOctets: 33_554_432,
  searchedMessages: 10_000,
  readHeaders: 100,
  headerOctets: 65_536,
  folders: 1_000,
  labels: 100,
  tokenOctets: 65_536,
  deadline: 60_000,
  fetch: 30_000,
  token: 10_000,
};
