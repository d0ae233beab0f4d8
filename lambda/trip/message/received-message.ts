/** What is read out of a message that was fetched. */

import type { AuthenticationResults } from '../../standards/authentication-results/authentication-results.ts';
import type { BodyHashCheck } from '../../standards/dkim/body-hash.ts';
import type { HeaderField } from '../../standards/mime/header.ts';
import type { Hop } from '../../standards/received/received.ts';

export interface ReceivedPart {
  /** `text/plain`, in lower case. */
  readonly type: string;
  /** In lower case; null if none is given. */
  readonly charset: string | null;
  readonly filename: string | null;
  readonly encoding: string;
  readonly isAttachment: boolean;
  /** Within a `message/rfc822`. */
  readonly isEnclosed: boolean;
  /** Decoded. */
  readonly content: Buffer;
  /** SHA-256 of the content in hexadecimal; of text with LF as line ends. */
  readonly hash: string;
}

export interface ReceivedMessage {
  /** As the message claims: `verifyToken` says whether it is ours. */
  readonly token: string | null;
  readonly fields: readonly HeaderField[];
  /** Newest first, as they are in the message. */
  readonly received: readonly Hop[];
  /** Newest first, of all who wrote one: `trustedResults` selects. */
  readonly authenticationResults: readonly AuthenticationResults[];
  /** Leaves of the tree of parts, in order. */
  readonly parts: readonly ReceivedPart[];
  /** Of each DKIM signature: whether the body is as it was when it was signed. */
  readonly bodyHashes: readonly BodyHashCheck[];
}
