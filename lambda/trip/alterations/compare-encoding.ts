/** Compares character sets and transfer encodings. Pure. */

import type { ReceivedPart } from '../message/received-message.ts';
import type { SentPart } from '../message/trip-plan.ts';
import { alteration, alterationIf } from './alteration.ts';
import type { Alteration } from './alteration-codes.ts';

/** Of a part whose text is the same, except for characters that were lost. */
export function compareCharset(sent: SentPart, received: ReceivedPart, isLost: boolean): readonly Alteration[] {
  const charset = (received.charset ?? 'us-ascii').replace(/^utf8$/, 'utf-8');
  if (isLost) return [alteration('characters-lost', `${received.type} in ${charset}`)];
  return alterationIf(charset !== sent.charset, 'charset-changed', `${sent.charset} to ${charset}`);
}

/** Of a part whose content is the same. */
export function compareTransferEncoding(sent: SentPart, received: ReceivedPart): readonly Alteration[] {
  const was = sent.role === 'attachment' ? 'base64' : 'quoted-printable';
  return alterationIf(
    received.encoding !== was && sent.hash === received.hash,
    're-encoded',
    `${received.type}: ${was} to ${received.encoding}`,
  );
}
