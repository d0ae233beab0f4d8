import { asciiJson } from '../../../lambda/alert/words/safe-text.ts';
import type { EndedDrill } from '../../../lambda/consensus/drill/drill.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { nextHour, startOfHour } from '../../../lambda/history/rollup/hour-and-day-names.ts';
import type { SenderBounces } from '../../../lambda/reports/bounces/bounce-report.ts';
import type { PlannedFigures } from '../../../lambda/reports/planned/planned-times.ts';
import type { PostureTimes } from '../../../lambda/reports/posture/posture-report.ts';
import type { TripFigures } from '../../../lambda/reports/trips/trip-report.ts';
import type { UptimeReport } from '../../../lambda/reports/uptime/uptime-report.ts';
import { escapeForDisplay } from '../../../lambda/smtp/bounds/escape.ts';
import type { ReportRange } from '../../arguments/report-range.ts';
import { csv } from '../layout/csv.ts';
import { type Cell, gridBlocks } from '../layout/grid.ts';
import { isBounded, type Screen } from '../layout/screen.ts';
import { firstThatFits } from '../layout/text-width.ts';
import { wrapIndented, wrapText } from '../layout/wrap.ts';
import { gapLines } from '../tables/history-gaps.ts';
import { BOUNCE_TITLES, bounceFigures, bounceLines, bouncesJson } from './bounce-section.ts';
import { DRILL_TITLES, drillFigures, drillLines } from './drill-section.ts';
import { burnPercent, type ReportedTarget, TITLES, type Title, uptimeFigures } from './figures.ts';
import { POSTURE_TITLES, postureFigures, postureLines } from './posture-section.ts';
import { rangeTitle } from './range-title.ts';
import { TRIP_TITLES, tripFigureTexts, tripLines, tripsJson } from './trip-section.ts';

/** A report with what it is about. */
export interface ShownReport extends Omit<UptimeReport, 'targets' | 'span' | 'incidents'> {
  readonly range: ReportRange;
  readonly targets: readonly ReportedTarget[];
  /** Absent or empty if no posture is watched. */
  readonly posture?: readonly PostureTimes[];
  /** Absent or empty if no bounces were counted. */
  readonly bounces?: readonly SenderBounces[];
  /** The last one that ended. Absent or empty if there was none. */
  readonly drills?: readonly EndedDrill[];
  /** Absent or empty without round trips. */
  readonly trips?: readonly TripFigures[];
}

/** A line per gap. */
export function reportGapLines({ gaps, range }: ShownReport): readonly string[] {
  return gapLines(gaps, range.clock);
}

/** Columns of the table, from the widest layout to the narrowest. Lines below each target have the other figures. */
const LAYOUTS: readonly (readonly Title[])[] = [
  TITLES.filter((title) => title !== 'Worst hours'),
  ['Target', 'Uptime', 'Unwatched', 'Down', 'Degraded', 'Outages', 'p50', 'p95', 'Objective', 'Budget left', 'Burn'],
  ['Target', 'Uptime', 'Unwatched', 'Down', 'Outages', 'p95', 'Objective', 'Burn'],
  ['Target', 'Uptime', 'Unwatched', 'Outages', 'Burn'],
  ['Target', 'Uptime', 'Unwatched', 'Burn'],
];

export function asText(report: ShownReport, screen: Screen): string {
  const { lines } = firstThatFits(LAYOUTS, (titles, on) => linesOf(report, titles, on), screen);
  const gaps = reportGapLines(report)
    .flatMap((line) => wrapText(line, screen.width))
    .map((line) => screen.paint.yellow(line));
  const others = [
    ...section('Posture', report.posture, postureLines, screen),
    ...section('Round trips', report.trips, tripLines, screen),
    ...section('Bounces', report.bounces, bounceLines, screen),
    ...section('Last drill', report.drills, drillLines(report.range.clock), screen),
  ];
  return `${[screen.paint.bold(`Uptime ${rangeTitle(report.range)}`), '', ...lines, ...gaps, ...others].join('\n')}\n`;
}

