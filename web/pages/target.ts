/** The page of a target: how it is now, the last session of each vantage, the last hours, 90 days and its incidents. */

import { durationText } from '../../lambda/alert/words/time-text.ts';
import type { RoundShard } from '../../lambda/reports/history-shards/shard.ts';
import type { DaySnapshot, LastSample, Snapshot, TargetSnapshot } from '../../lambda/reports/snapshot/snapshot.ts';
import { daysLeftText } from '../history/session-facts.ts';
import { SHARD_LIST } from '../history/shard-paths.ts';
import { dataScript, type Html, html } from '../markup/html.ts';
import { dayBars, dayText } from './day-bars.ts';
import { heatMap } from './heat-map.ts';
import { latencyChart } from './latency-chart.ts';
import { page } from './layout.ts';
import { incidentPath, shardFolder } from './paths.ts';
import { sessionWaterfall } from './session-waterfall.ts';
import { transcriptDetails } from './transcript-details.ts';
import { badge, beginOfRound, exactTime, lastDaysText, percentText, time } from './words.ts';

interface TargetHistory {
  /** The last rounds; null if they are not known: then the page has pictures of them alone. */
  readonly recent: RoundShard | null;
  /** From the folder of the target; null if it is not known which there are. */
  readonly shards: readonly string[] | null;
}

export function targetPage(snapshot: Snapshot, target: TargetSnapshot, { recent, shards }: TargetHistory): string {
  const { id, endpoint, tags, verdict, since, days, last, incident } = target;
  const about = [endpoint ?? '', ...tags].filter(Boolean).join(' · ');
  const incidents = snapshot.incidents.filter((one) => one.target === id);
  const main = html`
<h1>${id} ${badge(verdict)}</h1>
<p class="note">${about}${since === null ? null : html`${about === '' ? '' : ' · '}${verdict} since ${time(since)}`}${incident === null ? null : html` · <a href="../${incidentPath(incident)}">open incident</a>`}</p>
${history(target, recent)}${shards === null ? null : dataScript(SHARD_LIST, shards)}
<section><h2>Last session of each vantage</h2><div class="targets">${last.map((sample) => session(sample))}</div></section>
<section><h2>Uptime</h2>${spans(days)}${dayBars(days, id)}<details><summary>Day by day</summary><ul class="plain">${days.toReversed().map((day) => html`<li>${dayText(day)}</li>`)}</ul></details></section>
<section><h2>Incidents</h2>${incidents.length === 0 ? html`<p>None ${lastDaysText(days)}.</p>` : html`<ul class="incidents">${incidents.map(({ id: name, opened, closed }) => html`<li><a href="../${incidentPath(name)}">${time(opened)}</a> ${closed === null ? 'open' : durationText(Date.parse(closed) - Date.parse(opened))}</li>`)}</ul>`}</section>`;
  return page(snapshot, { title: `${id} – ${snapshot.title}`, root: '../', main });
}

/** Where the script puts its charts. Without it these pictures stay. */
function history({ id, latency }: TargetSnapshot, recent: RoundShard | null): Html {
  const vantages = JSON.stringify(latency.map(({ vantage }) => vantage));
  const pictures = html`${latencyChart(latency)}${heatMap(latency) ?? html`<p>No session yet.</p>`}`;
  if (recent === null) return html`<section><h2>Last hours</h2>${pictures}</section>`;
  return html`<section><h2>Latency</h2>
<div id="history" data-shards="../${shardFolder(id)}" data-vantages="${vantages}">${pictures}</div>
${dataScript('recent', recent)}
<script src="../history.js" defer></script></section>`;
}

function session(sample: LastSample): Html {
  const { vantage, round, outcome, phase, code, detail, reply, transcript, certificateExpires } = sample;
  const what = outcome === 'pass' ? 'passed' : `${outcome} at ${phase ?? 'no phase'} (${code ?? ''})`;
  return html`<article class="target"><header><h3>${vantage}</h3><span class="note">${exactTime(beginOfRound(round))}</span></header>
<p>${what}${detail === null ? null : `: ${detail}`}${reply === null ? null : html`<br><q>${reply}</q>`}</p>
${sessionWaterfall(sample)}
${certificateExpires === null ? null : certificate(certificateExpires, beginOfRound(round))}
${transcriptDetails(transcript)}
</article>`;
}

function certificate(expires: string, at: string): Html {
  const left = daysLeftText(expires, Date.parse(at));
  return html`<p class="note">Certificate until ${expires}${left === null ? null : `, ${left}`}</p>`;
}

const SPANS = [1, 7, 30, 90] as const;

/** Uptime of the last days, each with the time in which nobody looked. */
function spans(days: readonly DaySnapshot[]): Html {
  const rows = SPANS.map((length) => {
    const part = days.slice(-length);
    const sum = (of: (day: DaySnapshot) => number) => part.reduce((all, day) => all + of(day), 0);
    const [up, down, unwatched] = [sum((day) => day.up), sum((day) => day.down), sum((day) => day.unwatched)];
    const share = up + down === 0 ? null : (up / (up + down)) * 100;
    return html`<tr><th scope="row">${length === 1 ? 'today (UTC)' : `${length} days`}</th><td class="number">${percentText(share)}</td><td class="number">${durationText(down)}</td><td class="number">${durationText(unwatched)}</td></tr>`;
  });
  return html`<table class="figures"><tr><td></td><th scope="col">uptime</th><th scope="col">down</th><th scope="col">not watched</th></tr>${rows}</table>`;
}
