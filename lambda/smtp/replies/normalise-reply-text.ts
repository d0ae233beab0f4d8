/** The text of a refusal in the form that rules are matched against. */

import { LIMITS } from '../bounds/limits.ts';
import type { Reply } from './reply-reader.ts';

export interface ReplyWords {
  /** The reply code, as text. */
  readonly code: string;
  /** The enhanced status code (RFC 3463); empty where there is none. */
  readonly enhanced: string;
  /** In lower case, without codes; `{#}` in place of an IP address, `{@}` in place of a mail address. */
  readonly text: string;
}

const CODE = /^\d{3}[ -]?/;
const ENHANCED = /^ *#?([245]\.\d{1,3}\.\d{1,3})\b:? ?/;
/** Where servers put it behind the words: qmail and its kin. */
const ENHANCED_LATER = /#([245]\.\d{1,3}\.\d{1,3})\b/;
const MAIL_ADDRESS = /[^\s<>@=]{1,64}@[\w.-]{1,255}/g;
const IP_ADDRESS =
  /\b\d{1,3}(?:\.\d{1,3}){3}\b|(?:ipv6:)?(?<![\w.])(?:(?:[\da-f]{1,4}:){4,7}[\da-f]{1,4}|[\da-f:]{0,30}::[\da-f:]{0,30})/g;
/** Servers begin with their own name, which can hold any word. */
const OWN_NAME = /^[a-z\d](?:[a-z\d-]*\.)+[a-z][a-z\d-]*[a-z\d](?=[ :]|$)/;
/** All octets of a text that came as Latin-1, of which some are beyond ASCII. */
const EIGHT_BIT = /^(?=.*[\x80-\xff])[^\u0100-\uffff]*$/s;
/** More lines than any refusal has that is meant to be read. */
const LINES = 16;

const chinese = new TextDecoder('gb18030');

export function replyWords({ lines }: Pick<Reply, 'lines'>): ReplyWords {
  const said = lines.slice(0, LINES).map((line) => line.slice(0, LIMITS.keptCharacters).replace(CODE, ''));
  const first = said[0] ?? '';
  const text = said.map((line) => line.replace(ENHANCED, '')).join(' ');
  return {
    code: (lines[0] ?? '').slice(0, 3),
    enhanced: (ENHANCED.exec(first) ?? ENHANCED_LATER.exec(text))?.[1] ?? '',
    text: simplified(decoded(text.slice(0, LIMITS.keptCharacters))),
  };
}

/** Servers in China send GBK: what was no UTF-8 is read as that, too. */
function decoded(text: string): string {
  return EIGHT_BIT.test(text) ? `${text} ${chinese.decode(Buffer.from(text, 'latin1'))}` : text;
}

function simplified(text: string): string {
  return text
    .toLowerCase()
    .replace(OWN_NAME, '')
    .replace(MAIL_ADDRESS, '{@}')
    .replace(IP_ADDRESS, '{#}')
    .replace(/\s+/g, ' ')
    .trim();
}
