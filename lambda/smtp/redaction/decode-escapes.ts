/** Text without its escapes, and where each of its characters stood: percent encoding, quoted-printable, HTML, JSON. */
import { ownValue } from '../../wire/own-value.ts';

export interface DecodedText {
  readonly text: string;
  /** Of each unit of `text` where its source begins and ends. */
  readonly begins: readonly number[];
  readonly ends: readonly number[];
}

const ESCAPE =
  /[%=]([0-9a-f]{2})|=\n|\\x([0-9a-f]{2})|\\u([0-9a-f]{4})|\\u\{([0-9a-f]{1,6})\}|\\([nrt"\\/])|&#x([0-9a-f]{1,6});?|&#(\d{1,7});?|&(amp|lt|gt|quot|apos|nbsp);/i;
const EVERY_ESCAPE = new RegExp(ESCAPE, 'gi');

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
const SHORT: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
/** An escape of an escape of an escape is as deep as is looked. */
const DEPTH = 3;

/** Null where there is no escape. */
export function decodeEscapes(text: string): DecodedText | null {
  if (!ESCAPE.test(text)) return null;
  let found = decodeOnce(text);
  for (let depth = 1; depth < DEPTH && ESCAPE.test(found.text); depth++) found = decodeAgain(found);
  return found;
}

function decodeAgain(outer: DecodedText): DecodedText {
  const { text, begins, ends } = decodeOnce(outer.text);
  return {
    text,
    begins: begins.map((at) => outer.begins[at] ?? 0),
    ends: ends.map((at) => outer.ends[at - 1] ?? 0),
  };
}

function decodeOnce(text: string): DecodedText {
  const found = { text: '', begins: [] as number[], ends: [] as number[] };
  let from = 0;
  const add = (what: string, begin: number, end: number) => {
    found.text += what;
    for (let unit = 0; unit < what.length; unit++) {
      found.begins.push(begin);
      found.ends.push(end);
    }
  };
  const copyUntil = (end: number) => {
    for (; from < end; from++) add(text[from] ?? '', from, from + 1);
  };
  for (const match of text.matchAll(EVERY_ESCAPE)) {
    copyUntil(match.index);
    from += match[0].length;
    add(meaningOf(match), match.index, from);
  }
  copyUntil(text.length);
  return found;
}

function meaningOf([, octet, x, u, point, short, entityHex, entity, name]: RegExpMatchArray): string {
  const hex = octet ?? x ?? u ?? point ?? entityHex;
  if (hex !== undefined) return character(Number.parseInt(hex, 16));
  if (entity !== undefined) return character(Number(entity));
  if (name !== undefined) return ownValue(NAMED, name.toLowerCase()) ?? '';
  return short === undefined ? '' : (SHORT[short.toLowerCase()] ?? short);
}

function character(point: number): string {
  return point <= 0x10ffff ? String.fromCodePoint(point) : '';
}
