/** Who would be told of an alert, when, and why the others are not: for people who read their rules. */
import type { Hours } from '../../calendar/hours.ts';
import type { Alert } from '../../consensus/judgement/incident.ts';
import type { Hold } from '../../consensus/news/again.ts';
import type { RoutingContext } from './context.ts';
import type { RoutedEntry } from './entry.ts';
import { type Exclusion, exclusionOf } from './match.ts';

export interface WhoIsTold {
  readonly entry: RoutedEntry;
  /** Why it is never told; null if it is. */
  readonly exclusion: Exclusion | null;
  /** Epoch milliseconds; null if it is never told, or the end of what holds it is not known. */
  readonly at: number | null;
  /** The window that holds the incident first. */
  readonly hold: Hold | null;
  /** Whether it waits for its hours. */
  readonly waitsForHours: boolean;
}

export interface WhoContext extends RoutingContext {
  /** The first time within the hours, from a time on; null if there is none. */
  nextStart(hours: Hours, now: number): number | null;
}

/** Of an incident that begins at `begins`, and that nobody acknowledges. In the order of the entries. */
export function whoIsTold(alert: Alert, context: WhoContext, begins: number): readonly WhoIsTold[] {
  const tags = context.tagsOf(alert);
  const hold = context.holdOf(alert, begins);
  const free = hold === null ? begins : hold.until === null ? null : Date.parse(hold.until);
  return context.entries.map((entry) => {
    const exclusion = exclusionOf(entry, alert, tags);
    const ripe = exclusion !== null || free === null ? null : free + (entry.after ?? 0);
    const at = ripe === null || entry.hours === undefined ? ripe : context.nextStart(entry.hours, ripe);
    return { entry, exclusion, at, hold: exclusion === null ? hold : null, waitsForHours: at !== ripe };
  });
}
