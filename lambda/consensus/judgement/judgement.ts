import type { Alert, Incident } from './incident.ts';
import type { Facts } from './observation.ts';
import type { Verdict } from './verdict.ts';

/** What is remembered of a target between rounds: one item of the table, written only when it changes. */
export interface Judgement {
  readonly target: string;
  readonly verdict: Verdict;
  /** ISO 8601 UTC of the last change of verdict. */
  readonly since: string;
  /** The latest incident: open while its `closed` is null. Null when there was none yet. */
  readonly incident: Incident | null;
  /** Alerts not yet handed to SNS, oldest first. */
  readonly owed: readonly Alert[];
  /** What the next judgement needs to know; absent on a judgement that an older version wrote. */
  readonly memory?: Memory;
}

/** The working memory of the judge: nothing in it is shown to people. */
export interface Memory {
  /** Vantages that vote `down`, and the round since which they fail. */
  readonly failing: Readonly<Record<string, string>>;
  /** The last verdict people were told of; `up` when there is nothing they must be told the end of. */
  readonly told: Verdict;
  /** Alerts decided so far in this incident: the next one's number. */
  readonly alerts: number;
  /** Phases and warnings already told in this incident: each is told once. */
  readonly mentioned: readonly string[];
  /** When people were last told of changes, newest last: no more of them than tell flapping. */
  readonly transitions: readonly string[];
  readonly flapping: boolean;
  /** Vantages asked for a second opinion, and the name of the round they were asked for. */
  readonly asked: Readonly<Record<string, string>>;
  /** Facts as each vantage last saw them. */
  readonly facts: Readonly<Record<string, Facts>>;
  /**
   * Of a vantage: `awaited` from when it entered the config until its first round, `gone` once it left. Absent otherwise,
   * and of targets.
   */
  readonly presence?: 'awaited' | 'gone';
  /** Values of facts that people were told of, and when they were last changed to: `<ISO time> <name>=<value>`. */
  readonly seen: readonly string[];
}

export const EMPTY_MEMORY: Memory = {
  failing: {},
  told: 'up',
  alerts: 0,
  mentioned: [],
  transitions: [],
  flapping: false,
  asked: {},
  facts: {},
  seen: [],
};
