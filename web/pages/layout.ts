/** What every page has: head, title, and when it was written. */

import type { Snapshot } from '../../lambda/reports/snapshot/snapshot.ts';
import { type Html, html } from '../markup/html.ts';
import { time } from './words.ts';

interface Page {
  readonly title: string;
  /** From this page to the first one: `` or `../`. */
  readonly root: '' | '../';
  readonly main: Html;
}

/** A page that is read again every 15 seconds, and written at most a twentieth of the time, is older than three short rounds. */
const LEAST_STALE = 60;

/** Seconds after the newest round. */
function staleAfter({ every }: Snapshot): number {
  return Math.max(LEAST_STALE, every * 3);
}

/** The newest round, not when the page was written: while no round can be recorded, the page is still written. */
function heardAt({ newestRound }: Snapshot): string {
  return newestRound === null ? '' : `${newestRound.slice(0, 19)}Z`;
}

export function page(snapshot: Snapshot, { title, root, main }: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="stylesheet" href="${root}page.css">
<link rel="alternate" type="application/atom+xml" title="Incidents" href="${root}incidents.atom">
<link rel="icon" href="${root}badge.svg" type="image/svg+xml">
<script src="${root}page.js" defer></script>
</head>
<body data-written="${snapshot.at}" data-heard="${heardAt(snapshot)}" data-stale="${staleAfter(snapshot)}">
<header><a class="home" href="${root}index.html">${snapshot.title}</a></header>
<p id="stale" role="status" hidden>This page is old: nothing was heard from the monitor for longer than three rounds. What it shows may no longer be true.</p>
<main>${main}</main>
<footer>
<p>As of ${time(snapshot.at)}<noscript>, and not updated by itself</noscript>. Monitored by smtp-quorum.</p>
<p><a href="${root}incidents.atom">Atom</a> <a href="${root}incidents.json">JSON Feed</a> <a href="${root}api/v2/summary.json">API</a> <a href="${root}metrics">Metrics</a></p>
</footer>
</body>
</html>
`.markup;
}
