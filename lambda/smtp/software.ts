/** The server's software, guessed from what it says of itself: a fact for people, never a verdict. */

const MARKS: readonly (readonly [RegExp, string])[] = [
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

export function softwareOf(greeting: string | null): string | null {
  if (greeting === null) return null;
  return MARKS.find(([mark]) => mark.test(greeting))?.[1] ?? null;
}
