/** The marks of verdicts and outcomes: their shape says what their colour says. */

import type { Verdict } from '../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import type { Outcome } from '../../lambda/smtp/sample/sample.ts';
import { type Html, html } from '../markup/html.ts';

/** Lines of charts that differ in colour and in dashes. */
export const LINES = 5;

/** Once on each page; `mark` shows one of them. A tick and a cross on a disc, an exclamation mark on a triangle, a question mark on a square; and the lines of charts. */
export const MARKS: Html = html`<svg class="sprite" width="0" height="0" aria-hidden="true"><symbol id="mark-up" viewBox="0 0 16 16"><path fill-rule="evenodd" d="M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0Zm3.9 5.3 1.2 1.2L7 12.5 3.3 8.9l1.2-1.3L7 10z"/></symbol><symbol id="mark-degraded" viewBox="0 0 16 16"><path fill-rule="evenodd" d="M8 .5 16 15H0Zm-.9 5 .3 5h1.2l.3-5ZM8 11.4a1 1 0 1 0 0 2 1 1 0 0 0 0-2Z"/></symbol><symbol id="mark-down" viewBox="0 0 16 16"><path fill-rule="evenodd" d="M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0ZM5.2 4 8 6.8 10.8 4 12 5.2 9.2 8l2.8 2.8-1.2 1.2L8 9.2 5.2 12 4 10.8 6.8 8 4 5.2z"/></symbol><symbol id="mark-unknown" viewBox="0 0 16 16"><path fill-rule="evenodd" d="M0 0h16v16H0Zm5 6h1.8a1.2 1.2 0 1 1 1.9 1C7.6 7.8 7.1 8.4 7.1 9.6h1.8c0-.8.3-1 1-1.5A3 3 0 1 0 5 6Zm3 4.8a1.1 1.1 0 1 0 0 2.2 1.1 1.1 0 0 0 0-2.2Z"/></symbol>${lineSymbols()}</svg>`;

function lineSymbols(): readonly Html[] {
  return Array.from(
    { length: LINES },
    (_, nth) => html`<symbol id="line${nth}" viewBox="0 0 24 8"><path class="line line${nth}" d="M0 4h24"/></symbol>`,
  );
}

const SHAPES: Readonly<Record<Verdict | Outcome, Verdict>> = {
  up: 'up',
  degraded: 'degraded',
  down: 'down',
  unknown: 'unknown',
  pass: 'up',
  warn: 'degraded',
  fail: 'down',
  unable: 'unknown',
};

/** Says nothing to a screen reader: words are beside it. */
export function mark(kind: Verdict | Outcome): Html {
  return html`<svg class="mark ${kind}" aria-hidden="true"><use href="#mark-${SHAPES[kind]}"/></svg>`;
}
