/** The report as one HTML page for screens of any width and for A4 paper, without external resources. */
import { durationText } from '../../../lambda/alert/words/time-text.ts';
import { lengthOfSpans } from '../../../lambda/history/rollup/merge-and-clip-time-spans.ts';
import type { Outage } from '../../../lambda/reports/uptime/uptime.ts';
import { escapeMarkup } from '../../../web/markup/html.ts';
import { lowest } from '../layout/numbers.ts';
import { BOUNCE_TITLES, bounceFigures } from './bounce-section.ts';
import { dayStrip } from './day-strip.ts';
import { DRILL_TITLES, drillFigures } from './drill-section.ts';
import { lengthText, percent, type ReportedTarget, TITLES, type Title, uptimeFigures, uptimeText } from './figures.ts';
import { STYLE } from './page-css.ts';
import { POSTURE_TITLES, postureFigures } from './posture-section.ts';
import { longTitle, minuteText, zoneName } from './range-title.ts';
import { reportGapLines, type ShownReport } from './text-formats.ts';
import { TRIP_TITLES, tripFigureTexts } from './trip-section.ts';

export function asHtml(report: ShownReport): string {
  const { range, targets } = report;
  const title = escapeMarkup(longTitle(range));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Uptime ${title}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>Uptime, ${title}</h1>
<p>${escapeMarkup(coverOf(report))}</p>
${reportGapLines(report)
  .map((line) => `<p>${escapeMarkup(line)}</p>`)
  .join('\n')}
<p>Uptime is the share of the watched time in which the verdict of the quorum was not down. Unwatched time is neither up nor down. An outage starts at its first failure. Created by smtp-quorum.</p>
</header>
<dl class="totals">${totalsOf(report).map(totalBox).join('')}</dl>
<h2>${PARTS[range.part]}</h2>
<table class="days">
<tbody>
${targets.map((target) => dayRow(report, target)).join('\n')}
</tbody>
</table>
<p class="key">${KEY}</p>
<h2>Figures</h2>
<table class="figures">
${figureRows(report)}
</table>
${outageSection(report)}
${tableSection('Posture', POSTURE_TITLES, (report.posture ?? []).map(postureFigures))}
${tableSection('Round trips', TRIP_TITLES, (report.trips ?? []).map(tripFigureTexts))}
${tableSection('Bounces', BOUNCE_TITLES, (report.bounces ?? []).flatMap(bounceFigures))}
${tableSection(
  'Last drill',
  DRILL_TITLES,
  (report.drills ?? []).map((drill) => drillFigures(drill, range.clock)),
)}
</body>
</html>
`;
}

const PARTS = { day: 'Day by day', week: 'Week by week', month: 'Month by month' } as const;

const KEY = [
  ['up', 'up'],
  ['degraded', 'degraded'],
  ['down', 'down'],
  ['unwatched', 'unwatched'],
  ['blank', 'not in the report'],
]
  .map(([kind, text]) => `<span class="${kind}">${text}</span>`)
  .join('');

function coverOf({ targets, range: { span, clock } }: ShownReport): string {
  if (targets.every(({ uptime }) => uptime === null)) return 'No target was watched.';
  const [from, to] = [span.from, span.to].map((at) => minuteText(at, clock));
  return `${from} to ${to} (${zoneName(span.from, clock)}), by the verdict of the quorum.`;
}

type Total = readonly [name: string, value: string, note?: string | undefined, tone?: 'good' | 'bad'];

function totalsOf({ targets }: ShownReport): readonly Total[] {
  const measured = targets.filter(({ objective }) => objective !== null);
  const met = measured.filter((target) => classOf(target) === 'met').length;
  const down = sumOf(targets, 'down');
  const uptimes = targets.flatMap(({ uptime }) => uptime ?? []);
  return [
    ['Targets', String(targets.length)],
    ...(measured.length === 0 ? [] : [objectiveTotal(met, measured.length)]),
    ['Lowest uptime', uptimes.length === 0 ? '-' : `${percent(lowest(uptimes, 100))} %`, unwatchedNote(targets)],
    ['Outages', String(targets.reduce((sum, target) => sum + target.outages, 0))],
    ['Time down, all targets', down === 0 ? 'none' : durationText(down)],
  ];
}

function objectiveTotal(met: number, of: number): Total {
  return ['Objective met by', `${met} of ${of}`, undefined, met === of ? 'good' : 'bad'];
}

function sumOf(targets: readonly ReportedTarget[], key: 'down' | 'unwatched'): number {
  return targets.reduce((sum, target) => sum + target[key], 0);
}

/** `unwatched 3 h of 30 d`, over all targets. */
function unwatchedNote(targets: readonly ReportedTarget[]): string {
  const spans = lengthOfSpans(targets.map(({ span }) => span));
  const unwatched = sumOf(targets, 'unwatched');
  return unwatched === 0 ? 'no time unwatched' : `unwatched: ${durationText(unwatched)} of ${durationText(spans)}`;
}

function totalBox([name, value, note, tone = 'good']: Total): string {
  const more = note === undefined ? '' : `<dd class="note">${escapeMarkup(note)}</dd>`;
  return `<div><dt>${escapeMarkup(name)}</dt><dd class="${tone}">${escapeMarkup(value)}</dd>${more}</div>`;
}

function dayRow({ range }: ShownReport, target: ReportedTarget): string {
  const note = target.unwatched === 0 ? '' : `<small>${escapeMarkup(lengthText(target.unwatched))} unwatched</small>`;
  const name = `<th>${escapeMarkup(target.target)}${tagsOf(target)}</th>`;
  return `<tr class="${classOf(target)}">${name}<td class="strip">${dayStrip(range, target)}</td><td class="share">${escapeMarkup(uptimeText(target.uptime))}${note}</td></tr>`;
}

function tagsOf({ tags }: ReportedTarget): string {
  return tags.map((tag) => ` <span class="tag">${escapeMarkup(tag)}</span>`).join('');
}

/** Columns of text; the others are figures, and aligned to the right. */
const TEXT_COLUMNS: ReadonlySet<string> = new Set<Title>(['Target', 'Tags', 'Worst hours']);

/** The columns that have a figure of some target. */
function figureRows({ targets, range }: ShownReport): string {
  const rows = targets.map((target) => ({ target, texts: uptimeFigures(target, range.clock) }));
  const used = TITLES.flatMap((title, at) => (rows.some(({ texts }) => texts[at] !== '') ? [{ title, at }] : []));
  const cells = (texts: readonly string[]) => used.map(({ title, at }) => cell('td', title, texts[at] ?? '')).join('');
  return `<thead><tr>${used.map(({ title }) => cell('th', title, title)).join('')}</tr></thead>
<tbody>
${rows.map(({ target, texts }) => `<tr class="${classOf(target)}">${cells(texts)}</tr>`).join('\n')}
</tbody>`;
}

/** A cell with the title of its column, which a narrow screen shows beside it. Worst hours have a line each. */
function cell(tag: 'td' | 'th', title: string, text: string): string {
  const kind = TEXT_COLUMNS.has(title) ? 'text' : 'figure';
  const lines = title === 'Worst hours' ? text.split(', ').map(escapeMarkup).join('<br>') : escapeMarkup(text);
  return `<${tag} class="${kind}" data-title="${escapeMarkup(title)}">${lines}</${tag}>`;
}

const OUTAGE_TITLES = ['From', 'Until', 'Down', 'Target', 'First failure', 'Planned'] as const;

function outageSection({ targets, range }: ShownReport): string {
  const outages = targets.flatMap(({ target, outageList }) => outageList.map((outage) => ({ target, outage })));
  const rows = outages
    .toSorted((a, b) => a.outage.from - b.outage.from)
    .map(({ target, outage }) => outageTexts(target, outage, range.clock));
  return tableSection('Outages', OUTAGE_TITLES, rows);
}

function tableSection(title: string, titles: readonly string[], figures: readonly (readonly string[])[]): string {
  if (figures.length === 0) return '';
  const rows = figures.map((row) => `<tr>${row.map((text, at) => labelled(titles[at] ?? '', text)).join('')}</tr>`);
  return `<h2>${title}</h2>
<table class="outages">
<thead><tr>${titles.map((one) => `<th>${one}</th>`).join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`;
}

function labelled(title: string, text: string): string {
  return `<td data-title="${title}">${escapeMarkup(text)}</td>`;
}

function outageTexts(
  target: string,
  { from, to, down, failure, planned }: Outage,
  clock: ShownReport['range']['clock'],
): readonly string[] {
  const until = to === null ? 'still open' : minuteText(to, clock);
  return [minuteText(from, clock), until, durationText(down), target, failure, planned ?? ''];
}

function classOf({ objective }: ReportedTarget): 'plain' | 'missed' | 'met' {
  if (objective === null) return 'plain';
  return objective.remaining < 0 ? 'missed' : 'met';
}
