/** What was told of posture, round trips and bounces, and is not over. */

import { POSTURE_CODES } from '../../../lambda/posture/codes/codes.ts';
import type { FindingSnapshot, TroubleSnapshot } from '../../../lambda/reports/snapshot/snapshot.ts';
import { TRIP_CODES } from '../../../lambda/trip/verdict/trip-codes.ts';
import { type Html, html } from '../../markup/html.ts';
import { mark } from '../marks.ts';
import { time } from '../words.ts';

/** Nothing if there are none. */
export function findingsSection(findings: readonly FindingSnapshot[]): Html | null {
  if (findings.length === 0) return null;
  const rows = findings.map(
    ({ domain, kind, code, subject, since, acknowledged }) =>
      html`<tr><th scope="row">${mark(kind === 'listed' ? 'down' : 'degraded')} ${domain}</th><td data-title="Finding">${meaningOf(code)}<br><span class="note"><code>${code}</code>${subject === domain ? '' : ` ${subject}`}</span></td><td data-title="Since">${time(since)}${acknowledged === null ? null : html`<br><span class="note">acknowledged by ${acknowledged}</span>`}</td></tr>`,
  );
  return html`<section id="findings"><h2>Posture findings</h2><div class="card"><table class="table stacked"><thead><tr><th scope="col">Domain</th><th scope="col">Finding</th><th scope="col">Since</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

const KINDS = { trip: 'Round trip', bounces: 'Bounces' } as const;

/** Nothing if there are none. */
export function troublesSection(troubles: readonly TroubleSnapshot[]): Html | null {
  if (troubles.length === 0) return null;
  const rows = troubles.map(
    ({ kind, subject, what, since }) =>
      html`<tr><th scope="row">${mark('degraded')} ${subject}</th><td data-title="Kind">${KINDS[kind]}</td><td data-title="What">${what.map((one) => html`<div>${meaningOf(one)}</div>`)}</td><td data-title="Since">${time(since)}</td></tr>`,
  );
  return html`<section id="troubles"><h2>Round trips and bounces</h2><div class="card"><table class="table stacked"><thead><tr><th scope="col">Name</th><th scope="col">Kind</th><th scope="col">What</th><th scope="col">Since</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

/** The meaning of a code; other words as they are. */
function meaningOf(code: string): string {
  const tables: readonly Readonly<Record<string, { readonly meaning: string }>>[] = [POSTURE_CODES, TRIP_CODES];
  const found = tables.find((table) => Object.hasOwn(table, code))?.[code];
  return found?.meaning ?? code;
}
