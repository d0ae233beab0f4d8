/** The section of a report about round trips. */
import { durationText } from '../../../lambda/alert/words/time-text.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { Percentiles } from '../../../lambda/history/rollup/tally.ts';
import type { TripRecord } from '../../../lambda/history/trips/trip-record.ts';
import { codesOf, type TripFigures } from '../../../lambda/reports/trips/trip-report.ts';

export const TRIP_TITLES = [
  'Round trip',
  'Messages',
  'Arrived',
  'Late',
  'Junked',
  'Altered',
  'Lost',
  'Refused',
  'Unable',
  'p50',
  'p95',
  'p99',
  'Down',
  'Unwatched',
] as const;

/** In the order of `TRIP_TITLES`. */
export function tripFigureTexts({ trip, counts, total, down, unwatched }: TripFigures): readonly string[] {
  const { trips, arrived, late, junked, altered, lost, refused, unable } = counts;
  return [
    trip,
    ...[trips, arrived, late, junked, altered, lost, refused, unable].map(String),
    ...(total?.map(tripSeconds) ?? ['-', '-', '-']),
    down === 0 ? '-' : durationText(down),
    unwatched === 0 ? '-' : durationText(unwatched),
  ];
}

/** One round trip in a few lines. */
export function tripLines(figures: TripFigures): readonly string[] {
  const { trip, counts, total, hops, down, unwatched, troubles, last } = figures;
  const some = (['late', 'junked', 'altered', 'lost', 'refused', 'unable'] as const).filter((name) => counts[name] > 0);
  const what = some.map((name) => `${name} ${counts[name]}`).join(', ');
  return [
    `${trip}: ${counts.arrived} of ${counts.trips} messages arrived${what === '' ? '' : `; ${what}`}`,
    ...(total === null ? [] : [`  to the mailbox: ${percentilesText(total)}`]),
    ...hops.map(({ host, count, delay }) => `  until ${host} had it: ${percentilesText(delay)} (${count})`),
    `  down ${down === 0 ? 'never' : `for ${durationText(down)}`}; unwatched ${unwatched === 0 ? 'never' : `for ${durationText(unwatched)}`}`,
    ...troubles.map(
      ({ from, to }) => `  trouble from ${isoSeconds(from)} to ${isoSeconds(to)} (${durationText(to - from)})`,
    ),
    ...last.map((one) => `  ${lastText(one)}`),
  ];
}

/** `2026-11-26T13:00:00Z late from eu-west-1, after 324 s`. */
function lastText(record: TripRecord): string {
  const { at, vantage, verdict } = record;
  const total = verdict?.total == null ? '' : `, after ${tripSeconds(verdict.total)}`;
  return `${isoSeconds(at)} ${codesOf(record).join(', ') || 'under way'} from ${vantage}${total}`;
}

function percentilesText([p50, p95, p99]: Percentiles): string {
  return `p50 ${tripSeconds(p50)}, p95 ${tripSeconds(p95)}, p99 ${tripSeconds(p99)}`;
}

export function tripSeconds(milliseconds: number): string {
  return `${Number((milliseconds / 1000).toFixed(1))} s`;
}

/** Times as ISO 8601 UTC, lengths in milliseconds. */
export function tripsJson(all: readonly TripFigures[]): readonly object[] {
  return all.map(({ total, hops, troubles, last, ...figures }) => ({
    ...figures,
    total: total === null ? null : named(total),
    hops: hops.map(({ delay, ...hop }) => ({ ...hop, delay: named(delay) })),
    troubles: troubles.map(({ from, to }) => ({ from: isoSeconds(from), to: isoSeconds(to) })),
    last: last.map((one) => ({
      ...{ at: isoSeconds(one.at), id: one.id, vantage: one.vantage },
      ...{ outcome: one.verdict?.outcome ?? null, codes: codesOf(one), total: one.verdict?.total ?? null },
    })),
  }));
}

function named([p50, p95, p99]: Percentiles): object {
  return { p50: Math.round(p50), p95: Math.round(p95), p99: Math.round(p99) };
}
