/** The error budget of a month, day by day: what is left of it, beside an even use of it. */

import { durationText } from '../../../lambda/alert/words/time-text.ts';
import type { MonthReport, MonthTarget } from '../../../lambda/reports/months/month.ts';
import { burnText } from '../../../lambda/reports/uptime/burn-text.ts';
import { type Html, html } from '../../markup/html.ts';
import { mark } from '../marks.ts';
import { isMissed } from './month-totals.ts';

const WIDTH = 240;
const HEIGHT = 84;
/** Room for the words at the left. */
const LEFT = 34;
const TOP = 6;
const BOTTOM = HEIGHT - 12;
/** As much as the budget again may be overdrawn in the picture. */
const LOWEST = -1;

/** Null without an objective. */
export function burnDown(target: MonthTarget, { from, month }: MonthReport): Html | null {
  const { objective, days, id } = target;
  if (objective === null) return null;
  const { slo, budget, remaining, burn } = objective;
  const left = leftAfterEachDay(
    days.map(({ down }) => down),
    budget,
  );
  const low = Math.max(LOWEST, Math.min(0, ...left));
  const length = daysInMonth(month);
  const x = (day: number) => hundredths(LEFT + (day / length) * (WIDTH - LEFT));
  const y = (share: number) => hundredths(TOP + ((1 - Math.max(low, share)) / (1 - low)) * (BOTTOM - TOP));
  const path = [1, ...left].map((share, day) => `${day === 0 ? 'M' : 'L'}${x(day)} ${y(share)}`).join('');
  const missed = isMissed(target);
  const label = `Error budget of ${id}: ${burnText(burn)} used by ${from.slice(0, 7)}-${String(days.length).padStart(2, '0')}`;
  const rest = remaining < 0 ? `overdrawn by ${durationText(-remaining)}` : `${durationText(remaining)} left`;
  return html`<figure class="card burn-down"><figcaption><strong>${id}</strong> <span class="verdict ${missed ? 'down' : 'up'}">${mark(missed ? 'down' : 'up')}${missed ? 'Missed' : 'Met'}</span><br><span class="note">objective ${slo} %, budget ${durationText(budget)}, ${burnText(burn)} used, ${rest}</span></figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}"><path class="grid" d="M${LEFT} ${y(1)}H${WIDTH}M${LEFT} ${y(0)}H${WIDTH}"/><path class="even" d="M${x(0)} ${y(1)}L${x(length)} ${y(0)}"/><path class="left ${missed ? 'missed' : 'met'}" d="${path}"/><text x="${LEFT - 4}" y="${y(1)}" dy="3">100 %</text><text x="${LEFT - 4}" y="${y(0)}" dy="3">0 %</text></svg></figure>`;
}

/** Shares of the budget, below zero where it is overdrawn. Without a budget, all downtime overdraws it. */
function leftAfterEachDay(downs: readonly number[], budget: number): readonly number[] {
  let used = 0;
  return downs.map((down) => {
    used += down;
    return budget > 0 ? 1 - used / budget : used > 0 ? LOWEST : 1;
  });
}

function daysInMonth(month: string): number {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 0)).getUTCDate();
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
