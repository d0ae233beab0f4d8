/** What people said of an incident. */

import type { StatementSnapshot } from '../../../lambda/reports/snapshot/snapshot.ts';
import { type Html, html } from '../../markup/html.ts';
import { exactTime } from '../words.ts';

/** Lines of a text, each a paragraph. */
export function saidText({ at, by, text }: StatementSnapshot): Html {
  const paragraphs = text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [html`<p>${line}</p>`]));
  return html`${paragraphs}<p class="note">${exactTime(at)}${by === null ? null : `, by ${by}`}</p>`;
}
