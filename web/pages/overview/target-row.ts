/** A target on the first page: its verdict, its days, and who sees what right now. */

import { durationText } from '../../../lambda/alert/words/time-text.ts';
import type {
  DaySnapshot,
  HoldSnapshot,
  LastSample,
  TargetSnapshot,
} from '../../../lambda/reports/snapshot/snapshot.ts';
import { latencyText } from '../../history/latency-text.ts';
import { type Html, html } from '../../markup/html.ts';
import { dayBars, dayText } from '../day-bars.ts';
import { LINES, mark } from '../marks.ts';
import { incidentPath, targetPath } from '../paths.ts';
import { badge, countText, percentText, time, unseen } from '../words.ts';
import { latencySparkline } from './sparkline.ts';

export function targetRow(target: TargetSnapshot): Html {
  const { id, endpoint, tags, verdict, since, incident, held, days, latency } = target;
  const about = [endpoint ?? '', ...tags.slice(1)].filter(Boolean).join(' · ');
  return html`<article class="row ${verdict}" id="target-${id}">
<div class="who"><h3><a href="${targetPath(id)}">${id}</a></h3>${badge(verdict)}
${about === '' ? null : html`<p class="note">${about}</p>`}${verdict === 'up' || since === null ? null : html`<p class="note">since ${time(since)}${incident === null ? null : html`, <a href="${incidentPath(incident)}">incident${unseen(` of ${id}`)}</a>`}</p>`}${held === null ? null : html`<p class="note">${holdText(held)}</p>`}</div>
<div class="past">${dayBars(days, id)}${scale(target)}${troubledDays(days)}</div>
<div class="now">${lastSessions(target)}${latencySparkline(latency)}</div>
</article>
`;
}

const HOLDS = { window: 'planned work', mute: 'muted', behind: 'behind' } as const;

/** `Nobody is alerted: planned work database`. */
function holdText({ why, what }: HoldSnapshot): string {
  return `Nobody is alerted: ${[HOLDS[why], what ?? ''].filter(Boolean).join(' ')}`;
}

/** Uptime, and of how many days. Below the bars. */
function scale({ days, uptime, unwatched }: TargetSnapshot): Html | null {
  if (days.length === 0) return null;
  const seen = days.filter(({ up, down }) => up + down > 0).length;
  const watched = seen === days.length ? null : html` of ${countText(seen, 'watched day')}`;
  return html`<p class="scale"><span>${days.length} days ago</span><span title="Of the time that was watched. Not watched: ${durationText(unwatched)}"><strong>${percentText(uptime)}</strong>${watched}</span><span>today</span></p>`;
}

/** The list is the legend of the lines beside it, too. What several vantages see alike is said once, below the last of them. */
function lastSessions({ last, latency }: TargetSnapshot): Html {
  if (last.length === 0) return html`<p class="note">No session yet.</p>`;
  const places = new Map(latency.map(({ vantage }, nth) => [vantage, nth]));
  const alike = [...new Set(last.map(whatOf))];
  const items = alike.flatMap((what) =>
    last
      .filter((sample) => whatOf(sample) === what)
      .map((sample, nth, samples) => {
        const line = last.length > 1 ? (places.get(sample.vantage) ?? null) : null;
        const isLast = nth === samples.length - 1;
        return lastItem(sample, line, isLast ? troubleText(what, sample, samples.length, last.length) : null);
      }),
  );
  return html`<ul class="last">${items}</ul>`;
}

/** `at greeting: storage-insufficient`; of a session that passed, nothing. */
function whatOf({ outcome, phase, code }: LastSample): string {
  if (outcome === 'pass') return '';
  return `${outcome} ${[phase === null ? '' : `at ${phase}`, code ?? ''].filter(Boolean).join(': ')}`;
}

const OUTCOME_WORDS = {
  warn: ['warns', 'warn'],
  fail: ['fails', 'fail'],
  unable: ['cannot probe', 'cannot probe'],
} as const;

/** `3 of 3 fail at greeting: storage-insufficient`; null for sessions that passed. */
function troubleText(what: string, { outcome }: LastSample, count: number, all: number): Html | null {
  if (outcome === 'pass') return null;
  const [one, many] = OUTCOME_WORDS[outcome];
  const where = what.slice(outcome.length + 1);
  return html`<span class="what">${count === 1 ? one : `${count} of ${all} ${many}`} ${where}</span>`;
}

/** @param line which line is that of the vantage; null if there is only one */
function lastItem({ vantage, outcome, reply, total }: LastSample, line: number | null, trouble: Html | null): Html {
  const sample =
    line === null ? null : html`<svg class="swatch" aria-hidden="true"><use href="#line${line % LINES}"/></svg>`;
  const figure = outcome === 'pass' ? html`<span class="figure">${latencyText(total)}</span>` : trouble;
  const kind = trouble === null ? null : html` class="trouble"`;
  return html`<li${kind}${reply === null ? null : html` title="${reply}"`}>${sample}${mark(outcome)}<span class="vantage">${vantage}</span>${figure}</li>`;
}

/** The bars show the same on hover, and with the arrow keys. This list needs no script. */
function troubledDays(days: readonly DaySnapshot[]): Html | null {
  const troubled = days.filter(({ down, degraded }) => down > 0 || degraded > 0).toReversed();
  if (troubled.length === 0) return null;
  return html`<details class="note"><summary>${countText(troubled.length, 'day')} with trouble</summary><ul class="plain">${troubled.map((day) => html`<li>${dayText(day)}</li>`)}</ul></details>`;
}
