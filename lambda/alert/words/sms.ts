import { clip } from './safe-text.ts';
import { type AlertSummary, firstLine } from './summary.ts';

/** GSM 03.38's basic alphabet without its line breaks: one septet a character, 160 of them in one part. */
const GSM_7 = /^[@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]$/u;

/** Characters that have a double-width code or none in GSM-7, and what reads the same. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  '[': '(',
  ']': ')',
  '{': '(',
  '}': ')',
  '\\': '/',
  '|': '/',
  '~': '-',
  '^': "'",
  '`': "'",
  '…': '.',
  '–': '-',
  '—': '-',
};

/** One part of 160 GSM-7 characters: the first line, and as much of the server's reply as fits. */
export function smsText(account: AlertSummary): string {
  const line = firstLine({ ...account, where: null });
  const said = account.reply === null ? '' : `. Server: ${account.reply}`;
  const where = account.where === null ? '' : `. ${account.where}`;
  return clip(gsm7(line + said + where), 160, '...');
}

export function gsm7(text: string): string {
  return Array.from(text, (character) => {
    if (GSM_7.test(character)) return character;
    return LOOKALIKES[character] ?? '?';
  }).join('');
}
