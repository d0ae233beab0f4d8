/** The page of an incident: what happened when, and the evidence of each vantage. */

import { durationText } from '../../lambda/alert/words/time-text.ts';
import type { IncidentSnapshot, Snapshot, WitnessSnapshot } from '../../lambda/reports/snapshot/snapshot.ts';
import { type Html, html } from '../markup/html.ts';
import { page } from './layout.ts';
import { badge, time } from './words.ts';

export function incidentPage(snapshot: Snapshot, incident: IncidentSnapshot): string {
  const { id, target, opened, closed, verdict, acknowledged, timeline, witnesses } = incident;
  const length = durationText(Date.parse(closed ?? snapshot.at) - Date.parse(opened));
  const main = html`
<h1>${target}: ${closed === null ? 'open incident' : 'ended incident'}</h1>
<p>${closed === null ? badge(verdict) : null} ${time(opened)} ${closed === null ? 'until now' : html`until ${time(closed)}`}, ${length}. <span class="note">${id}</span></p>
${acknowledged === null ? null : html`<p>Acknowledged by ${acknowledged.by}, ${time(acknowledged.at)}.</p>`}
<section><h2>Timeline</h2><ol class="timeline">${timeline.map(({ at, what }) => html`<li>${time(at)} ${what}</li>`)}</ol></section>
<section><h2>Evidence</h2>${witnesses.length === 0 ? html`<p>No vantage has seen a failure.</p>` : witnesses.map((witness) => evidence(witness))}</section>`;
  return page(snapshot, {
    title: `${target}: incident of ${opened.slice(0, 10)} – ${snapshot.title}`,
    root: '../',
    main,
  });
}

function evidence({ vantage, from, to, phase, code, reply, detail, transcript }: WitnessSnapshot): Html {
  return html`<article class="evidence"><h3>${vantage}</h3>
<p>${phase === null ? 'No failure' : `Failed at ${phase}`}${code === null ? null : html` (<code>${code}</code>)`}${detail === null ? null : `: ${detail}`}</p>
<p class="note">First ${time(from)}, last ${time(to)}</p>
${reply === null ? null : html`<p>The server said: <q>${reply}</q></p>`}
${transcript.length === 0 ? null : html`<details><summary>Session</summary><ol class="transcript">${transcript.map((line) => html`<li><code>${line}</code></li>`)}</ol></details>`}
</article>`;
}
