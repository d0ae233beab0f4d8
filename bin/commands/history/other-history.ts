/** The history of what is no target: the messages of a round trip, and the mail of a sending domain. */
import { openTripStore } from '../../../lambda/history/trips/trip-store.ts';
import { readBounceReport } from '../../../lambda/reports/bounces/bounce-report.ts';
import type { TimeSpan } from '../../../lambda/reports/source/rounds.ts';
import { knownTrips } from '../../../lambda/reports/trips/trip-report.ts';
import type { Clock } from '../../arguments/clock-and-time-zone.ts';
import type { Screen } from '../../display/layout/screen.ts';
import { senderHistoryAsCsv, senderHistoryAsJson, senderHistoryLines } from '../../display/report/sender-history.ts';
import { tripHistoryAsCsv, tripHistoryAsJson, tripHistoryLines } from '../../display/report/trip-history.ts';
import type { Store } from '../../store/store.ts';

export interface OtherHistory {
  readonly name: string;
  readonly span: TimeSpan;
  readonly clock: Clock;
  readonly screen: Screen;
  readonly format: 'table' | 'json' | 'csv';
  /** Whether a message has a picture of its hops below it. */
  readonly hops: boolean;
  /** Only messages that were sent from here; null: from all. */
  readonly vantage: string | null;
}

/** The text; null if the name is neither that of a round trip nor that of a sending domain. A target comes first. */
export async function otherHistory(store: Store, asked: OtherHistory): Promise<string | null> {
  const { name, hops } = asked;
  if (store.targets.includes(name) && !hops) return null;
  const trips = openTripStore(store.table);
  const isConfigured = store.config?.roundTrips?.some(({ id }) => id === name) === true;
  if (isConfigured || (await knownTrips(trips)).includes(name)) return await ofTrip(store, asked);
  const sender = (await readBounceReport(store, asked.span)).find(({ domain }) => domain === name);
  if (sender === undefined) return null;
  const { format, clock, screen } = asked;
  if (format === 'json') return senderHistoryAsJson(sender);
  return format === 'csv' ? senderHistoryAsCsv(sender) : linesText(senderHistoryLines(sender, clock, screen));
}

async function ofTrip(store: Store, { name, span, clock, screen, format, hops, vantage }: OtherHistory) {
  const all = await openTripStore(store.table).trips(name, span.from, span.to - 1);
  const records = all.filter((one) => vantage === null || one.vantage === vantage);
  if (format === 'json') return tripHistoryAsJson(records);
  if (format === 'csv') return tripHistoryAsCsv(records);
  return linesText(tripHistoryLines(name, records, hops, clock, screen));
}

function linesText(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
