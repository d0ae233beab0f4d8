/**
 * What e-mail and SMS say of each kind of alert, and for each reason for which one is sent again.
 * `npx vitest run test/alert/words/golden.test.ts -u` writes the files anew: read the difference as somebody who was woken.
 */
import { describe, expect, test } from 'vitest';
import type { SentMessage } from '../../../lambda/alert/channels/sender.ts';
import { alertTexts } from '../../../lambda/alert/words/alert-texts.ts';
import { PLAIN } from '../../../lambda/alert/words/late-delivery-note.ts';
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import { alertOfEachKind } from '../alert-of-each-kind.ts';
import { context, incident, witness } from '../alerts.ts';
import { hostileAlert, hostileTexts } from '../channels/hostile-texts.ts';
import { messageOfEachReason } from './again-alerts.ts';

const messages: Readonly<Record<string, SentMessage>> = {
  ...Object.fromEntries(Object.entries(alertOfEachKind).map(([kind, alert]) => [kind, { ...PLAIN, alert }])),
  ...messageOfEachReason,
};

const textsOf = ({ alert, ...circumstances }: SentMessage) => alertTexts(alert, context, circumstances);

test('e-mail', async () => {
  const texts = Object.entries(messages).map(([name, message]) => {
    const { subject, email } = textsOf(message);
    return `--- ${name}\nSubject: ${subject}\n\n${email}`;
  });
  await expect(texts.join('\n')).toMatchFileSnapshot('golden/email.txt');
});

test('SMS', async () => {
  const texts = Object.entries(messages).map(([name, message]) => `--- ${name}\n${textsOf(message).sms}\n`);
  await expect(texts.join('\n')).toMatchFileSnapshot('golden/sms.txt');
});

/** GSM 03.38 without the characters that take two septets. */
const GSM_7 = /^[@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]*$/u;

/** The longest that the config allows. */
const LONGEST = 'm'.repeat(63);

function renamed({ alert, ...message }: SentMessage): SentMessage {
  const own =
    alert.incident === null ? null : { ...alert.incident, target: LONGEST, id: `${LONGEST}@${incident.opened}` };
  return { ...message, alert: { ...alert, subject: LONGEST, incident: own } };
}

describe.each(Object.entries(messages))('%s', (_, message) => {
  test('SMS is one part, also with the longest id, and says what it is about', () => {
    for (const one of [message, renamed(message)]) {
      const { sms } = textsOf(one);
      expect(sms).toMatch(GSM_7);
      expect(sms.length).toBeLessThanOrEqual(160);
    }
  });

  test('the tables of an e-mail are at most 72 columns wide', () => {
    for (const row of tableRows(textsOf(message).email)) expect(row.length, row).toBeLessThanOrEqual(72);
  });
});

const TABLES = [
  'What each vantage saw',
  'Alerts',
  'What happened',
  'Above the limit of messages an hour',
  'Not up yet',
];

/** The rows of the tables; sections end with an empty line. */
function tableRows(email: string): readonly string[] {
  const sections = email.split('\n\n').map((section) => section.split('\n'));
  return sections.flatMap(([title = '', ...rows]) => (TABLES.includes(title) ? rows : []));
}

/** Control characters, format characters and halves of characters. */
const UNFIT = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

describe('text of a hostile server', () => {
  const again = { why: 'held', since: incident.opened } as const;
  test.each(hostileTexts.map((hostile) => [hostile.name, hostile] as const))('%s', (_, hostile) => {
    const { text } = hostile;
    const named: Partial<Alert> = {
      again: { ...again, hold: { why: 'mute', what: text, since: incident.opened, until: null } },
      reason: text,
    };
    for (const alert of [hostileAlert(hostile), hostileAlert(hostile, named), ofHostileNames(text)]) {
      const { subject, email, sms } = textsOf({ ...PLAIN, alert });
      expect(subject).toMatch(/^[ -~]{1,99}$/);
      expect(sms).toMatch(GSM_7);
      expect(sms.length).toBeLessThanOrEqual(160);
      expect(Buffer.byteLength(email)).toBeLessThanOrEqual(24_000);
      const lines = email.split('\n');
      for (const line of lines) expect(line).not.toMatch(UNFIT);
      // No line of ours can be made up: the server's text never begins one.
      expect(lines.filter((line) => /^(?:DOWN mx2|\*everything\*|Commands|Alert )/.test(line))).toHaveLength(2);
    }
  });
});

/** An acknowledgement of somebody with such a name, of a target behind which such ones are down. */
function ofHostileNames(text: string): Alert {
  const { down } = alertOfEachKind;
  const acknowledged = { at: incident.opened, by: text };
  const witnesses = [{ ...witness, phase: text, code: text, reply: text }];
  const again = { why: 'acknowledged', since: incident.opened, by: text } as const;
  return { ...down, kind: 'update', was: 'down', again, incident: { ...incident, witnesses, acknowledged } };
}
