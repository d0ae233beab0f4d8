/** The SMS text of an alert. */

import { type AlertSummary, firstLine } from './first-line.ts';
import { clip } from './safe-text.ts';

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

/** Characters of one part. */
const ONE_PART = 160;

/** One part of 160 GSM-7 characters: why it is sent again, the first line, and as much of the server's reply as fits. */
export function smsText({ more, ...own }: AlertSummary): string {
  // What has no message of its own must not be cut off.
  const tail = more === null ? '' : gsm7(`; ${more}`).slice(0, ONE_PART / 2);
  return clip(ownText({ ...own, more: null }), ONE_PART - tail.length, '...') + tail;
}

function ownText(summary: AlertSummary): string {
  const { again } = summary;
  if (again !== null) return gsm7(`${again.lead}: `) + ownText({ ...summary, note: again.rest, again: null });
  const whole = gsm7(firstLine({ ...summary, where: null }));
  const line = whole.length > ONE_PART && summary.fact !== null ? shortLine(summary, summary.fact) : whole;
  const reply = summary.reply === null ? '' : `. Server: ${summary.reply}`;
  const where = summary.where === null ? '' : `. ${summary.where}`;
  return gsm7(line + reply + where);
}

/** `mx1 is DEGRADED: certificate-wrong-name, asked for mx1.example.com; …`: the measurement has the room of the rest. */
function shortLine({ what, state, code, why }: AlertSummary, fact: string): string {
  const failure = code ?? clip(why, 48, '...');
  return `${clip(what, 32, '...')} is ${state}: ${failure}, ${fact}`;
}

export function gsm7(text: string): string {
  return Array.from(text, (character) => {
    if (GSM_7.test(character)) return character;
    return REPLACEMENTS[character] ?? '?';
  }).join('');
}
