/** Lines of a latency chart, of rounds, hours or days: a line for each vantage, or for each phase of one vantage. */
import { unpackNumbers } from '../../lambda/history/packing/column-packing.ts';
import type { SummaryColumns, SummaryShard } from '../../lambda/reports/history-shards/shard.ts';
import { PHASE_ORDER } from '../../lambda/smtp/sample/session-phases.ts';
import type { Session } from './sessions.ts';

/** Milliseconds. Null interrupts a line: nothing passed, or nobody looked. Undefined does not: a round of other vantages alone. */
export type LineValues = readonly (number | null | undefined)[];

interface ChartLine {
  readonly name: string;
  readonly values: LineValues;
}

export interface ChartLines {
  /** Epoch seconds. */
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
  /** Median and 95th percentile of the sessions of all vantages; null for rounds. */
  readonly band: { readonly low: LineValues; readonly high: LineValues } | null;
}

/** What the lines are: null for vantages, or the vantage whose phases they are. */
type LinesOf = string | null;

interface Row {
  readonly at: number;
  /** By vantage; null if its session did not pass. */
  readonly totals: ReadonlyMap<string, number | null>;
  /** By vantage. */
  readonly phases: ReadonlyMap<string, Readonly<Record<string, number>>>;
  readonly band: readonly [low: number | null, high: number | null];
  /** Stands for a time in which nobody looked. */
  readonly isGap?: true;
}

/** Each round with its sessions that passed or warned. */
export function roundLines(sessions: readonly Session[], of: LinesOf, order: readonly string[] = []): ChartLines {
  const rows = new Map<
    number,
    { totals: Map<string, number | null>; phases: Map<string, Readonly<Record<string, number>>> }
  >();
  for (const { at, vantage, outcome, total, timings } of sessions) {
    const row = rows.get(at) ?? { totals: new Map(), phases: new Map() };
    rows.set(at, row);
    const passed = outcome === 'pass' || outcome === 'warn';
    row.totals.set(vantage, passed ? total : null);
    row.phases.set(vantage, passed ? timings : {});
  }
  const sorted = [...rows].sort(([a], [b]) => a - b);
  return {
    ...linesOf(
      sorted.map(([at, row]) => ({ at, ...row, band: [null, null] })),
      inOrder(namesIn(sessions), order),
      of,
    ),
    band: null,
  };
}

/** @param shards of hours or of days, oldest first @param sessions those of hours that are in no shard @param from epoch ms */
export function hourOrDayLines(
  shards: readonly SummaryShard[],
  sessions: readonly Session[],
  of: LinesOf,
  from: number,
  order: readonly string[] = [],
): ChartLines {
  const known = shards.flatMap(rowsOfShard);
  const hours = shards.every(({ grain }) => grain === 'hour') ? rowsOfSessions(sessions) : [];
  const last = known.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  const rows = [...known, ...hours.filter(({ at }) => at > last)].filter(({ at }) => at >= from);
  const names = new Set([...shards.flatMap(({ vantages }) => Object.keys(vantages)), ...namesIn(sessions)]);
  return linesOf(rows, inOrder([...names].sort(), order), of);
}

/** Those of the page first, in its order. */
function inOrder(names: readonly string[], order: readonly string[]): readonly string[] {
  return [...order.filter((name) => names.includes(name)), ...names.filter((name) => !order.includes(name))];
}

function namesIn(sessions: readonly Session[]): readonly string[] {
  return [...new Set(sessions.map(({ vantage }) => vantage))].sort();
}

/** Typical steps between rows after which nobody looked. */
const LONGEST_STEP = 3;

