/**
 * What providers mean by their codes, and what helps. Sources:
 * Google: https://support.google.com/a/answer/3726730; Microsoft: https://support.microsoft.com/topic/34cfe8f8-6fbf-457e-9e8b-9e4dbaf4e0ef
 * and https://sendersupport.olc.protection.outlook.com/pm/troubleshooting; Yahoo: https://senders.yahooinc.com/smtp-error-codes;
 * the rest: the IANA registry of enhanced status codes (RFC 3463, 5248, 7372, 7505).
 */

interface CodeHint {
  /** Null: any provider. */
  readonly provider: string | null;
  /** Without its class: `7.26` is 4.7.26 and 5.7.26. Null: any. */
  readonly code: string | null;
  readonly text: RegExp | null;
  readonly hint: string;
}

/** The first row that matches applies. */
const HINTS: readonly CodeHint[] = [
  row(
    'Microsoft',
    '7.515',
    null,
    'The domain in From must pass SPF, DKIM and DMARC: smtp-quorum posture shows what is missing.',
  ),
  row(
    'Microsoft',
    null,
    /S3150|S3140|block list/i,
    'Microsoft blocks the address or its network: ask for removal at https://sender.office.com or by its support form, and join SNDS.',
  ),
  row(
    'Microsoft',
    '7.509',
    null,
    'The message failed DMARC, and the policy of its domain is reject: sign it with DKIM of the domain in From.',
  ),
  row(
    'Microsoft',
    '7.606',
    null,
    'Microsoft blocks the sending address: ask for removal at https://sender.office.com.',
  ),
  row(
    'Microsoft',
    '7.650',
    null,
    'Microsoft limits the sending address by its reputation: send less, and look at SNDS.',
  ),
  row(
    'Google',
    '7.26',
    null,
    'Neither SPF nor DKIM passed, or DMARC did not: smtp-quorum posture shows what is missing.',
  ),
  row('Google', '7.27', null, 'SPF did not pass: add the sending address to the SPF record.'),
  row('Google', '7.30', null, 'DKIM did not pass: sign the mail, and publish the key.'),
  row('Google', '7.25', null, 'The sending address has no PTR record, or its name does not lead back: set both.'),
  row('Google', '7.29', null, 'The message came without TLS: turn on TLS for sending.'),
  row('Google', '7.32', null, 'The domain in From does not match that of SPF or DKIM: align one of them.'),
  row('Google', '7.40', null, 'The domain has no DMARC record: publish one.'),
  row(
    'Google',
    '7.28',
    null,
    'Google limits mail of this address, network, domain or link: send less, and look at Postmaster Tools.',
  ),
  row(
    'Google',
    '7.0',
    /unsolicited|rate/i,
    'Google takes the mail for unsolicited: send less, and look at Postmaster Tools.',
  ),
  row('Google', '7.1', /unsolicited|spam|suspicious/i, 'Google takes the message for spam: look at Postmaster Tools.'),
  row('Google', '2.1', null, 'The mailbox is disabled, or gets mail too quickly.'),
  row(
    'Yahoo',
    null,
    /\[?TSS0[4-9]\]?|TS0[1-9]/i,
    'Yahoo saw unusual volume or complaints of its users: send less, and join its complaint feedback loop.',
  ),
  row(
    'Yahoo',
    '7.9',
    null,
    'The message failed DMARC or the checks of Yahoo: sign it with DKIM of the domain in From.',
  ),
  row(
    'Yahoo',
    null,
    /\[?BL2[0-9]\]?|blocklist/i,
    'The sending address is on a DNS list that Yahoo asks: smtp-quorum posture shows which.',
  ),
  row(
    null,
    null,
    /spamhaus|spamcop|barracuda|\brbl\b|\bdnsbl\b|blocklist|blacklist/i,
    'The sending address is on a DNS list: smtp-quorum posture shows which, and where to ask for removal.',
  ),
  row(null, null, /\bspf\b/i, 'SPF did not pass: smtp-quorum posture shows why.'),
  row(null, null, /\bdmarc\b/i, 'DMARC did not pass: smtp-quorum posture shows why.'),
  row(null, '1.1', null, 'The mailbox does not exist: remove it from the list of recipients.'),
  row(null, '1.2', null, 'The domain of the recipient does not exist: remove it from the list of recipients.'),
  row(null, '1.8', null, 'The domain of the sender could not be looked up.'),
  row(null, '1.10', null, 'The domain of the recipient takes no mail (null MX).'),
  row(null, '2.1', null, 'The mailbox is disabled.'),
  row(null, '2.2', null, 'The mailbox is full.'),
  row(null, '2.3', null, 'The message is too large for the mailbox.'),
  row(null, '3.4', null, 'The message is too large for the server.'),
  row(null, '4.1', null, 'The host does not answer.'),
  row(null, '4.4', null, 'No mail server was found for the domain.'),
  row(null, '4.7', null, 'The message was in the queue for too long.'),
  row(null, '7.23', null, 'SPF did not pass: smtp-quorum posture shows why.'),
  row(null, '7.25', null, 'The PTR record of the sending address is missing, or does not lead back.'),
  row(null, '7.26', null, 'Several authentication checks failed: smtp-quorum posture shows which.'),
];

function row(provider: string | null, code: string | null, text: RegExp | null, hint: string): CodeHint {
  return { provider, code, text, hint };
}

/** @param code `5.7.515` */
export function hintOfCode(provider: string, code: string, text: string): string | null {
  const detail = code.slice(code.indexOf('.') + 1);
  const found = HINTS.find(
    (one) =>
      (one.provider === null || one.provider === provider) &&
      (one.code === null || one.code === detail) &&
      (one.text === null || one.text.test(text)),
  );
  return found?.hint ?? null;
}
