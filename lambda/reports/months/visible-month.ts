/** What of a month may be published. As in `visible-snapshot.ts`, a field without a rule is a fault of the compiler. */

import { type ShowRules, shownOf } from '../../config/page/status-page.ts';
import { applyRules, type FieldRules } from '../visibility/field-rules.ts';
import { visibleWord } from '../visibility/visible-line.ts';
import type { MonthOutage, MonthReport, Months, MonthTarget } from './month.ts';

export function visibleMonths({ names, read }: Months, show: ShowRules): Months {
  return { names, read: read.map((month) => visibleMonth(month, show)) };
}

export function visibleMonth(month: MonthReport, show: ShowRules): MonthReport {
  return applyRules(month, MONTH, show);
}

const MONTH: FieldRules<MonthReport, ShowRules> = {
  month: 'keep',
  from: 'keep',
  to: 'keep',
  isOver: 'keep',
  serviceHours: 'keep',
  targets: (targets, show) =>
    targets.filter(({ id }) => shownOf(show, id) !== 'none').map((one) => applyRules(one, TARGET, show)),
  outages: (outages, show) =>
    outages
      .filter(({ target }) => shownOf(show, target) !== 'none')
      .map((one) => applyRules(one, shownOf(show, one.target) === 'full' ? FULL_OUTAGE : OUTAGE, show)),
};

const TARGET: FieldRules<MonthTarget, ShowRules> = {
  id: 'keep',
  tags: 'keep',
  up: 'keep',
  degraded: 'keep',
  down: 'keep',
  unwatched: 'keep',
  uptime: 'keep',
  outages: 'keep',
  toDetect: 'keep',
  toRepair: 'keep',
  planned: 'keep',
  service: 'keep',
  objective: 'keep',
  latency: 'keep',
  days: 'keep',
  longest: 'keep',
};

/** The name of a window is chosen in the config; that of a mute is made by the program. */
const FULL_OUTAGE: FieldRules<MonthOutage, ShowRules> = {
  target: 'keep',
  incident: 'keep',
  from: 'keep',
  to: 'keep',
  down: 'keep',
  failure: 'keep',
  planned: 'keep',
};

const OUTAGE: FieldRules<MonthOutage, ShowRules> = {
  ...FULL_OUTAGE,
  failure: (failure) =>
    failure
      .split(' ')
      .flatMap((word) => visibleWord(word) ?? [])
      .join(' '),
};
