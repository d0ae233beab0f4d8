/** What HTML says: its text, its links and its number of images. Linear in time, whatever the HTML. Pure. */
import { ownValue } from '../../wire/own-value.ts';

export interface HtmlText {
  readonly text: string;
  readonly links: readonly HtmlLink[];
  readonly images: number;
}

export interface HtmlLink {
  readonly href: string;
  /** What is clicked on. */
  readonly text: string;
}

const LONGEST = 65_536;
/** Elements whose content is not shown. */
const HIDDEN = /^(?:head|style|script|title)$/;
/** Elements that are no space between words. */
const INLINE = /^(?:a|b|i|u|em|strong|span|font|code|small|sup|sub|wbr)$/;

interface Reading {
  text: string;
  hidden: string | null;
  link: { href: string; from: number } | null;
  readonly links: HtmlLink[];
  images: number;
}

export function readHtml(html: string): HtmlText {
  const reading: Reading = { text: '', hidden: null, link: null, links: [], images: 0 };
  const source = html.slice(0, LONGEST);
  let at = 0;
  while (at < source.length) {
    const open = source.indexOf('<', at);
    if (reading.hidden === null) reading.text += source.slice(at, open === -1 ? source.length : open);
    if (open === -1) break;
    const isComment = source.startsWith('<!--', open);
    const close = source.indexOf(isComment ? '-->' : '>', open);
    if (close === -1) break;
    if (!isComment) readTag(reading, source.slice(open + 1, close));
    at = close + (isComment ? 3 : 1);
  }
  endLink(reading);
  return { text: decodeEntities(reading.text), links: reading.links, images: reading.images };
}

function readTag(reading: Reading, tag: string): void {
  const [, slash = '', written = ''] = /^(\/?)([A-Za-z][A-Za-z0-9:]{0,30})/.exec(tag) ?? [];
  const name = written.toLowerCase();
  if (reading.hidden !== null) {
    if (slash === '/' && name === reading.hidden) reading.hidden = null;
    return;
  }
  if (slash === '' && HIDDEN.test(name)) reading.hidden = name;
  if (slash === '' && name === 'img') reading.images++;
  if (name === 'a') endLink(reading);
  if (name === 'a' && slash === '') reading.link = { href: hrefOf(tag), from: reading.text.length };
  if (!INLINE.test(name)) reading.text += ' ';
}

function endLink(reading: Reading): void {
  if (reading.link === null) return;
  const { href, from } = reading.link;
  reading.links.push({ href, text: decodeEntities(reading.text.slice(from)) });
  reading.link = null;
}

function hrefOf(tag: string): string {
  const [, double, single, bare] = /\shref\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(tag) ?? [];
  return decodeEntities(double ?? single ?? bare ?? '');
}

/** Entities that mail servers write. */
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  szlig: 'ß',
  eacute: 'é',
  euro: '€',
  ndash: '–',
  mdash: '—',
  ldquo: '“',
  rdquo: '”',
  hellip: '…',
  check: '✓',
};

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6})|([A-Za-z]{2,8}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return ownValue(ENTITIES, name) ?? whole;
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
