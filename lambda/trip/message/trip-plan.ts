/** A message that is to be sent, and what is sent. */

import type { TripToken } from './token.ts';

/** What a message is made of. The same plan and key make the same message, octet for octet: nothing of it need be stored. */
export interface TripPlan {
  readonly token: TripToken;
  /** Key of the HMAC of the token. */
  readonly key: string;
  /** Addresses in ASCII, without a display name. */
  readonly from: string;
  readonly to: string;
  /** Octets of the attachment before it is encoded; 0: none. */
  readonly attachment: number;
}

export type PartRole = 'text' | 'html' | 'attachment';

export interface SentPart {
  readonly role: PartRole;
  readonly type: string;
  readonly charset: string | null;
  readonly filename: string | null;
  /** Decoded. */
  readonly content: Buffer;
  /** SHA-256 of the content in hexadecimal; of text with LF as line ends. */
  readonly hash: string;
}

export interface BuiltMessage {
  /** With CRLF, lines of at most 998 octets, and a line end at its end. The sender stuffs dots. */
  readonly message: Buffer;
  readonly messageId: string;
  readonly subject: string;
  readonly parts: readonly SentPart[];
}
