/** What a run of round trips has to say on the screen of `start`: trips that ended otherwise than the one before. */
import { safeText as shown } from '../../../lambda/alert/words/safe-text.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { TripRecord } from '../../../lambda/history/trips/trip-record.ts';
import { summaryOfTrips, type TripReport } from '../../../lambda/trip-run/trip-report.ts';
import type { Screen } from '../layout/screen.ts';
import type { PaintedText } from '../layout/wrap.ts';

export interface TripChange {
  readonly text: string;
  readonly isGood: boolean;
}

/** Whether something happened. Most runs have nothing to do. */
export function isWorthTelling(report: TripReport): boolean {
  const { sent, ended, unread, failed } = summaryOfTrips(report);
  return sent.length + ended.length + unread.length + failed.length > 0;
}

/** Remembers how the last trip of each round trip ended. */
export function openTripChanges() {
  const known = new Map<string, string>();
  const changed = (record: TripRecord): readonly TripChange[] => {
    const code = record.verdict?.findings[0]?.code ?? 'unknown';
    const before = known.get(record.trip);
    known.set(record.trip, code);
    return before === code ? [] : [changeOf(record, code)];
  };
  return {
    next: ({ mailboxes }: TripReport): readonly TripChange[] =>
      mailboxes.flatMap(({ ended, unread, failed }) => [
        ...ended.flatMap(changed),
        ...[...unread, ...(failed === null ? [] : [failed])].map((why) => ({
          text: `round trips: ${shown(why, 300)}`,
          isGood: false,
        })),
      ]),
  };
}

function changeOf({ trip, verdict }: TripRecord, code: string): TripChange {
  const detail = verdict?.findings[0]?.detail ?? '';
  const total = verdict?.total == null ? '' : ` after ${verdict.total / 1000} s`;
  const text = `round trip ${shown(trip, 64)}: ${code}${total}${detail === '' ? '' : `: ${shown(detail, 300)}`}`;
  return { text, isGood: verdict?.outcome === 'pass' };
}

/** `06:09:48 UTC  round trip out-to-gmail: arrived after 3.4 s`. */
export function tripParts({ text, isGood }: TripChange, { paint }: Screen, now = Date.now()): readonly PaintedText[] {
  return [
    { text: `${isoSeconds(now).slice(11, 19)} UTC`, paint: paint.dim },
    { text: '  ' },
    { text, paint: isGood ? paint.green : paint.red },
  ];
}
