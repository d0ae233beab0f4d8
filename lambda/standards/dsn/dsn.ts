/** What a bounce says: a delivery status notification of RFC 3464, or a text that says the same. */

import type { HeaderField } from '../mime/header.ts';

export const DSN_ACTIONS = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'] as const;

export type DsnAction = (typeof DSN_ACTIONS)[number];

/** What a report says of one recipient. The recipient itself is not kept. */
export interface DsnRecipient {
  readonly action: DsnAction;
  /** `5.1.1`; null if the report has none. */
  readonly status: string | null;
  /** What the remote host said, without its type, in one line. It may have addresses: hide them before it is kept. */
  readonly diagnostic: string | null;
  /** Host that was asked, in lower case. */
  readonly remoteHost: string | null;
  /** Domain of the recipient, in lower case. */
  readonly domain: string | null;
}

/** `report`: RFC 3464. The others are texts of Exim, of qmail (QSBMF), and of any other server. */
export type DsnForm = 'report' | 'exim' | 'qmail' | 'text';

export interface Dsn {
  readonly form: DsnForm;
  readonly reportingHost: string | null;
  readonly recipients: readonly DsnRecipient[];
  /** The header of the message that was not delivered; empty if the report has none. */
  readonly original: readonly HeaderField[];
}

export const MOST_RECIPIENTS = 1_000;
