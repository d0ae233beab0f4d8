/** What may have happened to a message on its way: a table of stable codes. */

export interface AlterationRow {
  /** Whether the message is another because of it. If not, it is only noted. */
  readonly alters: boolean;
  readonly meaning: string;
  readonly hint: string;
}

function row(alters: boolean, meaning: string, hint: string): AlterationRow {
  return { alters, meaning, hint };
}

const GATEWAY = 'A gateway for outgoing or incoming mail does this by its settings.';

export const ALTERATIONS = {
  'subject-tag': row(true, 'The subject has a text added before or after it.', 'Gateways mark external mail so.'),
  'subject-changed': row(true, 'The subject is another one.', GATEWAY),
  'text-banner': row(true, 'The text has lines added at its start.', 'Gateways warn of external mail so.'),
  'text-footer': row(true, 'The text has lines added at its end.', 'Disclaimers and mailing lists do so.'),
  'text-changed': row(true, 'The text is another one.', GATEWAY),
  'text-missing': row(true, 'The plain text is missing.', GATEWAY),
  'html-banner': row(true, 'The HTML has text added at its start.', 'Gateways warn of external mail so.'),
  'html-footer': row(true, 'The HTML has text added at its end.', 'Disclaimers and mailing lists do so.'),
  'html-changed': row(true, 'The text of the HTML is another one.', GATEWAY),
  'html-rewritten': row(
    true,
    'The HTML has other tags, and the same text.',
    'A gateway parses HTML and writes it anew.',
  ),
  'html-missing': row(true, 'The HTML is missing.', 'A gateway turns HTML into plain text.'),
  'links-rewritten': row(true, 'Links lead to another host.', 'A gateway checks links when they are followed.'),
  'links-removed': row(true, 'Links are missing.', 'A gateway removes links.'),
  'image-added': row(true, 'The HTML has an image added.', 'It may be a logo, or count who reads the message.'),
  'attachment-removed': row(
    true,
    'The attachment is missing.',
    'A gateway refuses the type or size of the attachment.',
  ),
  'attachment-replaced': row(
    true,
    'The attachment has another content.',
    'A gateway puts a notice or a link in the place of an attachment.',
  ),
  'attachment-renamed': row(true, 'The attachment has another name.', GATEWAY),
  'part-added': row(true, 'The message has a part more.', 'Mailing lists add footers as a part.'),
  wrapped: row(
    true,
    'The message is within another one.',
    'Spam filters enclose mail, and gateways sign or encrypt it.',
  ),
  'message-truncated': row(true, 'The message is cut off.', 'A server limits the size of messages.'),
  'charset-changed': row(true, 'A text is in another character set, and the same.', 'A server converts text.'),
  'characters-lost': row(
    true,
    'Characters of a text are replaced.',
    'A server converts text to a character set that lacks them, or reads it in a wrong one.',
  ),
  'from-changed': row(true, 'The author is another one.', 'Mailing lists and forwarders do so because of DMARC.'),
  'to-changed': row(true, 'The recipient in the header is another one.', GATEWAY),
  'message-id-changed': row(
    true,
    'The message has another Message-ID.',
    'Replies and reports cannot be related to it.',
  ),
  'date-changed': row(true, 'The message has another date.', GATEWAY),
  'header-changed': row(true, 'A header field has another value.', GATEWAY),
  'header-removed': row(true, 'A header field is missing.', 'Gateways remove fields that they do not know.'),
  'dkim-broken': row(
    true,
    'The body is not what the DKIM signature was made of.',
    'Sign after the host that alters the message, or turn the alteration off.',
  ),
  're-encoded': row(
    false,
    'A part has another transfer encoding, and the same content.',
    'A server without 8BITMIME, or one that parses messages, does so. It breaks DKIM if it happens after signing.',
  ),
  'whitespace-changed': row(false, 'Spaces or empty lines of a text differ.', 'A server removes spaces at line ends.'),
  'header-re-encoded': row(
    false,
    'A header field is encoded otherwise, and has the same text.',
    'A server writes the field anew.',
  ),
  're-arranged': row(false, 'Parts are nested or ordered otherwise.', 'A server writes the message anew.'),
} as const satisfies Readonly<Record<string, AlterationRow>>;

/** Codes are stable: they are stored, and documented in docs/trips.md. */
export type AlterationCode = keyof typeof ALTERATIONS;

export interface Alteration {
  readonly code: AlterationCode;
  /** What was found, fit to be shown, at most 200 characters. */
  readonly detail: string;
}

export function alters({ code }: Alteration): boolean {
  return ALTERATIONS[code].alters;
}
