import type { History } from '../lambda/history/history.ts';
import { coverage, dayOf, hourOf, type Sighting, type Summary } from '../lambda/history/rollup.ts';
import { tallyOf } from '../lambda/history/tally.ts';
import { isoSeconds } from '../lambda/round.ts';

export type Step = 'sample' | 'hour' | 'day';

const DAY = 86_400_000;

/** How finely a span is told where nobody says: samples for two days, hours for two months, then days. */
export function stepFor(since: string, until: string): Step {
  const length = Date.parse(until) - Date.parse(since);
  if (length <= 2 * DAY) return 'sample';
  return length <= 62 * DAY ? 'hour' : 'day';
}

/** What is asked of a target; times are ISO 8601 UTC, both included. */
export interface Query {
  readonly target: string;
  readonly vantages: readonly string[];
  readonly since: string;
  readonly until: string;
}

/** Hours or days of a target: as the rollup left them, and what it has not come to yet from the samples themselves. */
export async function summariesOf(history: History, query: Query, step: 'hour' | 'day'): Promise<readonly Summary[]> {
  const { target, since, until } = query;
  const rolled = await (step === 'hour' ? history.hours(target, since, until) : history.days(target, since, until));
  const holes = step === 'hour' ? [restOf(rolled, query)] : holesIn(rolled, query);
  const filled = await Promise.all(holes.map((hole) => summed(history, { ...query, ...hole }, step)));
  return [...rolled, ...filled.flat()].sort((a, b) => (a.span < b.span ? -1 : 1));
}

type Hole = Pick<Query, 'since' | 'until'>;

/** An hour that is missing among others has no samples any more: only those after the last can be there. */
function restOf(rolled: readonly Summary[], { since, until }: Query): Hole {
  const last = rolled.at(-1)?.span;
  return { since: last === undefined ? since : afterSpan(last), until };
}

/** Days that are missing may have hours: a day is written once it is over. */
function holesIn(rolled: readonly Summary[], query: Query): readonly Hole[] {
  const starts = rolled.map(({ span }, at) => {
    const since = at === 0 ? query.since : afterSpan(rolled[at - 1]?.span ?? span);
    return { since, until: isoSeconds(Date.parse(`${span}T00:00:00Z`) - 1000) };
  });
  return [...starts, restOf(rolled, query)].filter(({ since, until }) => since <= until);
}

async function summed(history: History, query: Query, step: 'hour' | 'day'): Promise<readonly Summary[]> {
  const { target, vantages, since, until } = query;
  const spans = bySpan(await history.samples(target, vantages, since, until), step === 'hour' ? hourOf : dayOf);
  return [...spans].map(([span, seen]) => {
    const hours = new Set(seen.map(({ round }) => hourOf(round)));
    return { target, span, vantages: talliesOf(seen), ...(step === 'hour' ? {} : coverage(hours.size)) };
  });
}

/** The first moment after an hour, `2026-11-22T05`, or a day, `2026-11-22`. */
function afterSpan(span: string): string {
  const [start, length] = span.includes('T') ? [`${span}:00:00Z`, 3_600_000] : [`${span}T00:00:00Z`, DAY];
  return isoSeconds(Date.parse(start) + length);
}

function bySpan(sightings: readonly Sighting[], spanOf: (round: string) => string): Map<string, Sighting[]> {
  const spans = new Map<string, Sighting[]>();
  for (const sighting of sightings) {
    const span = spanOf(sighting.round);
    const known = spans.get(span);
    if (known === undefined) spans.set(span, [sighting]);
    else known.push(sighting);
  }
  return spans;
}

function talliesOf(sightings: readonly Sighting[]): Summary['vantages'] {
  const vantages = [...new Set(sightings.map(({ vantage }) => vantage))];
  const samples = (name: string) => sightings.filter(({ vantage }) => vantage === name).map(({ sample }) => sample);
  return Object.fromEntries(vantages.map((vantage) => [vantage, tallyOf(samples(vantage))]));
}
