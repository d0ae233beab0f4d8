/** Detects the software of a server from its texts. It is shown as a fact, and never judged. */

import { fromCache } from './bounds/bounded-cache.ts';
import { currentExtensions, type SessionProgress } from './session/progress.ts';

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/\bPostfix\b/i, 'Postfix'],
  [/\bExim(?: [\d.]+)?/i, 'Exim'],
  [/\bOpenSMTPD\b/i, 'OpenSMTPD'],
  [/\bSendmail\b/i, 'Sendmail'],
  [/\bHaraka\b/i, 'Haraka'],
  [/\bDovecot\b/i, 'Dovecot'],
  [/Microsoft ESMTP MAIL Service|\.outlook\.com\b/i, 'Microsoft Exchange'],
  [/\bmx\.google\.com\b|\bgsmtp\b/i, 'Google'],
  [/\bqmail\b/i, 'qmail'],
  [/\bMailEnable\b/i, 'MailEnable'],
  [/\bhMailServer\b/i, 'hMailServer'],
  [/\bKerio Connect\b/i, 'Kerio Connect'],
  [/\bStalwart\b/i, 'Stalwart'],
  [/\bMaddy\b/i, 'maddy'],
  [/\bmox\b/i, 'mox'],
  [/\bJames\b/i, 'Apache James'],
  [/\bMDaemon\b/i, 'MDaemon'],
  [/\bCommuniGate\b/i, 'CommuniGate'],
  [/\bLotus Domino|HCL Domino\b/i, 'Domino'],
  [/\bZimbra\b/i, 'Zimbra'],
  [/\bamazonaws\.com\b.*SimpleEmailService|SimpleEmailService/i, 'Amazon SES'],
  [/\bPowerMTA\b/i, 'PowerMTA'],
  [/\bMomentum|ecelerity\b/i, 'Momentum'],
];

/** First lines of EHLO replies of servers that do not name their software. */
const EHLO_REPLIES: readonly (readonly [RegExp, string])[] = [
  [/ pleased to meet you$/, 'Sendmail'],
  [/^mx\.google\.com at your service/, 'Google'],
  [/^\S+ Hello \[[\d.a-f:]+\]$/i, 'Microsoft Exchange'],
  [/^\S+ Hello \S+ \[[\d.a-f:]+\]$/i, 'Exim'],
];

/** Keywords that only one software offers. */
const KEYWORDS: readonly (readonly [string, string])[] = [
  ['X-ANONYMOUSTLS', 'Microsoft Exchange'],
  ['X-EXPS', 'Microsoft Exchange'],
  ['PIPECONNECT', 'Exim'],
  ['X_PIPE_CONNECT', 'Exim'],
  ['XFORWARD', 'Postfix'],
];

const softwareByGreeting = new Map<string, string | null>();

/** The greeting is the best source, then the keywords, then the EHLO reply. */
export function detectSoftware(progress: SessionProgress): string | null {
  const { greeting, helloText } = progress;
  const offered = currentExtensions(progress);
  return (
    fromCache(softwareByGreeting, greeting ?? '', () => nameIn(greeting ?? '', NAMES)) ??
    KEYWORDS.find(([keyword]) => offered?.[keyword] !== undefined)?.[1] ??
    nameIn(helloText ?? '', EHLO_REPLIES)
  );
}

function nameIn(text: string, patterns: typeof NAMES): string | null {
  return patterns.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
