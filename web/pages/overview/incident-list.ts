/** Open incidents with their last steps, and those that ended. */

import { durationText } from '../../../lambda/alert/words/time-text.ts';
import type { Verdict } from '../../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import type { IncidentSnapshot } from '../../../lambda/reports/snapshot/snapshot.ts';
import { type Html, html } from '../../markup/html.ts';
import { incidentPath } from '../paths.ts';
import { badge, countText, exactTime, time, unseen, VERDICT_WORDS } from '../words.ts';

/** Steps of an open incident on the first page. */
const STEPS = 3;

/** @param present the verdict of its target; an incident stays open for a time after its target is up again */
export function openIncident(incident: IncidentSnapshot, present: Verdict): Html {
  const { id, target, opened, timeline, acknowledged } = incident;
  const steps = timeline.slice(-STEPS).toReversed();
  const more = timeline.length - steps.length;
  const title = present === 'up' ? `${target} is up again` : `${target} is ${VERDICT_WORDS[present].toLowerCase()}`;
  const who = acknowledged === null ? '' : `, acknowledged${acknowledged.by === null ? '' : ` by ${acknowledged.by}`}`;
  return html`<article class="card incident ${present}" id="incident-${target}">
<header><h3><a href="${incidentPath(id)}">${title}</a></h3>${badge(present)}<span class="note">incident since ${time(opened)}${who}</span></header>
<ol class="steps">${steps.map(({ at, what }) => html`<li><span class="note">${exactTime(at)}</span> ${what}</li>`)}</ol>
${more === 0 ? null : html`<p class="note"><a href="${incidentPath(id)}">${countText(more, 'earlier step')}${unseen(` of ${target}`)}</a></p>`}
</article>`;
}

export function endedIncidents(incidents: readonly IncidentSnapshot[]): Html {
  if (incidents.length === 0) return html`<p class="card">No incident in the last 90 days.</p>`;
  return html`<div class="card"><table class="table stacked"><thead><tr><th scope="col">Mail server</th><th scope="col">Began</th><th scope="col" class="number">Length</th><th scope="col">First failure</th></tr></thead><tbody>${incidents.map((one) => endedRow(one))}</tbody></table></div>`;
}

function endedRow({ id, target, opened, closed, witnesses }: IncidentSnapshot): Html {
  const { phase = null, code = null } = witnesses.find((witness) => witness.phase !== null) ?? {};
  const length = closed === null ? null : durationText(Date.parse(closed) - Date.parse(opened));
  return html`<tr><th scope="row"><a href="${incidentPath(id)}">${target}${unseen(html`, incident of ${time(opened)}`)}</a></th><td data-title="Began">${time(opened)}</td><td class="number" data-title="Length">${length}</td><td data-title="First failure">${[phase, code].filter(Boolean).join(': ')}</td></tr>`;
}
