/** The first page: a sentence, the open incidents, and each target with its days. */

import { durationText } from '../../lambda/alert/words/time-text.ts';
import type {
  DaySnapshot,
  IncidentSnapshot,
  LastSample,
  Snapshot,
  TargetSnapshot,
} from '../../lambda/reports/snapshot/snapshot.ts';
import { type Html, html } from '../markup/html.ts';
import { dayBars, dayText } from './day-bars.ts';
import { latencyChart, roundedTime } from './latency-chart.ts';
import { page } from './layout.ts';
import { incidentPath, targetPath } from './paths.ts';
import { badge, headline, percentText, time, VERDICT_MARKS, worstTargetsFirst } from './words.ts';

/** Ended incidents on the first page. */
const RECENT = 10;

export function overviewPage(snapshot: Snapshot): string {
  const { verdict, text } = headline(snapshot);
  const open = snapshot.incidents.filter(({ closed }) => closed === null);
  const ended = snapshot.incidents.filter(({ closed }) => closed !== null).slice(0, RECENT);
  const main = html`
<h1 class="headline ${verdict}"><span aria-hidden="true">${VERDICT_MARKS[verdict]}</span> ${text}</h1>
${open.length === 0 ? null : html`<section><h2>Open incidents</h2><ul class="incidents">${open.map((one) => incidentItem(one))}</ul></section>`}
${groupsOf(snapshot.targets).map(({ tag, targets }) => group(tag, targets))}
<section><h2>Past incidents</h2>${ended.length === 0 ? html`<p>None in the last 90 days.</p>` : html`<ul class="incidents">${ended.map((one) => incidentItem(one))}</ul>`}</section>
<section><h2>Vantages</h2><ul class="vantages">${snapshot.vantages.map(({ vantage, lastRound, blind }) => html`<li><strong>${vantage}</strong> ${blind ? 'is blind and does not vote' : lastRound === null ? 'has no round yet' : html`last round ${time(lastRound.slice(0, 19).concat('Z'))}`}</li>`)}</ul></section>`;
  return page(snapshot, { title: `${text} – ${snapshot.title}`, root: '', main });
}

function incidentItem({ id, target, opened, closed, verdict, timeline, acknowledged }: IncidentSnapshot): Html {
  const last = timeline.at(-1)?.what ?? '';
  const length =
    closed === null
      ? html`since ${time(opened)}`
      : html`${time(opened)}, ${durationText(Date.parse(closed) - Date.parse(opened))}`;
  return html`<li><a href="${incidentPath(id)}">${target}</a> ${closed === null ? badge(verdict) : null} ${length}${acknowledged === null ? null : html`, acknowledged by ${acknowledged.by}`}<br><span class="note">${last}</span></li>`;
}

interface Group {
  /** Null: without a tag. */
  readonly tag: string | null;
  readonly targets: readonly TargetSnapshot[];
}

/** A target is in the group of its first tag. */
function groupsOf(targets: readonly TargetSnapshot[]): readonly Group[] {
  const tags = [...new Set(targets.map((target) => target.tags[0] ?? null))];
  return tags.map((tag) => ({
    tag,
    targets: worstTargetsFirst(targets.filter((target) => (target.tags[0] ?? null) === tag)),
  }));
}

/** Above this number, a group in which all is well is folded. */
const MOST_UNFOLDED = 12;

function group(tag: string | null, targets: readonly TargetSnapshot[]): Html {
  const isWell = targets.every(({ verdict }) => verdict === 'up');
  const title = tag ?? 'Mail servers';
  const cards = html`<div class="targets">${targets.map((target) => targetCard(target))}</div>`;
  if (!isWell || targets.length <= MOST_UNFOLDED) return html`<section><h2>${title}</h2>${cards}</section>`;
  return html`<section><details><summary><h2>${title}</h2> all ${targets.length} up</summary>${cards}</details></section>`;
}

function targetCard(target: TargetSnapshot): Html {
  const { id, endpoint, verdict, since, incident, uptime, unwatched, days, last, latency } = target;
  const seen = days.filter(({ up, down }) => up + down > 0).length;
  return html`<article class="target" id="${id}">
<header><h3><a href="${targetPath(id)}">${id}</a></h3>${badge(verdict)}</header>
<p class="note">${endpoint ?? ''}${since === null ? null : html` ${verdict} since ${time(since)}`}${incident === null ? null : html` <a href="${incidentPath(incident)}">incident</a>`}</p>
${dayBars(days)}
<p class="scale"><span>${days.length} days ago</span><strong title="Of the time that was watched. Not watched: ${durationText(unwatched)}">${percentText(uptime)}</strong><span>${seen} ${seen === 1 ? 'day' : 'days'} watched, today</span></p>
<div class="now"><ul>${last.map((sample) => lastItem(sample))}</ul>${latencyChart(latency)}</div>
${troubledDays(days)}
</article>`;
}

const OUTCOME_MARKS = { pass: '✓', warn: '!', fail: '✕', unable: '?' } as const;

function lastItem({ vantage, outcome, phase, code, reply, total, certificateExpires }: LastSample): Html {
  const what = outcome === 'pass' ? roundedTime(total) : `${phase ?? ''} ${code ?? ''}`.trim();
  const title = [reply, certificateExpires === null ? null : `certificate until ${certificateExpires}`]
    .filter(Boolean)
    .join('; ');
  return html`<li class="${outcome}" title="${title}"><span aria-hidden="true">${OUTCOME_MARKS[outcome]}</span> ${vantage} <span class="note">${outcome === 'pass' ? '' : `${outcome}: `}${what}</span></li>`;
}

/** The bars show the same on hover. This list is for keyboards, touch screens and readers. */
function troubledDays(days: readonly DaySnapshot[]): Html | null {
  const troubled = days.filter(({ down, degraded }) => down > 0 || degraded > 0).toReversed();
  if (troubled.length === 0) return null;
  const title = `${troubled.length} ${troubled.length === 1 ? 'day' : 'days'} with trouble`;
  return html`<details class="note"><summary>${title}</summary><ul>${troubled.map((day) => html`<li>${dayText(day)}</li>`)}</ul></details>`;
}
