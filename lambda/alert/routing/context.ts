import type { Hours } from '../../calendar/hours.ts';
import type { Alert } from '../../consensus/judgement/incident.ts';
import type { Hold } from '../../consensus/news/again.ts';
import type { Notification } from '../../consensus/notification/notification.ts';
import type { RoutedEntry } from './entry.ts';

/** What routing knows besides a notification. */
export interface RoutingContext {
  /** In the order of the config. */
  readonly entries: readonly RoutedEntry[];
  tagsOf(alert: Alert): readonly string[];
  /** The window, mute or parent that holds the incident of an alert; null if none does. */
  holdOf(alert: Alert, now: number): Hold | null;
  /** Those that are told despite a hold; absent: none. */
  entriesNotHeld?(alert: Alert, hold: Hold): readonly RoutedEntry[];
  isWithinHours(hours: Hours, now: number): boolean;
}

/** What is known of the incident of a notification besides its alerts. */
export interface IncidentFacts {
  /** It is over, and no alert of it is pending. */
  readonly isOver: boolean;
  readonly acknowledged: Notification['acknowledged'];
  /** Targets that are down behind its target, and are not told of for that. */
  readonly behind: readonly string[];
}

export const NO_FACTS: IncidentFacts = { isOver: false, acknowledged: null, behind: [] };
