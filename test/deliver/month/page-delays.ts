/** From the failure of a server to the first message about it. */
import { isEnd } from '../../../lambda/alert/routing/take-alert.ts';
import { expectationOf } from './expectations.ts';
import { receiversOf } from './month-checks.ts';
import { DEAD, MINUTE, type Outage } from './outages.ts';
import type { Month } from './run-month.ts';

export interface PageDelays {
  /** Milliseconds until the first message of each outage, for each receiver that is to be told at once. */
  readonly outages: readonly number[];
  /** Likewise of each target: others of its outage may be told before. */
  readonly targets: readonly number[];
}

export function pageDelays(month: Month): PageDelays {
  const rows = [...receiversOf(month)].flatMap(([id, { entry, heard }]) => {
    const isAtOnce = (outage: Outage) =>
      outage.isFlap !== true && !(id === DEAD.entry && outage.from >= DEAD.from && outage.from < DEAD.to);
    return month.outages.filter(isAtOnce).map((outage) =>
      outage.targets
        .filter((target) => expectationOf(entry, target, outage) === outage.from)
        .flatMap((target) => {
          const told = heard.find(
            ({ alert }) => alert.subject === target && !isEnd(alert) && Date.parse(alert.at) >= outage.from - MINUTE,
          );
          return told === undefined ? [] : [told.at - outage.from];
        }),
    );
  });
  const told = rows.filter((delays) => delays.length > 0);
  return { outages: told.map((delays) => Math.min(...delays)), targets: told.flat() };
}

/** Of some numbers, by nearest rank. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
