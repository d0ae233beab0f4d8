/**
 * Reads the months of a status page, in UTC, as `report --utc --month` does. A month that is over is read once, and again when an outage
 * that was open has ended; the present one after half an hour; when a verdict has changed, or nothing was watched yet, after five minutes.
 */

import type { Incident } from '../../consensus/judgement/incident.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import { targetKey } from '../../history/table/keys.ts';
import { inParallel } from '../../history/table/parallel.ts';
import { incidentsIn } from '../source/incidents.ts';
import type { ReportSource } from '../source/report-source.ts';
import type { TimeSpan } from '../source/rounds.ts';
import { daysOf } from '../uptime/days.ts';
import type { Outage, Uptime } from '../uptime/uptime.ts';
import { readUptimeReport } from '../uptime/uptime-report.ts';
import type { MonthOutage, MonthReport, Months, MonthTarget } from './month.ts';
import { type MonthHours, monthHours, serviceFigures } from './service-hours.ts';

export interface MonthCache {
  /** By name. */
  readonly months: Map<string, MonthReport>;
  /** The first month with a day of each target that was looked up; null if it has none. */
  readonly first: Map<string, string | null>;
  /** When the present month was read, epoch milliseconds, and with which verdicts. */
  readAt: number;
  verdicts: string;
}

export function emptyMonthCache(): MonthCache {
  return { months: new Map(), first: new Map(), readAt: Number.NEGATIVE_INFINITY, verdicts: '' };
}

/** Days are kept for good; a page shows a year of them, and the present month. */
const MOST_MONTHS = 13;
const MINUTE = 60_000;
const DAY = 86_400_000;
const LASTS = 30 * MINUTE;
/** Also when verdicts change all the time. */
const LEAST = 5 * MINUTE;
const PARALLEL = 16;

/**
 * The months that are known by now, newest first: the present one, and one more that is over with each call.
 * @param now epoch milliseconds
 */
export async function readMonths(
  cache: MonthCache,
  source: ReportSource,
  targets: readonly string[],
  now: number,
): Promise<Months> {
  const present = monthOf(now);
  const isDue = isPresentDue(cache, source, present, now);
  const names = isDue ? await readMonthNames(cache, source, targets, now) : monthNames(cache, targets, now);
  const over = names.slice(1);
  if (isDue) await readInto(cache, source, targets, present, now);
  const missing = over.find((month) => !isFinal(cache.months.get(month), source));
  if (missing !== undefined) await readInto(cache, source, targets, missing, now);
  const read = names.flatMap((month) => cache.months.get(month) ?? []);
  return { names: read.map(({ month }) => month), read };
}

/** An outage over the end of a month is open only as long as it is. */
function isFinal(known: MonthReport | undefined, { judgements }: ReportSource): boolean {
  if (known?.isOver !== true) return false;
  const open = new Set(judgements.flatMap(({ incident }) => (incident?.closed === null ? [incident.id] : [])));
  return known.outages.every(({ to, incident }) => to !== null || open.has(incident));
}

function isPresentDue(cache: MonthCache, source: ReportSource, present: string, now: number): boolean {
  const age = now - cache.readAt;
  const known = cache.months.get(present);
  if (known === undefined || age < 0 || age >= LASTS) return true;
  return age >= LEAST && (isUnwatched(known) || verdictsOf(source) !== cache.verdicts);
}

/** A first report, at the first round, has nothing. */
function isUnwatched({ targets }: MonthReport): boolean {
  return targets.every(({ up, down }) => up + down === 0);
}

function verdictsOf({ judgements }: ReportSource): string {
  return judgements.map(({ target, verdict, since }) => `${target} ${verdict} ${since}`).join('\n');
}

async function readInto(
  cache: MonthCache,
  source: ReportSource,
  targets: readonly string[],
  month: string,
  now: number,
): Promise<void> {
  cache.months.set(month, await readMonthReport(source, targets, month, now));
  if (month !== monthOf(now)) return;
  cache.readAt = now;
  cache.verdicts = verdictsOf(source);
}

/** Newest first, from the present one back to the first with a day. */
export async function readMonthNames(
  cache: Pick<MonthCache, 'first'>,
  source: ReportSource,
  targets: readonly string[],
  now: number,
): Promise<readonly string[]> {
  const unknown = targets.filter((target) => (cache.first.get(target) ?? null) === null);
  await lookUpFirst(cache, source, unknown);
  return monthNames(cache, targets, now);
}

