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
  /** What holds the incident from its beginning, in order. */
  readonly holds: readonly Hold[];
  /** What holds it at the time at which this entry would else be told. */
  readonly laterHolds: readonly Hold[];
  /** Whether it waits for its hours. */
  readonly waitsForHours: boolean;
}

/** Its `holdOf` knows the windows of any time. */
export interface WhoContext extends RoutingContext {
  /** The first time within the hours, from a time on; null if there is none. */
  nextStart(hours: Hours, now: number): number | null;
}

/** Of an incident that begins at `begins`, and that nobody acknowledges. In the order of the entries. */
export function whoIsTold(alert: Alert, context: WhoContext, begins: number): readonly WhoIsTold[] {
  const tags = context.tagsOf(alert);
  const free = freeTime(alert, context, begins);
  return context.entries.map((entry) => {
    const exclusion = exclusionOf(entry, alert, tags);
    const none = { entry, exclusion, at: null, holds: [], laterHolds: [], waitsForHours: false };
    if (exclusion !== null) return none;
    // The time of a step counts from the first time that nothing holds the incident.
    const ripe = free.at === null ? null : free.at + (entry.after ?? 0);
    const told = ripe === null ? none : toldTime(alert, context, entry, ripe);
    return { ...none, ...told, holds: free.holds };
  });
}

interface Free {
  /** Epoch milliseconds; null if it is not known. */
  readonly at: number | null;
  readonly holds: readonly Hold[];
}

/** Windows that follow each other are few. */
const MOST_HOLDS = 100;

/** The first time that nothing holds the incident. */
function freeTime(alert: Alert, { holdOf }: WhoContext, from: number): Free {
  const holds: Hold[] = [];
  let at = from;
  for (let hold = holdOf(alert, at); hold !== null; hold = holdOf(alert, at)) {
    holds.push(hold);
    if (hold.until === null || holds.length >= MOST_HOLDS) return { at: null, holds };
    at = Math.max(Date.parse(hold.until), at + 1);
  }
  return { at, holds };
}

/** Hours that lie within windows each time are given up after as many days. */
const MOST_DAYS = 60;

/** The first time from `ripe` on that is within the hours of an entry, and that nothing holds. */
function toldTime(
  alert: Alert,
  context: WhoContext,
  { hours }: RoutedEntry,
  ripe: number,
): Pick<WhoIsTold, 'at' | 'laterHolds' | 'waitsForHours'> {
  const laterHolds: Hold[] = [];
  let [from, waitsForHours]: [number, boolean] = [ripe, false];
  for (let days = 0; days < MOST_DAYS; days += 1) {
    const start = hours === undefined ? from : context.nextStart(hours, from);
    if (start === null) return { at: null, laterHolds, waitsForHours: true };
    waitsForHours ||= start !== from;
    const free = freeTime(alert, context, start);
    if (free.at === start) return { at: start, laterHolds, waitsForHours };
    laterHolds.push(...free.holds);
    if (free.at === null) break;
    from = free.at;
  }
  return { at: null, laterHolds, waitsForHours };
}
