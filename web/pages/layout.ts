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

export function page(snapshot: Snapshot, { title, root, main }: Page): string {
  const stale = snapshot.every * 3;
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
<body data-written="${snapshot.at}" data-stale="${stale}">
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