function section<One>(
  title: string,
  all: readonly One[] = [],
  linesOfOne: (one: One) => readonly string[],
  screen: Screen,
): readonly string[] {
  if (all.length === 0) return [];
  const lines = all.flatMap(linesOfOne).map(escapeForDisplay);
  const fitted = isBounded(screen) ? lines.flatMap((line) => wrapIndented(line, screen.width)) : lines;
  return ['', screen.paint.bold(title), '', ...fitted];
}

function linesOf({ targets, range }: ShownReport, titles: readonly Title[], screen: Screen): readonly string[] {
  const columns = titles.map((title) => ({ title: title.toUpperCase() }));
  const figures = targets.map(
    (target) => new Map(uptimeFigures(target, range.clock).map((text, at) => [TITLES[at] as Title, text])),
  );
  const rows = targets.map((target, at) =>
    titles.map((title) => cellOf(figures[at]?.get(title) ?? '', title, target, screen)),
  );
  const [head = [], ...blocks] = gridBlocks(columns, rows, screen);
  return [
    ...head,
    ...blocks.flatMap((lines, at) => [...lines, ...restLines(figures[at] ?? new Map(), titles, screen)]),
  ];
}

/** The figures without a column: `degraded 3 min; worst hours 11-22 05:00 (12 min)`. */
function restLines(figures: ReadonlyMap<Title, string>, titles: readonly Title[], screen: Screen): readonly string[] {
  const remaining = TITLES.filter((title) => !titles.includes(title) && !['', '-'].includes(figures.get(title) ?? ''));
  if (remaining.length === 0) return [];
  const text = remaining.map((title) => `${title[0]?.toLowerCase()}${title.slice(1)} ${figures.get(title)}`).join('; ');
  const lines = isBounded(screen) ? wrapText(text, screen.width - 2) : [text];
  return lines.map((line) => `  ${screen.paint.dim(escapeForDisplay(line))}`);
}

function cellOf(text: string, title: Title, { objective }: ReportedTarget, { paint }: Screen): Cell {
  const safe = escapeForDisplay(text);
  if (title !== 'Uptime' || objective === null) return { text: safe };
  return { text: safe, paint: objective.remaining < 0 ? paint.red : paint.green };
}

export function asMarkdown(report: ShownReport): string {
  const { range, targets, posture = [], bounces = [], trips = [], drills = [] } = report;
  const isText = (title: Title) => ['Target', 'Tags', 'Worst hours'].includes(title);
  const head = [TITLES, TITLES.map((title) => (isText(title) ? '---' : '---:'))];
  const rows = targets.map((target) => uptimeFigures(target, range.clock));
  const gaps = reportGapLines(report).map((line) => `\n${line}\n`);
  const others = [
    markdownSection('Posture', POSTURE_TITLES, posture.map(postureFigures)),
    markdownSection('Round trips', TRIP_TITLES, trips.map(tripFigureTexts)),
    markdownSection('Bounces', BOUNCE_TITLES, bounces.flatMap(bounceFigures)),
    markdownSection(
      'Last drill',
      DRILL_TITLES,
      drills.map((drill) => drillFigures(drill, range.clock)),
    ),
  ];
  return `# Uptime ${rangeTitle(range)}\n\n${[...head, ...rows].map(markdownRow).join('\n')}\n${gaps.join('')}${others.join('')}`;
}

/** Cells are escaped, and a `|` in them is no border. */
function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => escapeForDisplay(cell).replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Empty without rows. */
function markdownSection(title: string, titles: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  return `\n## ${title}\n\n${[titles, titles.map(() => '---'), ...rows].map(markdownRow).join('\n')}\n`;
}

const FIELDS = [
  'month',
  'target',
  'uptime',
  'up',
  'down',
  'unwatched',
  'degraded',
  'outages',
  'to_detect',
  'to_repair',
];
const MORE_FIELDS = [
  'slo',
  'budget_left',
  'burn',
  'p50',
  'p95',
  'p99',
  'worst_hours',
  'tags',
  'planned',
  'planned_down',
  'uptime_outside',
];

