/** The messages of a round trip, each in a line, with the picture of its hops if that is wanted. */
import { asciiJson, safeText } from '../../../lambda/alert/words/safe-text.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { TripRecord } from '../../../lambda/history/trips/trip-record.ts';
import { codesOf } from '../../../lambda/reports/trips/trip-report.ts';
import type { Clock } from '../../arguments/clock-and-time-zone.ts';
import { csv } from '../layout/csv.ts';
import { type Cell, gridBlocks } from '../layout/grid.ts';
import { colourText } from '../layout/outcome-colours.ts';
import type { Screen } from '../layout/screen.ts';
import { timeText } from '../layout/times.ts';
import { hopPicture } from '../roundtrip/hop-picture.ts';
import { tripSeconds } from './trip-section.ts';

const COLUMNS = [
  { title: 'SENT' },
  { title: 'VANTAGE' },
  { title: 'OUTCOME' },
  { title: 'TOTAL', align: 'right' },
  { title: 'FOLDER' },
  { title: 'FINDINGS', below: true },
] as const;

/** Oldest first. */
export function tripHistoryLines(
  trip: string,
  records: readonly TripRecord[],
  hops: boolean,
  clock: Clock,
  screen: Screen,
): readonly string[] {
  if (records.length === 0) return [`no message of the round trip ${safeText(trip)} in this time`];
  const rows = records.map((record) => cellsOf(record, clock, screen));
  const [head = [], ...blocks] = gridBlocks(COLUMNS, rows, screen);
  const lines = blocks.flatMap((block, nth) => [...block, ...(hops ? picture(records[nth], screen) : [])]);
  return [...head, ...lines];
}

function cellsOf(record: TripRecord, clock: Clock, screen: Screen): readonly Cell[] {
  const { at, vantage, isSecond, verdict, arrivals } = record;
  const outcome = verdict?.outcome ?? null;
  const found = verdict?.findings.map(({ code, detail }) => (detail === '' ? code : `${code}: ${detail}`)) ?? [];
  return [
    { text: timeText(isoSeconds(at), clock) },
    { text: safeText(vantage, 32) },
    {
      text: outcome ?? 'under way',
      ...(outcome === null ? {} : { paint: (text: string) => colourText(outcome, text, screen.paint) }),
    },
    { text: verdict?.total == null ? '' : tripSeconds(verdict.total) },
    { text: [...new Set(arrivals.map(({ folder }) => folder))].join(', ') },
    { text: safeText([...found, ...(isSecond ? ['sent at once after a failed one'] : [])].join('; '), 400) },
  ];
}

function picture(record: TripRecord | undefined, screen: Screen): readonly string[] {
  const { sending, session, arrivals } = record ?? { sending: null, session: null, arrivals: [] };
  const [first] = arrivals;
  if (sending?.outcome !== 'accepted' || first === undefined) return [];
  const { hops, seen } = first;
  const lines = hopPicture({ session: session ?? 0, accepted: sending.at, hops, seen }, screen);
  return lines.map((line) => `    ${line}`);
}

/** A line for each message. */
export function tripHistoryAsJson(records: readonly TripRecord[]): string {
  return records.map((record) => `${asciiJson(documentOf(record))}\n`).join('');
}

function documentOf(record: TripRecord): object {
  const { trip, id, at, vantage, isSecond, session, sending, verdict, arrivals } = record;
  const [first] = arrivals;
  return {
    ...{ trip, id, at: isoSeconds(at), vantage, isSecond },
    ...{ outcome: verdict?.outcome ?? null, total: verdict?.total ?? null, longest: verdict?.longest ?? null },
    findings: verdict?.findings ?? [],
    ...{ session, sending },
    ...{ folder: first?.folder ?? null, copies: arrivals.length },
    ...{ hops: first?.hops ?? [], results: first?.results ?? {}, alterations: first?.alterations ?? [] },
  };
}

/** Total in seconds. */
export function tripHistoryAsCsv(records: readonly TripRecord[]): string {
  const rows = records.map((record) => {
    const { trip, id, at, vantage, verdict, arrivals } = record;
    const total = verdict?.total == null ? '' : verdict.total / 1000;
    return [
      ...[trip, isoSeconds(at), id, vantage, verdict?.outcome ?? '', codesOf(record).join(' '), total],
      arrivals[0]?.folder ?? '',
    ];
  });
  return csv([['trip', 'at', 'id', 'vantage', 'outcome', 'codes', 'total', 'folder'], ...rows]);
}
