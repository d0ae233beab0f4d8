/** Badges: two words beside each other, as SVG, and as the document of https://shields.io/badges/endpoint-badge. */

import { safeText } from '../../lambda/alert/words/safe-text.ts';
import type { Verdict } from '../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import { html } from '../markup/html.ts';

/** White on each of them has a contrast of 4.5 or more (WCAG 2.2, 1.4.3). */
const COLOURS: Readonly<Record<Verdict, string>> = {
  up: '#2a7d50',
  degraded: '#96601a',
  down: '#c53030',
  unknown: '#5d6472',
};

/** Characters of a label. */
const LONGEST = 64;
const SPACE = 6;

export function svgBadge(name: string, verdict: Verdict): string {
  const label = safeText(name, LONGEST);
  const [left, right] = [widthOf(label), widthOf(verdict)];
  const boxes = [left + 2 * SPACE, right + 2 * SPACE] as const;
  const width = boxes[0] + boxes[1];
  const said = `${label}: ${verdict}`;
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${said}"><title>${said}</title><rect width="${boxes[0]}" height="20" fill="#444c56"/><rect x="${boxes[0]}" width="${boxes[1]}" height="20" fill="${COLOURS[verdict]}"/><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11"><text x="${SPACE}" y="14" textLength="${left}" lengthAdjust="spacingAndGlyphs">${label}</text><text x="${boxes[0] + SPACE}" y="14" textLength="${right}" lengthAdjust="spacingAndGlyphs">${verdict}</text></g></svg>
`.markup;
}

export function shieldsBadge(name: string, verdict: Verdict): object {
  return { schemaVersion: 1, label: safeText(name, LONGEST), message: verdict, color: COLOURS[verdict] };
}

/** Of characters at 11 px in Verdana, rounded up. `textLength` makes the text as wide as that, whatever the font is. */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[ijlIft.,:;'|!()[\]{}` \\/-]/, 5],
  [/[mwMW@%]/, 11],
  [/[A-Z0-9_#&<>=+~]/, 8],
  [/[ -~]/, 7],
];

function widthOf(text: string): number {
  const widths = Array.from(text, (character) => WIDTHS.find(([of]) => of.test(character))?.[1] ?? 11);
  return widths.reduce((sum, width) => sum + width, 0);
}
