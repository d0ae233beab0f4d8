/** The report of a month, for a screen and for A4 paper. */

import { durationText } from '../../../lambda/alert/words/time-text.ts';
import type { MonthOutage, MonthReport, MonthTarget } from '../../../lambda/reports/months/month.ts';
import type { Snapshot } from '../../../lambda/reports/snapshot/snapshot.ts';
import { type Html, html } from '../../markup/html.ts';
import { page } from '../layout.ts';
import { incidentPath } from '../paths.ts';
import { unseen, utc } from '../words.ts';
import { burnDown } from './burn-down.ts';
import { monthTable } from './month-table.ts';
import { monthTitle } from './month-title.ts';
import { monthTotals } from './month-totals.ts';

/** Of more error budgets, those that are used most are drawn. */
const MOST_CHARTS = 24;

const DAY = 86_400_000;
const SHORT =
  ' The budget of a mail server that was watched for less than a day is so small that one failure can use all of it.';

function isShort({ up, down }: MonthTarget): boolean {
  return up + down < DAY;
}

/** It changes only when the month is read again, or the page of an incident goes. @param pages ids of incidents that have a page */
export function monthPage(
  snapshot: Snapshot,
  month: MonthReport,
  pages: ReadonlySet<string> = new Set(snapshot.incidents.map(({ id }) => id)),
): string {
  const { isOver, from, to, serviceHours } = month;
  const name = `${monthTitle(month.month)}${isOver ? '' : ' so far'}`;
  const hours = serviceHours === null ? '' : ` Service hours: ${serviceHours}.`;
  const main = html`
<h1>${name}</h1>
<p class="note">${utc(from)} to ${utc(to)}, by the verdict of the quorum. Uptime is the share of the watched time in which a mail server was not down, rounded down.${hours}</p>
${monthTotals(month)}
<section><h2>Mail servers</h2>${monthTable(month)}</section>
${budgets(month)}
<section><h2>Outages</h2>${outages(month, pages)}</section>
<p class="note links"><a href="../reports.html">All months</a></p>`;
  const source = { ...snapshot, at: to, newestRound: to };
  return page(source, {
    title: `${name} – ${snapshot.title}`,
    root: '../',
    main,
    here: 'reports.html',
    isLasting: true,
    isWide: true,
  });
}

function budgets(month: MonthReport): Html | null {
  const measured = month.targets.filter(({ objective }) => objective !== null);
  if (measured.length === 0) return null;
  const drawn = measured.toSorted((a, b) => (b.objective?.burn ?? 0) - (a.objective?.burn ?? 0)).slice(0, MOST_CHARTS);
  const rest = measured.length - drawn.length;
  const more = rest === 0 ? '' : ` The ${drawn.length} that are used most; the table has the other ${rest}.`;
  const short = measured.some(isShort) ? SHORT : '';
  return html`<section><h2>Error budgets</h2><p class="note">What is left of the downtime that the objective permits, of the time watched ${month.isOver ? 'in the month' : 'so far'}. Dashed: an even use of it.${more}${short}</p><div class="burn-downs">${drawn.map((target) => burnDown(target, month) ?? html``)}</div></section>`;
}

function outages({ outages: all }: MonthReport, pages: ReadonlySet<string>): Html {
  if (all.length === 0) return html`<p class="card">None.</p>`;
  const withPlanned = all.some(({ planned }) => planned !== null);
  const heads = ['Mail server', 'From', 'Until', 'Down', 'First failure', ...(withPlanned ? ['Planned work'] : [])];
  return html`<div class="card"><table class="table stacked"><thead><tr>${heads.map((head) => html`<th scope="col"${head === 'Down' ? html` class="number"` : null}>${head}</th>`)}</tr></thead><tbody>${all.map((one) => outageRow(one, pages, withPlanned))}</tbody></table></div>`;
}

function outageRow(
  { target, incident, from, to, down, failure, planned }: MonthOutage,
  pages: ReadonlySet<string>,
  withPlanned: boolean,
): Html {
  const name = pages.has(incident)
    ? html`<a href="../${incidentPath(incident)}">${target}${unseen(`, incident of ${utc(from)}`)}</a>`
    : html`${target}`;
  return html`<tr><th scope="row">${name}</th><td data-title="From">${utc(from)}</td><td data-title="Until">${to === null ? 'still open' : utc(to)}</td><td class="number" data-title="Down">${durationText(down)}</td><td data-title="First failure">${failure}</td>${withPlanned ? html`<td data-title="Planned work">${planned ?? ''}</td>` : null}</tr>`;
}
