/** The figures of a month that a manager reads first. */

import { durationText } from '../../../lambda/alert/words/time-text.ts';
import type { MonthReport, MonthTarget } from '../../../lambda/reports/months/month.ts';
import { type Html, html } from '../../markup/html.ts';
import { exactPercentText } from '../words.ts';

type Total = readonly [name: string, value: string, note: string];

export function monthTotals({ targets, outages }: MonthReport): Html {
  const shares = targets.flatMap(({ uptime }) => uptime ?? []);
  const lowest = shares.length === 0 ? null : shares.reduce((a, b) => Math.min(a, b));
  const worst = targets.find(({ uptime }) => uptime !== null && uptime === lowest);
  const measured = targets.filter(({ objective }) => objective !== null);
  const longest = outages.reduce((most, { down }) => Math.max(most, down), 0);
  const totals: readonly Total[] = [
    [
      'Lowest uptime',
      exactPercentText(lowest),
      lowest === 100 || worst === undefined ? 'of all mail servers' : worst.id,
    ],
    ['Outages', String(outages.length), longest === 0 ? 'none' : `longest: down ${durationText(longest)}`],
    ['Time down', lengthOrNone(sumOf(targets, 'down')), 'of all mail servers, added up'],
    ['Not watched', lengthOrNone(sumOf(targets, 'unwatched')), 'neither up nor down'],
    ...(measured.length === 0 ? [] : [objectiveTotal(measured)]),
  ];
  return html`<dl class="totals">${totals.map(([name, value, note]) => html`<div class="card"><dt>${name}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`)}</dl>`;
}

function objectiveTotal(measured: readonly MonthTarget[]): Total {
  const met = measured.filter((one) => !isMissed(one)).length;
  return ['Objective met by', `${met} of ${measured.length}`, met === measured.length ? 'all of them' : 'mail servers'];
}

/** Whether more than the error budget is used. */
export function isMissed({ objective }: MonthTarget): boolean {
  return objective !== null && objective.remaining < 0;
}

function sumOf(targets: readonly MonthTarget[], name: 'down' | 'unwatched'): number {
  return targets.reduce((sum, target) => sum + target[name], 0);
}

export function lengthOrNone(length: number): string {
  return length === 0 ? 'none' : durationText(length);
}
