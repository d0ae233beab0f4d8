/** The figures of each target in a month. Columns that no target has a figure for are left out. */

import { durationText } from '../../../lambda/alert/words/time-text.ts';
import type { MonthReport, MonthTarget } from '../../../lambda/reports/months/month.ts';
import { burnText } from '../../../lambda/reports/uptime/burn-text.ts';
import { type Html, html } from '../../markup/html.ts';
import { dayBars } from '../day-bars.ts';
import { exactPercentText } from '../words.ts';
import { isMissed, lengthOrNone } from './month-totals.ts';

interface Column {
  readonly title: string;
  /** Whether a target has a figure; without it, all have. */
  isThere?(target: MonthTarget): boolean;
  text(target: MonthTarget): string;
  /** In a second line; empty for none. */
  note?(target: MonthTarget): string;
  /** Whether it stands out. */
  isBad?(target: MonthTarget): boolean;
}

const COLUMNS: readonly Column[] = [
  { title: 'Uptime', text: ({ uptime }) => exactPercentText(uptime), isBad: isMissed },
  {
    title: 'Outside planned work',
    isThere: ({ planned }) => planned !== null,
    text: ({ planned, uptime }) => exactPercentText(planned === null ? uptime : planned.uptimeOutside),
  },
  {
    title: 'In service hours',
    isThere: ({ service }) => service !== null,
    text: ({ service }) => exactPercentText(service?.uptime ?? null),
  },
  { title: 'Down', text: ({ down }) => lengthOrNone(down) },
  { title: 'Degraded', isThere: ({ degraded }) => degraded > 0, text: ({ degraded }) => lengthOrNone(degraded) },
  { title: 'Not watched', isThere: ({ unwatched }) => unwatched > 0, text: ({ unwatched }) => lengthOrNone(unwatched) },
  {
    title: 'Planned work',
    isThere: ({ planned }) => planned !== null,
    text: ({ planned }) => lengthOrNone(planned?.length ?? 0),
    note: ({ planned }) => (planned === null || planned.down === 0 ? '' : `down ${durationText(planned.down)}`),
  },
  { title: 'Outages', text: ({ outages }) => String(outages) },
  {
    title: 'Longest',
    isThere: ({ longest }) => longest !== null,
    text: ({ longest }) => (longest === null ? '–' : durationText(longest)),
  },
  {
    title: 'Objective',
    isThere: ({ objective }) => objective !== null,
    text: ({ objective }) => (objective === null ? '–' : `${objective.slo} %`),
  },
  {
    title: 'Budget used',
    isThere: ({ objective }) => objective !== null,
    text: ({ objective }) => (objective === null ? '–' : burnText(objective.burn)),
    isBad: isMissed,
  },
];

/** With more columns, a table is as wide as a page. */
const FEW = 8;

export function monthTable({ targets }: MonthReport): Html {
  const columns = COLUMNS.filter(({ isThere }) => isThere === undefined || targets.some((target) => isThere(target)));
  const heads = columns.map(({ title }) => html`<th scope="col" class="number">${title}</th>`);
  return html`<div class="card"><table class="table stacked${columns.length > FEW ? ' many' : ''}"><thead><tr><th scope="col">Mail server</th><th scope="col">Day by day</th>${heads}</tr></thead><tbody>${targets.map((target) => row(target, columns))}</tbody></table></div>`;
}

function row(target: MonthTarget, columns: readonly Column[]): Html {
  const cells = columns.map(
    ({ title, text, note, isBad }) =>
      html`<td class="number${isBad?.(target) === true ? ' missed' : ''}" data-title="${title}">${text(target)}${noteLine(note?.(target) ?? '')}</td>`,
  );
  const tags = target.tags.length === 0 ? null : html`<br><span class="note">${target.tags.join(', ')}</span>`;
  return html`<tr><th scope="row">${target.id}${tags}</th><td class="strip">${dayBars(target.days, target.id)}</td>${cells}</tr>`;
}

function noteLine(text: string): Html | null {
  return text === '' ? null : html`<br><span class="note">${text}</span>`;
}