/** The first month of these targets. */
async function lookUpFirst(
  cache: Pick<MonthCache, 'first'>,
  { table }: ReportSource,
  targets: readonly string[],
): Promise<void> {
  await inParallel(targets, PARALLEL, async (target) => {
    const range = { from: targetKey.day(''), to: targetKey.day('9'), limit: 1, keysOnly: true };
    const [oldest] = await table.query(targetKey.pk(target), range);
    cache.first.set(target, oldest === undefined ? null : oldest.sk.slice(targetKey.day('').length).slice(0, 7));
  });
}

function monthNames(cache: Pick<MonthCache, 'first'>, targets: readonly string[], now: number): readonly string[] {
  const first = targets.flatMap((target) => cache.first.get(target) ?? []).sort()[0] ?? monthOf(now);
  const names = [monthOf(now)];
  while (names.length < MOST_MONTHS && (names.at(-1) ?? '') > first) names.push(monthBefore(names.at(-1) ?? ''));
  return names;
}

/** `2026-11` */
function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 7);
}

function monthBefore(month: string): string {
  return monthOf(Date.parse(`${month}-01`) - DAY);
}

function monthSpan(month: string, now: number): TimeSpan {
  const from = Date.parse(`${month}-01`);
  const end = Date.parse(`${monthOf(from + 32 * DAY)}-01`);
  return { from, to: Math.floor(Math.min(end, now) / 1000) * 1000 };
}

/** @param month `2026-11` @param now epoch milliseconds */
export async function readMonthReport(
  source: ReportSource,
  targets: readonly string[],
  month: string,
  now: number,
): Promise<MonthReport> {
  const span = monthSpan(month, now);
  const report = await readUptimeReport(source, targets, span, null);
  const hours = monthHours(source, span);
  const outages = report.targets.flatMap(({ target, outageList }) => outageList.map((one) => monthOutage(target, one)));
  return {
    month,
    from: isoSeconds(span.from),
    to: isoSeconds(span.to),
    isOver: monthOf(span.to) > month,
    serviceHours: hours?.words ?? null,
    targets: report.targets.map((one) => {
      return monthTarget(source, one, span, { hours, incidents: report.incidents.get(one.target) ?? [] });
    }),
    outages: outages.toSorted((a, b) => (a.from < b.from ? -1 : 1)),
  };
}

interface MonthRecord {
  readonly hours: MonthHours | null;
  /** Of the target. */
  readonly incidents: readonly Incident[];
}

function monthTarget(
  { config }: ReportSource,
  uptime: Uptime,
  span: TimeSpan,
  { hours, incidents }: MonthRecord,
): MonthTarget {
  const { target, stretches, planned, objective, outageList, latency, up, degraded, down, unwatched } = uptime;
  const { outages, toDetect, toRepair } = uptime;
  const days = Array.from({ length: Math.ceil((span.to - span.from) / DAY) }, (_, nth) => span.from + nth * DAY);
  const times = daysOf(
    days.map((from) => ({ from, to: from + DAY })),
    uptime,
  );
  return {
    id: target,
    tags: config?.targets.find(({ id }) => id === target)?.tags ?? [],
    ...{ up, degraded, down, unwatched, uptime: uptime.uptime, outages, toDetect, toRepair, objective, latency },
    planned: planned && {
      length: planned.up + planned.down + planned.unwatched,
      down: planned.down,
      uptimeOutside: planned.uptimeOutside,
    },
    service: hours === null ? null : serviceFigures(stretches, hours.spans),
    days: times.map(
      ({ from, to, up: upOfDay, degraded: degradedOfDay, down: downOfDay, unwatched: unwatchedOfDay }) => ({
        date: isoSeconds(from).slice(0, 10),
        up: upOfDay,
        degraded: degradedOfDay,
        down: downOfDay,
        unwatched: unwatchedOfDay,
        incidents: incidentsIn(incidents, { from, to }).length,
        planned: null,
      }),
    ),
    longest: outageList.length === 0 ? null : Math.max(...outageList.map((one) => one.down)),
  };
}

function monthOutage(target: string, { id, from, to, down, failure, planned }: Outage): MonthOutage {
  const times = { from: isoSeconds(from), to: to === null ? null : isoSeconds(to) };
  return { target, incident: id, ...times, down, failure, planned };
}
