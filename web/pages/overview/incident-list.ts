/** Open incidents with what people said last and their last steps, and those that ended. */

import { durationText } from '../../../lambda/alert/words/time-text.ts';
import type { Verdict } from '../../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import type { IncidentSnapshot, TargetSnapshot } from '../../../lambda/reports/snapshot/snapshot.ts';
import { type Html, html } from '../../markup/html.ts';
import { stateText } from '../incident/incident-words.ts';
import { saidText } from '../incident/said.ts';
import { incidentPath } from '../paths.ts';
import { badge, countText, exactTime, lastDaysText, time, unseen, VERDICT_WORDS } from '../words.ts';

/** Steps of an open incident on the first page. */
const STEPS = 3;
/** Open incidents that are shown with their steps. */
const MOST_CARDS = 10;

/** @param verdicts of targets now; an incident stays open for a time after its target is up again */
export function openIncidentCards(
  incidents: readonly IncidentSnapshot[],
  verdicts: ReadonlyMap<string, Verdict>,
): Html {
  const present = ({ target, verdict }: IncidentSnapshot) => verdicts.get(target) ?? verdict;
  const cards = incidentsWithSteps(incidents);
  const others = incidents.filter((incident) => !cards.has(incident));
  const links = others.map(
    (one) =>
      html`<li><a href="${incidentPath(one.id)}">${titleOf(one, present(one))}</a> <span class="note">since ${time(one.opened)}</span></li>`,
  );
  return html`<section id="open-incidents"><h2>Open incidents</h2>${[...cards].map((one) => openIncident(one, present(one)))}${others.length === 0 ? null : html`<details class="card" id="more-incidents"><summary>${countText(others.length, 'more open incident')}</summary><ul class="plain">${links}</ul></details>`}</section>`;
}

/** What people said is always shown. */
function incidentsWithSteps(incidents: readonly IncidentSnapshot[]): ReadonlySet<IncidentSnapshot> {
  const said = incidents.filter(({ statements }) => statements.length > 0);
  const others = incidents.filter(({ statements }) => statements.length === 0);
  const shown = new Set([...said, ...others.slice(0, Math.max(0, MOST_CARDS - said.length))]);
  return new Set(incidents.filter((incident) => shown.has(incident)));
}

function titleOf({ target }: IncidentSnapshot, present: Verdict): string {
  return present === 'up' ? `${target} is up again` : `${target} is ${VERDICT_WORDS[present].toLowerCase()}`;
}

function openIncident(incident: IncidentSnapshot, present: Verdict): Html {
  const { id, target, opened, timeline, acknowledged } = incident;
  const steps = timeline.slice(-STEPS).toReversed();
  const more = timeline.length - steps.length;
  const who = acknowledged === null ? '' : `, acknowledged${acknowledged.by === null ? '' : ` by ${acknowledged.by}`}`;
  return html`<article class="card incident ${present}" id="incident-${target}">
<header><h3><a href="${incidentPath(id)}">${titleOf(incident, present)}</a></h3>${badge(present)}<span class="note">incident since ${time(opened)}${who}</span></header>
${lastSaid(incident)}<ol class="steps">${steps.map(({ at, what }) => html`<li><span class="note">${exactTime(at)}</span> ${what}</li>`)}</ol>
${more === 0 ? null : html`<p class="note"><a href="${incidentPath(id)}">${countText(more, 'earlier step')}${unseen(` of ${target}`)}</a></p>`}
</article>`;
}

/** The newest statement. */
function lastSaid({ id, target, statements }: IncidentSnapshot): Html | null {
  const last = statements.at(-1);
  if (last === undefined) return null;
  const more = statements.length - 1;
  return html`<div class="said"><p><strong>${stateText(last.state)}</strong></p>${saidText(last)}${more === 0 ? null : html`<p class="note"><a href="${incidentPath(id)}">${countText(more, 'earlier update')}${unseen(` of ${target}`)}</a></p>`}</div>
`;
}

/** @param hasOpen others are above @param targets nobody knows of incidents on days that were not watched */
export function endedIncidents(
  incidents: readonly IncidentSnapshot[],
  hasOpen: boolean,
  targets: readonly TargetSnapshot[],
): Html {
  if (incidents.length === 0) {
    const watched = (days: TargetSnapshot['days']) => days.filter(({ up, down }) => up + down > 0).length;
    const most = targets.map(({ days }) => days).reduce((a, b) => (watched(b) > watched(a) ? b : a), []);
    return html`<p class="card">No ${hasOpen ? 'other ' : ''}incident ${lastDaysText(most)}.</p>`;
  }
  return html`<div class="card"><table class="table stacked"><thead><tr><th scope="col">Mail server</th><th scope="col">Began</th><th scope="col" class="number">Length</th><th scope="col">First failure</th></tr></thead><tbody>${incidents.map((one) => endedRow(one))}</tbody></table></div>`;
}

function endedRow({ id, target, opened, closed, first: { phase, code } }: IncidentSnapshot): Html {
  const length = closed === null ? null : durationText(Date.parse(closed) - Date.parse(opened));
  return html`<tr><th scope="row"><a href="${incidentPath(id)}">${target}${unseen(html`, incident of ${time(opened)}`)}</a></th><td data-title="Began">${time(opened)}</td><td class="number" data-title="Length">${length}</td><td data-title="First failure">${[phase, code].filter(Boolean).join(': ')}</td></tr>`;
}
