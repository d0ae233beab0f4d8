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

/** Remembers how the last trip of each round trip ended, and which mailboxes could not be read. */
export function openTripChanges() {
  const known = new Map<string, string>();
  /** Why mailboxes could not be read, by the first of their round trips. */
  const troubles = new Map<string, string>();
  const isNews = (why: string): boolean => {
    const [trip = ''] = why.split(/[,:]/, 1);
    const before = troubles.get(trip);
    troubles.set(trip, why);
    return before !== why;
  };
  const changed = (record: TripRecord): readonly TripChange[] => {
    const code = record.verdict?.findings[0]?.code ?? 'unknown';
    const before = known.get(record.trip);
    known.set(record.trip, code);
    return before === code ? [] : [changeOf(record, code)];
  };
  return {
    next: ({ mailboxes }: TripReport): readonly TripChange[] => {
      const ended = mailboxes.flatMap((one) => one.ended);
      for (const { trip } of ended.filter(isRead)) troubles.delete(trip);
      const unread = mailboxes.flatMap((one) => [...one.unread, ...(one.failed === null ? [] : [one.failed])]);
      return [...ended.flatMap(changed), ...unread.filter(isNews).map(troubleOf)];
    },
  };
}

/** Whether its mailbox could be read. */
function isRead({ sending, verdict }: TripRecord): boolean {
  return sending?.outcome === 'accepted' && verdict !== null && verdict.outcome !== 'unable';
}

function troubleOf(why: string): TripChange {
  return { text: `round trips: ${shown(why, 300)}`, isGood: false };
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
