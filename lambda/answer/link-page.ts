/** The page that a link in mail leads to. No script; readable on a telephone, in light and in dark. */
import { createHash } from 'node:crypto';
import { type Html, html } from '../../web/markup/html.ts';
import { safeText } from '../alert/words/safe-text.ts';
import { type HttpResponse, pageAnswer } from './http.ts';
import type { OpenIncident } from './incidents/open-incidents.ts';

const STYLE = `:root{color-scheme:light dark;--ink:#1c2430;--soft:#596579;--ground:#f6f7f9;--card:#fff;--line:#dfe4ea;--act:#1f5fae;--on:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#e6eaf0;--soft:#9aa6b8;--ground:#12161d;--card:#1a202a;--line:#2b3442;--act:#7db2f0;--on:#12161d}}
body{margin:0 auto;padding:1.5rem 1rem;max-width:36rem;background:var(--ground);color:var(--ink);font:1.05rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.4rem;line-height:1.25}
section{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1rem 1.25rem}
li{font-family:ui-monospace,monospace;font-size:.9rem}
p.soft{color:var(--soft);font-size:.95rem}
button{width:100%;min-height:3rem;border:0;border-radius:.5rem;background:var(--act);color:var(--on);font:inherit;font-weight:600}
button:focus-visible{outline:3px solid var(--ink);outline-offset:2px}`;

const HASH = createHash('sha256').update(STYLE).digest('base64');

/** The form posts to the page it is on. */
const POLICY = `default-src 'none'; style-src 'sha256-${HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** Characters of one thing that is wrong. */
const MOST_LINE = 300;

export function pageToAcknowledge(incident: OpenIncident, address: string): HttpResponse {
  return page(200, `${incident.subject}: acknowledge`, [
    ...incidentParts(incident),
    html`<form method="post"><button type="submit">Acknowledge</button></form>`,
    html`<p class="soft">This link was made for ${safeText(address, 320)}. The acknowledgement gets that name: who has it sees who handles the incident. There are no more reminders and no further steps of escalation; the end is still reported.</p>`,
  ]);
}

export function pageOfAcknowledged(incident: OpenIncident, by: string, at: string, isOwn: boolean): HttpResponse {
  const title = isOwn ? `${incident.subject}: acknowledged` : `${incident.subject}: acknowledged already`;
  return page(200, title, [
    ...incidentParts(incident),
    html`<p>Acknowledged by <strong>${safeText(by, 320)}</strong> at <time datetime="${at}">${timeText(at)}</time>.</p>`,
  ]);
}

export function pageOfOver(subject: string): HttpResponse {
  return page(200, `${subject}: over`, [html`<p>This incident is over. There is nothing to acknowledge.</p>`]);
}

/** Whichever check failed. */
export function pageOfInvalid(): HttpResponse {
  return page(401, 'This link is not valid', [
    html`<p>Links of alerts are valid for a time, and only as they were sent. <code>npx smtp-quorum acknowledge</code> acknowledges without one.</p>`,
  ]);
}

function incidentParts({ opened, what, acknowledged }: OpenIncident): readonly Html[] {
  const lines = what.map((line) => html`<li>${safeText(line, MOST_LINE)}</li>`);
  return [
    html`<p>Since <time datetime="${opened}">${timeText(opened)}</time>${acknowledged ? '' : ', not acknowledged yet'}.</p>`,
    html`<ul>${lines}</ul>`,
  ];
}

/** `2026-11-22 05:08:00 UTC` */
function timeText(at: string): string {
  return `${at.slice(0, 19).replace('T', ' ')} UTC`;
}

function page(status: number, title: string, parts: readonly Html[]): HttpResponse {
  const style: Html = { markup: `<style>${STYLE}</style>` };
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${safeText(title, 300)}</title>
${style}
</head>
<body>
<main>
<h1>${safeText(title, 300)}</h1>
<section>${parts}</section>
</main>
</body>
</html>
`;
  return pageAnswer(status, markup, POLICY);
}
