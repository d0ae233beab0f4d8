/** Bounces of any server as text: told by who sent them and by the reply that they quote. Never throws. */

import { fieldText } from '../mime/encoded-word.ts';
import { fieldValue, type HeaderField } from '../mime/header.ts';
import { type Dsn, type DsnRecipient, MOST_RECIPIENTS } from './dsn.ts';
import { addressIn, domainOfAddress, hostName, oneLine, replyIn, statusIn } from './words.ts';

const MAILER = /\b(?:mailer-?daemon|mail ?delivery (?:subsystem|system|service)|postmaster|mail administrator)\b/i;
/** In languages of mail servers. */
const SUBJECT = new RegExp(
  [
    'undeliver|deliver(?:y|ed)?[ -]*(?:status|fail|problem|error|delay)|returned mail|mail delivery|failure notice',
    'could not be delivered|delayed|warning|unzustellbar|nicht zugestellt|non ?remis|chec de (?:la )?(?:remise|livraison)',
    'no se (?:puede|pudo|ha podido) entregar|no entrega(?:do|ble)|recapito non riuscito|mancato recapito|non recapitabile',
    'onbestelbaar|niet bezorgd|(?:não|nao) (?:foi |é )?(?:possível )?entreg|nie można dostarczyć|niedostarcz|не доставлен|недоставлен',
    '配信不能|配達不能|配信できません|无法(?:投递|送达)|退信|無法(?:傳遞|投遞)|배달되지 않음|반송',
  ].join('|'),
  'iu',
);
const DELAYED =
  /\bdelay(?:ed)?\b|still (?:being )?(?:trying|retried)|will (?:be retried|keep trying)|not yet been delivered|\bwarning\b|verzögert|noch nicht zugestellt|retard[ée]|retrasad|ritardo|vertraagd|atrasad|opóźni|задерж|遅延|延[迟遲]/i;
const END =
  /^(?:-+ ?(?:Below this line is|This is a copy|Original message|Unsent message|Returned message|Message header)|Return-Path:|Received: )/i;
const LINES = 500;

export function parsePlainText(fields: readonly HeaderField[], text: string): Omit<Dsn, 'original'> | null {
  const subject = textOfField(fields, 'subject');
  if (!isFromMailer(fields) || !SUBJECT.test(subject)) return null;
  const recipients = recipientsIn(text, DELAYED.test(`${subject}\n${text.slice(0, 2_000)}`));
  if (recipients.length === 0) return null;
  return {
    form: 'text',
    reportingHost: domainOfAddress(addressIn(fieldValue(fields, 'from') ?? '') ?? ''),
    recipients,
  };
}

function textOfField(fields: readonly HeaderField[], name: string): string {
  return fieldText((fieldValue(fields, name) ?? '').slice(0, 500));
}

/** By its author, or by the null sender. A vacation message has that, too, and says that it is a reply (RFC 3834 5). */
function isFromMailer(fields: readonly HeaderField[]): boolean {
  if (MAILER.test(textOfField(fields, 'from'))) return true;
  return (
    fieldValue(fields, 'return-path') === '<>' && !/^auto-replied/i.test(fieldValue(fields, 'auto-submitted') ?? '')
  );
}

/** Of each reply, the last address before it, or in it. */
function recipientsIn(text: string, isDelayed: boolean): readonly DsnRecipient[] {
  const recipients: DsnRecipient[] = [];
  let address: string | null = null;
  for (const line of text.split('\n').slice(0, LINES)) {
    if (END.test(line) || recipients.length === MOST_RECIPIENTS) break;
    const reply = replyIn(line);
    const named = addressIn(line);
    if (reply === null) {
      address = named ?? address;
      continue;
    }
    const recipient = address ?? named;
    if (recipient !== null) recipients.push(recipientOf(recipient, reply, line, isDelayed));
    address = null;
  }
  return recipients;
}

function recipientOf(address: string, reply: string, line: string, isDelayed: boolean): DsnRecipient {
  return {
    // A permanent reply is no delay, whatever the words around it say.
    action: isDelayed && !/^#?5/.test(reply) ? 'delayed' : 'failed',
    status: statusIn(reply),
    diagnostic: oneLine(reply),
    remoteHost: hostName(/\bhost ([\w.-]{4,253})/i.exec(line.slice(0, 1_000))?.[1] ?? null),
    domain: domainOfAddress(address),
  };
}
