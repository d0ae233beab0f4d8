/** The list of months. */

import type { Months } from '../../../lambda/reports/months/month.ts';
import type { Snapshot } from '../../../lambda/reports/snapshot/snapshot.ts';
import { html } from '../../markup/html.ts';
import { page } from '../layout.ts';
import { reportPath } from '../paths.ts';
import { monthTitle } from './month-title.ts';
import { monthTotals } from './month-totals.ts';

export function reportsPage(snapshot: Snapshot, { names, read }: Months): string {
  const present = read.find(({ isOver }) => !isOver) ?? null;
  const items = names.map(
    (month) =>
      html`<li><a href="${reportPath(month)}">${monthTitle(month)}</a>${month === present?.month ? html` <span class="note">so far</span>` : null}</li>`,
  );
  const main = html`
<h1>Reports</h1>
<p class="note">Each month in UTC: uptime with and without planned work, objectives and error budgets, and all outages. To print on A4.</p>
${present === null ? null : html`<section><h2>${monthTitle(present.month)} so far</h2>${monthTotals(present)}</section>`}
<section><h2>Months</h2>${names.length === 0 ? html`<p class="card">No month has been read yet.</p>` : html`<ul class="card plain months">${items}</ul>`}</section>`;
  return page(snapshot, {
    title: `Reports – ${snapshot.title}`,
    root: '',
    main,
    here: 'reports.html',
    isLasting: true,
  });
}
