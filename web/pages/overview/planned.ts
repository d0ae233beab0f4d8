/** Planned work: what is in force, and what comes next. */

import type { PlannedSnapshot } from '../../../lambda/reports/snapshot/snapshot.ts';
import { type Html, html } from '../../markup/html.ts';
import { countText, time } from '../words.ts';

/** Windows that are to come. */
const MOST_NEXT = 5;
/** Subjects that are named. */
const MOST_NAMED = 6;

export function presentPlanned(planned: readonly PlannedSnapshot[]): Html | null {
  const present = planned.filter(({ state }) => state === 'in_progress' || state === 'verifying');
  if (present.length === 0) return null;
  return html`<section id="planned-now"><h2>Planned work now</h2>${present.map((one) => presentCard(one))}</section>`;
}

function presentCard(one: PlannedSnapshot): Html {
  const { kind, name, why, from, until, state } = one;
  const title = kind === 'mute' ? 'Muted by hand' : (name ?? 'Planned work');
  const end =
    state === 'verifying'
      ? html`over since ${time(until)}, waiting for recovery`
      : html`${time(from)} to ${time(until)}`;
  return html`<article class="card planned"><h3>${title}</h3><p>${why === null ? null : html`${why}. `}<span class="note">${end}</span></p><p class="note">${subjectsText(one)}: nobody is alerted meanwhile</p></article>`;
}

export function nextPlanned(planned: readonly PlannedSnapshot[]): Html | null {
  const next = planned.filter(({ state }) => state === 'scheduled').slice(0, MOST_NEXT);
  if (next.length === 0) return null;
  const rows = next.map((one) => nextRow(one));
  return html`<section id="planned-next"><h2>Planned work next</h2><div class="card"><table class="table stacked"><thead><tr><th scope="col">Window</th><th scope="col">From</th><th scope="col">Until</th><th scope="col">About</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

function nextRow(one: PlannedSnapshot): Html {
  const { name, why, from, until } = one;
  return html`<tr><th scope="row">${name ?? 'Planned work'}</th><td data-title="From">${time(from)}</td><td data-title="Until">${time(until)}</td><td data-title="About">${subjectsText(one)}${why === null ? null : html`<br><span class="note">${why}</span>`}</td></tr>`;
}

/** A window may be about domains alone. */
function subjectsText({ subjects: names, domains }: PlannedSnapshot): string {
  const subjects = [...names, ...domains];
  const more = subjects.length - MOST_NAMED;
  if (more <= 1) return subjects.join(', ');
  return `${subjects.slice(0, MOST_NAMED).join(', ')} and ${countText(more, 'more', 'more')}`;
}
