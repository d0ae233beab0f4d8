/**
 * `now.json`: what changes with each round, in a few kilobytes. It is written each round, so that a page whose targets are as
 * they were is not taken for one of a monitor that stopped.
 */

import type { Verdict } from '../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import type { Snapshot } from '../../lambda/reports/snapshot/snapshot.ts';

export const NOW_PATH = 'now.json';

export interface NowDocument {
  readonly at: string;
  /** The newest round of any vantage; null if there is none. */
  readonly newestRound: string | null;
  readonly vantages: readonly {
    readonly vantage: string;
    /** Null if it is older than the rounds that decide. */
    readonly lastRound: string | null;
    readonly blind: boolean;
  }[];
  /** Of each target that the page shows. */
  readonly verdicts: Readonly<Record<string, Verdict>>;
}

/** @param snapshot without what is hidden */
export function nowOf({ at, newestRound, vantages, targets }: Snapshot): NowDocument {
  return {
    at,
    newestRound,
    vantages: vantages.map(({ vantage, lastRound, blind }) => ({ vantage, lastRound, blind })),
    verdicts: Object.fromEntries(targets.map(({ id, verdict }) => [id, verdict])),
  };
}

export function nowText(now: NowDocument): string {
  return `${JSON.stringify(now)}\n`;
}
