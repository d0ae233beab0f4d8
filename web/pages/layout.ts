/** What every page has: head, title, the links to the other pages, and when it was written. */

import { durationText } from '../../lambda/alert/words/time-text.ts';
import type { Snapshot } from '../../lambda/reports/snapshot/snapshot.ts';
import { type Html, html } from '../markup/html.ts';
import { MARKS } from './marks.ts';
import { beginOfRound, staleAfter, time } from './words.ts';

/** What a page says of itself and of the monitor. */
type PageSource = Pick<Snapshot, 'at' | 'title' | 'logo' | 'newestRound' | 'every'>;

interface Page {
  readonly title: string;
  /** From this page to the first one: `` or `../`. */
  readonly root: '' | '../';
  readonly main: Html;
  /** Which link of the bar leads here. */
  readonly here?: string;
  /** It names the time that it is of, and does not become old: a report. */
  readonly isLasting?: boolean;
  /** It is written again and again, whether something of it changes or not: the first page. */
  readonly isRenewed?: boolean;
  /** Whether it is printed on wide paper. */
  readonly isWide?: boolean;
}

/** The pages that the bar leads to. */
const PAGES = [
  ['index.html', 'Status'],
  ['reports.html', 'Reports'],
  ['vantages.html', 'Vantages'],
] as const;

/** The newest round, not when the page was written: while no round can be recorded, the page is still written. */
function heardAt({ newestRound }: PageSource): string {
  return newestRound === null ? '' : beginOfRound(newestRound);
}

/** For the script, in seconds. Without them it never calls the page old. */
function ageFields(source: PageSource, isRenewed: boolean): Html {
  const lasts = isRenewed ? html` data-lasts="${renewedWithin(source)}"` : null;
  return html` data-heard="${heardAt(source)}" data-stale="${staleAfter(source)}" data-every="${source.every}"${lasts}`;
}

/** Seconds. On AWS it is every five minutes, of which a publication may take all, and one may fail; on one machine after rounds. */
function renewedWithin(source: PageSource): number {
  return Math.max(1200, staleAfter(source));
}

/** What the page says when it is old. */
function oldText(source: PageSource, isRenewed: boolean): string {
  const silent = `no round was recorded for longer than ${durationText(staleAfter(source) * 1000)} (three rounds, and at least a minute)`;
  const unwritten = isRenewed ? `, or nobody wrote it for ${durationText(renewedWithin(source) * 1000)}` : '';
  return `This page is old: ${silent}${unwritten}. What it shows may no longer be true.`;
}

/** The title is beside it. */
function logo({ logo: file }: PageSource, root: string): Html | null {
  return file === null ? null : html`<img class="logo" src="${root}${file}" alt="">`;
}

export function page(
  source: PageSource,
  { title, root, main, here, isLasting = false, isRenewed = false, isWide = false }: Page,
): string {
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
<body${isWide ? html` class="report"` : null} data-written="${source.at}"${isLasting ? null : ageFields(source, isRenewed)}>
${MARKS}
<a class="skip" href="#main">Skip to the content</a>
<header class="top"><div class="wide"><a class="home" href="${root}index.html">${logo(source, root)}${source.title}</a><nav aria-label="Pages"><ul>${PAGES.map(([path, name]) => html`<li><a href="${root}${path}"${here === path ? html` aria-current="page"` : null}>${name}</a></li>`)}</ul></nav></div></header>
<p id="stale" role="status" hidden>${oldText(source, isRenewed)}</p>
<main id="main" tabindex="-1">${main}</main>
<footer><div class="wide">
<p>As of ${time(source.at)}<noscript>, and not updated by itself</noscript>. Monitored by smtp-quorum.</p>
<p class="links"><a href="${root}incidents.atom">Atom</a> <a href="${root}incidents.json">JSON Feed</a> <a href="${root}api/v2/summary.json">API</a> <a href="${root}metrics">Metrics</a></p>
</div></footer>
</body>
</html>
`.markup;
}
