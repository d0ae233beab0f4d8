/** Who was told of one incident, and who is to be told next. */

import type { Alert } from '../judgement/incident.ts';
import type { Hold } from '../news/again.ts';
import type { IncidentSeverity } from './severity.ts';

/** What one entry of `notify` was told of an incident. Times are ISO 8601 UTC. */
export interface Told {
  /** Where it went, as `receiverId()` names it. */
  readonly receiver: string;
  readonly first: string;
  readonly last: string;
  /** How many messages. */
  readonly times: number;
  /** Reminders among them. */
  readonly reminders: number;
  /** The id of the last alert of the judge that it heard, also in a message that was sent again. */
  readonly alert: string;
}

export interface Notification {
  /** The id of the incident; of an alert without one its own id. */
  readonly incident: string;
  /** The latest alert, without its end: what is sent to those who are told later. */
  readonly alert: Alert;
  /** The worst severity so far: its end has it, too. */
  readonly severity: IncidentSeverity;
  /** By the id of the entry of `notify`: when it first was to be told, before `after`. ISO 8601 UTC. */
  readonly since: Readonly<Record<string, string>>;
  /** By the id of the entry of `notify`. */
  readonly told: Readonly<Record<string, Told>>;
  /** Entries that did not hear the latest alert because of their hours. */
  readonly waiting: readonly string[];
  /** Why nobody is told now; null if nothing holds it. */
  readonly held: Hold | null;
  readonly acknowledged: { readonly at: string; readonly by: string } | null;
  /** Addressed messages of which deliveries are not made yet, oldest first. */
  readonly owed: readonly Alert[];
  /** Ids of the alerts that were taken, oldest first. Bounded. */
  readonly taken: readonly string[];
  /** Messages that were sent again so far. Their ids contain it. */
  readonly reissued: number;
  /** Targets behind this one that it named. */
  readonly listed: readonly string[];
  /** The previous release told of its beginning: it is not known whom. */
  readonly inherited?: true;
  /** When it ended, ISO 8601 UTC; null if it is open. */
  readonly closed: string | null;
}

/** `version` grows by one with each write. */
export interface StoredNotification extends Notification {
  readonly version: number;
}
