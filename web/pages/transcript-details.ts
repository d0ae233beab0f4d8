/** The transcript of a session, folded. */

import { type Html, html } from '../markup/html.ts';

/** Nothing if none is kept. */
export function transcriptDetails(lines: readonly string[]): Html | null {
  if (lines.length === 0) return null;
  const items = lines.map((line) => html`<li><code>${line}</code></li>`);
  return html`<details><summary>Session</summary><ol class="transcript">${items}</ol></details>`;
}
