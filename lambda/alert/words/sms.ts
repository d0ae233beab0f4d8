/** The SMS text of an alert. */
import { clip } from './safe-text.ts';
import { type AlertSummary, firstLine } from './summary.ts';

/** The basic alphabet of GSM 03.38 without line breaks: one septet per character, 160 in one part. */
const GSM_7 = /^[@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]$/u;

/** Replacements for characters with two septets or none in GSM-7. */
const REPLACEMENTS: Readonly<Record<string, string>> = {
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
export function smsText(summary: AlertSummary): string {
  const line = firstLine({ ...summary, where: null });
  const reply = summary.reply === null ? '' : `. Server: ${summary.reply}`;
  const where = summary.where === null ? '' : `. ${summary.where}`;
  return clip(gsm7(line + reply + where), 160, '...');
}

export function gsm7(text: string): string {
  return Array.from(text, (character) => {
    if (GSM_7.test(character)) return character;
    return REPLACEMENTS[character] ?? '?';
  }).join('');
}
