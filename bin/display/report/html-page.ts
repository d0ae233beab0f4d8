/** The report as one HTML page for A4 paper, without external resources. */
import { durationText } from '../../../lambda/alert/words/time-text.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { MonthReport } from '../../../lambda/reports/uptime/month-report.ts';
import type { Outage, Uptime } from '../../../lambda/reports/uptime/uptime.ts';
import { escapeForDisplay } from '../../../lambda/smtp/bounds/escape.ts';
import { highest, lowest } from '../layout/extremes.ts';
import { percent, TITLES, uptimeFigures } from './figures.ts';
import { monthStrip } from './month-strip.ts';
import { STYLE } from './style.ts';
import { reportGapLines } from './text-formats.ts';

export function asHtml(report: MonthReport): string {
  const { month, targets } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Uptime ${html(month)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>Uptime, ${html(nameOf(month))}</h1>
<p>${html(coverOf(report))}</p>
${reportGapLines(report)
  .map((line) => `<p>${html(line)}</p>`)
  .join('\n')}
<p>Uptime is the share of the watched time with a verdict in which the verdict of the quorum was not down. An outage starts at its first failure. Created by smtp-quorum.</p>
</header>
<dl class="totals">${totalsOf(report).map(totalBox).join('')}</dl>
<h2>Day by day</h2>
<table class="days">
<tbody>
${targets.map((target) => dayRow(month, target)).join('\n')}
</tbody>
</table>
<p class="key"><span class="up">no downtime</span><span class="degraded">degraded</span><span class="down">down, by its share of the day</span><span class="unknown">no verdict</span><span class="blank">not watched</span></p>
<h2>Figures</h2>
<table class="figures">
<thead><tr>${cells('th', TITLES)}</tr></thead>
<tbody>
${targets.map((target) => `<tr class="${classOf(target)}">${cells('td', uptimeFigures(target))}</tr>`).join('\n')}
</tbody>
</table>
${outageSection(targets)}
</body>
</html>
`;
}

function nameOf(month: string): string {
  const format = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });
  return format.format(new Date(`${month}-01T00:00:00Z`));
}

function coverOf({ targets }: MonthReport): string {
  const watched = targets.flatMap((target) => target.watched);
  const from = lowest(
    watched.map((one) => one.from),
    Number.POSITIVE_INFINITY,
  );
  const to = highest(
    watched.map((one) => one.to),
    0,
  );
  const range = watched.length === 0 ? 'No target was watched' : `${minuteText(from)} to ${minuteText(to)} UTC`;
  return `${range}, by the verdict of the quorum.`;
}

type Total = readonly [name: string, value: string, tone?: 'good' | 'bad'];

function totalsOf({ targets }: MonthReport): readonly Total[] {
  const uptimes = targets.flatMap(({ uptime }) => uptime ?? []);
  const worst = lowest(uptimes, 100);
  const outages = targets.reduce((sum, target) => sum + target.outages, 0);
  const down = targets.reduce((sum, target) => sum + target.down, 0);
  const measured = targets.filter(({ objective }) => objective !== null);
  const met = measured.filter((target) => classOf(target) === 'met').length;
  return [
    ['Targets', String(targets.length)],
    ...(measured.length === 0
      ? []
      : [['Objective met by', `${met} of ${measured.length}`, tone(met === measured.length)] as const]),
    ['Lowest uptime', uptimes.length === 0 ? 'no verdict' : `${percent(worst)} %`],
    ['Outages', String(outages)],
    ['Time down, all targets', down === 0 ? 'none' : durationText(down)],
  ];
}

function tone(good: boolean): 'good' | 'bad' {
  return good ? 'good' : 'bad';
}

function totalBox([name, value, of = 'good']: Total): string {
  return `<div><dt>${html(name)}</dt><dd class="${of}">${html(value)}</dd></div>`;
}

function dayRow(month: string, target: Uptime): string {
  const [name = '', uptime = ''] = uptimeFigures(target);
  return `<tr class="${classOf(target)}"><th>${html(name)}</th><td>${monthStrip(month, target)}</td><td>${html(uptime)}</td></tr>`;
}

function outageSection(targets: readonly Uptime[]): string {
  const outages = targets.flatMap(({ target, outageList }) => outageList.map((outage) => ({ target, outage })));
  if (outages.length === 0) return '';
  const rows = outages
    .toSorted((a, b) => a.outage.from - b.outage.from)
    .map(({ target, outage }) => `<tr>${cells('td', outageTexts(target, outage))}</tr>`);
  return `<h2>Outages</h2>
<table class="outages">
<thead><tr>${cells('th', ['From (UTC)', 'Until', 'Down', 'Target', 'First failure'])}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`;
}

function outageTexts(target: string, { from, to, down, failure }: Outage): readonly string[] {
  return [minuteText(from), to === null ? 'still open' : minuteText(to), durationText(down), target, failure];
}

/** `2026-11-22 05:08` */
function minuteText(at: number): string {
  return isoSeconds(at).slice(0, 16).replace('T', ' ');
}

function classOf({ objective }: Uptime): 'plain' | 'missed' | 'met' {
  if (objective === null) return 'plain';
  return objective.remaining < 0 ? 'missed' : 'met';
}

function cells(tag: 'td' | 'th', texts: readonly string[]): string {
  return texts.map((text) => `<${tag}>${html(text)}</${tag}>`).join('');
}

function html(text: string): string {
  return escapeForDisplay(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
