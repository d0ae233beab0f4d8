/** Which entries want an alert by its topic, severity and target. */
import { matchesAny } from '../../config/schema/notify/glob.ts';
import { isDrill } from '../../consensus/drill/drill.ts';
import type { Alert } from '../../consensus/judgement/incident.ts';
import { severityOf } from '../../consensus/notification/severity.ts';
import { wantsAlert } from '../channels/alert-filter.ts';
import { carriesCritical } from '../drill/drill-alerts.ts';
import type { RoutingContext } from './context.ts';
import type { RoutedEntry } from './entry.ts';

/** The rule of an entry that excludes an alert. */
export type Exclusion = 'when' | 'severity' | 'targets';

/** Null if the entry wants it. */
export function exclusionOf(entry: RoutedEntry, alert: Alert, tags: readonly string[]): Exclusion | null {
  if (isDrill(alert)) return carriesCritical(entry) ? null : 'when';
  if (!wantsAlert(entry, alert)) return 'when';
  if (entry.severity !== undefined && !entry.severity.includes(severityOf(alert))) return 'severity';
  return isAbout(entry, alert, tags) ? null : 'targets';
}

/** An entry that names targets or tags is not told of the monitor itself. */
function isAbout({ targets, tags }: RoutedEntry, alert: Alert, ownTags: readonly string[]): boolean {
  if (targets === undefined && tags === undefined) return true;
  return matchesAny(targets ?? [], namesOf(alert)) || matchesAny(tags ?? [], ownTags);
}

function namesOf({ kind, subject, digest }: Alert): readonly string[] {
  if (digest !== undefined) return digest.subjects;
  return kind === 'blind' || kind === 'undelivered' ? [] : [subject];
}

/** The entries that want an alert, whenever they are told. */
export function entriesFor(alert: Alert, { entries, tagsOf }: RoutingContext): readonly RoutedEntry[] {
  const tags = tagsOf(alert);
  return entries.filter((entry) => exclusionOf(entry, alert, tags) === null);
}
