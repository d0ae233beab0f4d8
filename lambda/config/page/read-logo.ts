/** The logo of the status page: a file beside the config, known by its first octets. */
import type { PageLogo } from './status-page.ts';

/** Octets. It is a part of the page, and of the config of the function that publishes it. */
const LARGEST = 102_400;

const KINDS: readonly { readonly end: string; readonly type: string; begins(octets: string): boolean }[] = [
  { end: 'png', type: 'image/png', begins: (octets) => octets.startsWith('\x89PNG\r\n\x1a\n') },
  { end: 'webp', type: 'image/webp', begins: (octets) => /^RIFF.{4}WEBP/s.test(octets) },
  { end: 'svg', type: 'image/svg+xml', begins: (octets) => /^<svg[\s>/]/.test(rootOf(octets)) },
];

/** @param octets each as one character (latin1) */
export function pageLogo(octets: string): { ok: true; logo: PageLogo } | { ok: false; message: string } {
  if (octets.length > LARGEST) return { ok: false, message: `is larger than ${LARGEST / 1024} KB` };
  const kind = KINDS.find(({ begins }) => begins(octets));
  if (kind === undefined) return { ok: false, message: 'is no picture that browsers show: SVG, PNG and WebP are' };
  const base64 = Buffer.from(octets, 'latin1').toString('base64');
  return { ok: true, logo: { name: `logo.${kind.end}`, type: kind.type, base64 } };
}

/** What stands before the first element: the XML declaration, comments, a document type. */
const BEFORE: readonly (readonly [begin: string, end: string])[] = [
  ['<?', '?>'],
  ['<!--', '-->'],
  ['<!DOCTYPE', '>'],
];

function rootOf(octets: string): string {
  let rest = octets.replace(/^\xef\xbb\xbf/, '').trimStart();
  for (;;) {
    const [begin, end] = BEFORE.find(([one]) => rest.startsWith(one)) ?? [];
    if (begin === undefined || end === undefined) return rest;
    const over = rest.indexOf(end, begin.length);
    if (over === -1) return '';
    rest = rest.slice(over + end.length).trimStart();
  }
}