/**
 * Lengths in seconds, shares in percent, latencies in milliseconds. `up`, `down` and `unwatched` are the whole span. Worst hours
 * are `2026-11-22T05:00:00Z 720`, separated by semicolons, tags by spaces.
 */
export function asCsv({ range, targets }: ShownReport): string {
  const { month, span } = range;
  const name = month ?? `${isoSeconds(span.from)}/${isoSeconds(span.to)}`;
  const rows = targets.map(({ target, uptime, outages, objective, worstHours, tags, latency, planned, ...lengths }) => {
    const { up, down, unwatched, degraded, toDetect, toRepair } = lengths;
    const objectiveFields = [
      objective?.slo,
      seconds(objective?.remaining ?? null),
      objective && burnPercent(objective),
    ];
    const times = [up, down, unwatched, degraded].map(seconds);
    const means = [seconds(toDetect), seconds(toRepair)];
    const percentiles = latency?.map(tenths) ?? ['', '', ''];
    const worst = worstHours.map((hour) => `${isoSeconds(hour.from)} ${seconds(hour.down)}`).join('; ');
    return [
      name,
      target,
      uptime,
      ...times,
      outages,
      ...means,
      ...objectiveFields,
      ...percentiles,
      worst,
      tags.join(' '),
      ...plannedFields(planned),
    ];
  });
  return csv([[...FIELDS, ...MORE_FIELDS], ...rows]);
}

/** How long work was planned, the downtime in it, and the uptime outside of it. */
function plannedFields(planned: PlannedFigures | null): readonly (number | string | null)[] {
  if (planned === null) return [0, 0, ''];
  const { up, down, unwatched, uptimeOutside } = planned;
  return [seconds(up + down + unwatched), seconds(down), uptimeOutside];
}

/** Lengths in whole milliseconds, shares in percent. */
export function asJson({
  range,
  gaps: lost,
  targets: reported,
  posture: domains = [],
  bounces = [],
  drills = [],
  trips = [],
}: ShownReport): string {
  const targets = reported.map(
    ({ span, stretches, worstHours, outageList, objective, latency, planned, ...figures }) => ({
      ...figures,
      planned: planned && { ...planned, times: planned.times.map(withIsoTimes) },
      toDetect: whole(figures.toDetect),
      toRepair: whole(figures.toRepair),
      latency: latency && { p50: tenths(latency[0]), p95: tenths(latency[1]), p99: tenths(latency[2]) },
      objective: objective && {
        slo: objective.slo,
        budget: whole(objective.budget),
        remaining: whole(objective.remaining),
        burn: burnPercent(objective),
      },
      span: withIsoTimes(span),
      stretches: stretches.map(withIsoTimes),
      worstHours: worstHours.map(withIsoTimes),
      outageList: outageList.map(withIsoTimes),
    }),
  );
  const posture = domains.map(({ listings, ...times }) => ({
    ...times,
    listings: listings.map(({ spans, ...listing }) => ({ ...listing, spans: spans.map(withIsoTimes) })),
  }));
  const gaps = lost.map(({ from, to }) => ({ from: startOfHour(from), to: startOfHour(nextHour(to)) }));
  return `${asciiJson({ month: range.month, span: withIsoTimes(range.span), gaps, unit: 'ms', targets, posture, trips: tripsJson(trips), bounces: bouncesJson(bounces), drill: drills[0] ?? null })}\n`;
}

/** `from` and `to` as ISO 8601 UTC. */
function withIsoTimes<T extends { readonly from: number; readonly to?: number | null }>(one: T) {
  const { from, to } = one;
  return { ...one, from: isoSeconds(from), ...(to === undefined ? {} : { to: to === null ? null : isoSeconds(to) }) };
}

function whole(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.round(milliseconds);
}

function seconds(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.round(milliseconds / 1000);
}

function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