function linesOf(unbroken: readonly Row[], vantages: readonly string[], of: LinesOf): ChartLines {
  const step = typicalStep(unbroken);
  const rows = withGaps(unbroken, step);
  const line = (name: string, vantage: string, value: (row: Row) => number | null): ChartLine => {
    let seen = Number.NEGATIVE_INFINITY;
    const values = rows.map((row) => {
      if (row.isGap) return null;
      if (!row.totals.has(vantage)) return row.at - seen < LONGEST_STEP * step ? undefined : null;
      seen = row.at;
      return value(row);
    });
    return { name, values };
  };
  const lines =
    of === null
      ? vantages.map((name) => line(name, name, ({ totals }) => totals.get(name) ?? null))
      : PHASE_ORDER.map((name) => line(name, of, ({ phases }) => phases.get(of)?.[name] ?? null));
  return {
    times: rows.map(({ at }) => at / 1000),
    lines: lines.filter(({ values }) => values.some((value) => typeof value === 'number')),
    // The band is of whole sessions.
    band: of === null ? { low: rows.map(({ band }) => band[0]), high: rows.map(({ band }) => band[1]) } : null,
  };
}

function typicalStep(rows: readonly Row[]): number {
  return (
    rankOf(
      rows.slice(1).map(({ at }, nth) => at - (rows[nth]?.at ?? at)),
      0.5,
    ) ?? 0
  );
}

/** A row without values where nobody looked, so that lines are not drawn over it. */
function withGaps(rows: readonly Row[], step: number): readonly Row[] {
  return rows.flatMap((row, nth) => {
    const before = rows[nth - 1]?.at ?? row.at;
    if (row.at - before <= LONGEST_STEP * step) return [row];
    return [
      { at: before + step, totals: new Map(), phases: new Map(), band: [null, null] as const, isGap: true as const },
      row,
    ];
  });
}

function rowsOfShard({ spans, vantages, all }: SummaryShard): readonly Row[] {
  const columns = Object.entries(vantages).map(([name, own]) => [name, unpackSummary(own)] as const);
  const [low, high] = [unpackNumbers(all.p50), unpackNumbers(all.p95)];
  return spans.map((span, row) => {
    const totals = columns.map(([name, { p50 }]) => [name, p50[row] ?? null] as const);
    const phases = columns.map(([name, own]) => [name, phasesAt(own.phases, row)] as const);
    return {
      at: Date.parse(span.length === 10 ? `${span}T00:00:00Z` : `${span}:00:00Z`),
      totals: new Map(totals),
      phases: new Map(phases),
      band: [low[row] ?? null, high[row] ?? null],
    };
  });
}

function unpackSummary({ p50, phases }: SummaryColumns) {
  return {
    p50: unpackNumbers(p50),
    phases: Object.entries(phases).map(([phase, text]) => [phase, unpackNumbers(text)] as const),
  };
}

function phasesAt(
  phases: readonly (readonly [string, readonly (number | null)[]])[],
  row: number,
): Readonly<Record<string, number>> {
  return Object.fromEntries(phases.flatMap(([phase, all]) => (all[row] == null ? [] : [[phase, all[row]]])));
}

const HOUR = 3_600_000;

/** Hours out of their sessions. */
function rowsOfSessions(sessions: readonly Session[]): readonly Row[] {
  const hours = new Map<number, Session[]>();
  for (const session of sessions) {
    const at = session.at - (session.at % HOUR);
    const own = hours.get(at);
    if (own === undefined) hours.set(at, [session]);
    else own.push(session);
  }
  return [...hours].sort(([a], [b]) => a - b).map(([at, all]) => rowOfHour(at, all));
}

function rowOfHour(at: number, all: readonly Session[]): Row {
  const answered = all.filter(({ outcome }) => outcome === 'pass' || outcome === 'warn');
  const own = namesIn(answered).map((name) => [name, answered.filter(({ vantage }) => vantage === name)] as const);
  const totals = (some: readonly Session[]) => some.map(({ total }) => total);
  const phases = own.map(([name, some]) => {
    const medians = PHASE_ORDER.flatMap((phase) => {
      const times = some.flatMap(({ timings }) => timings[phase] ?? []);
      return times.length === 0 ? [] : [[phase, rankOf(times, 0.5) ?? 0] as const];
    });
    return [name, Object.fromEntries(medians)] as const;
  });
  return {
    at,
    totals: new Map(own.map(([name, some]) => [name, rankOf(totals(some), 0.5) ?? 0])),
    phases: new Map(phases),
    band: [rankOf(totals(answered), 0.5), rankOf(totals(answered), 0.95)],
  };
}

/** By nearest rank, as the history has percentiles; null without values. */
export function rankOf(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
