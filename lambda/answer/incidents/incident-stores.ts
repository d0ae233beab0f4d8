/** Where the open incidents of all kinds are stored, and what of it answers read and write. */
import { type BounceHistory, openBounceHistory } from '../../history/bounces/bounce-history.ts';
import { type DrillStore, openDrillStore } from '../../history/drills/drill-store.ts';
import { type History, openHistory } from '../../history/history.ts';
import { openPostureHistory, type PostureHistory } from '../../history/posture/posture-history.ts';
import type { Table } from '../../history/table/table.ts';
import type { ReportUnreadable } from '../../history/table/unreadable.ts';
import { openTripStore, type TripStore } from '../../history/trips/trip-store.ts';

export interface IncidentStores {
  readonly history: Pick<History, 'judgement' | 'writeJudgement'>;
  readonly postures: Pick<PostureHistory, 'postureVerdict' | 'writePostureVerdict'>;
  readonly trips: Pick<TripStore, 'verdict' | 'writeVerdict'>;
  readonly drills: DrillStore;
  readonly bounces: Pick<BounceHistory, 'verdict' | 'writeVerdict'>;
}

export function openIncidentStores(table: Table, reportUnreadable?: ReportUnreadable): IncidentStores {
  const options = reportUnreadable === undefined ? {} : { reportUnreadable };
  return {
    history: openHistory(table, options),
    postures: openPostureHistory(table, options),
    trips: openTripStore(table, reportUnreadable),
    drills: openDrillStore(table, reportUnreadable),
    bounces: openBounceHistory(table, options),
  };
}
