import type { Alert, Incident } from './incident.ts';
import type { Facts } from './observation.ts';
import type { Verdict } from './vote-and-verdict-definitions.ts';

/** The state of a target between rounds: one item of the table, written only when it changes. */
export interface Judgement {
  readonly target: string;
  readonly verdict: Verdict;
  /** ISO 8601 UTC of the last change of verdict. */
  readonly since: string;
  /** The latest incident, open while its `closed` is null. Null if there was none yet. */
  readonly incident: Incident | null;
  /** Pending alerts, which SNS has not yet accepted, oldest first. */
  readonly owed: readonly Alert[];
  /** State for the next judgement; absent if an older version wrote the item. */
  readonly memory?: Memory;
}

/** Internal state of the judge, never shown to people. */
export interface Memory {
  /** Vantages that vote `down`, and the second of their first failure. */
  readonly failing: Readonly<Record<string, string>>;
  /** The first deferred tries of each vantage since its last pass; absent if there are none, and in version 0.1. */
  readonly deferred?: Readonly<Record<string, readonly string[]>>;
  /** The last reported verdict; `up` if no reported incident is open. */
  readonly told: Verdict;
  /** How many alerts this incident has so far. The next one is numbered by it. */
  readonly alerts: number;
  /** Phases and warnings that were reported in this incident. Each is reported once. */
  readonly mentioned: readonly string[];
  /** Times of the last reported changes, newest last, as many as `flaps`. */
  readonly transitions: readonly string[];
  readonly flapping: boolean;
  /** The verdict that the alert `flapping` had, if that was the last alert. `told` is `unknown` then. */
  readonly toldFlapping?: Verdict;
  /** Vantages asked for a second opinion, and the name of the requested round. */
  readonly asked: Readonly<Record<string, string>>;
  /** The latest facts of each vantage. */
  readonly facts: Readonly<Record<string, Facts>>;
  /** `awaited` from the entry into the config until the first round, `gone` after the removal. */
  readonly presence?: 'awaited' | 'gone' | undefined;
  /** Reported values of facts, and when they last appeared: `<ISO time> <name>=<value>`. */
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
