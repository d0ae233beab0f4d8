/** Of which open incidents nobody is told now, and who acknowledged one: as routing knows it. */
import type { Hold } from '../../consensus/news/again.ts';
import type { Notification } from '../../consensus/notification/notification.ts';

export interface IncidentNotice {
  /** Target, domain or round trip. */
  readonly subject: string;
  readonly incident: string;
  /** Why nobody is told; null if nothing holds it. */
  readonly held: Hold | null;
  readonly acknowledged: { readonly at: string; readonly by: string } | null;
}

/** @param open notifications that are open */
export function incidentNotices(open: readonly Notification[]): readonly IncidentNotice[] {
  return open
    .filter(({ closed, held, acknowledged }) => closed === null && (held !== null || acknowledged !== null))
    .map(({ alert: { subject }, incident, held, acknowledged }) => ({ subject, incident, held, acknowledged }));
}
