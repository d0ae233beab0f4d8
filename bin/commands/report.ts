import { Command } from 'commander';
import type { TimeSpan } from '../../lambda/reports/source/rounds.ts';
import { currentTargets } from '../../lambda/reports/status/current-targets.ts';
import { type MonthReport, readMonthReport } from '../../lambda/reports/uptime/month-report.ts';
import { UsageError } from '../arguments/usage-error.ts';
import { screenOf } from '../display/layout/screen.ts';
import { asHtml } from '../display/report/html-page.ts';
import { asCsv, asJson, asMarkdown, asText } from '../display/report/text-formats.ts';
import { omittedTargetLines } from '../display/tables/omitted-targets.ts';
import { type StoreOptions, withStore, withStoreOptions } from '../store/store.ts';

interface ReportOptions extends StoreOptions {
  readonly month?: string;
  readonly slo?: string;
  readonly all?: true;
  readonly utc?: true;
  readonly format: Format;
}

type Format = 'text' | 'markdown' | 'csv' | 'json' | 'html';

const FORMATS: Readonly<Record<Format, (report: MonthReport) => string>> = {
  text: (report) => asText(report, screenOf(process.stdout)),
  markdown: asMarkdown,
  csv: asCsv,
  json: asJson,
  html: asHtml,
};

const HELP = `
Examples:
  smtp-quorum report                                              this month so far, with the objectives of the config
  smtp-quorum report --month 2026-10 --slo 99.9
  smtp-quorum report --month 2026-10 --slo 99.9 --format html > october.html    a page to print

Uptime is the share of the time with a verdict in which the verdict was not 'down'. An outage starts at its first failure,
which is the first one that led to 'down'; what was degraded before is not part of it. Time to detect is from there to the
verdict 'down', time to repair from there to the last recovery.
Time in which a target was not watched does not count: before its first sample, after its last, and hours without a sample.
Months and times are UTC.
CSV has lengths in seconds, JSON in milliseconds. Both have uptime, slo and burn (used error budget) in percent.
Targets that are no longer monitored are omitted unless --all is set.`;

export function reportCommand(): Command {
  const command = new Command('report')
    .option('--month <month>', 'month, such as 2026-10 (default: this month)')
    .option('--slo <percent>', 'objective for all targets, such as 99.9 (default: `slo` of each target in the config)')
    .option('--all', 'include targets that are no longer monitored')
    .option('--utc', 'accepted for consistency; times are always UTC here')
    .option('--format <format>', `one of ${Object.keys(FORMATS).join(', ')}`, formatOf, 'text');
  return withStoreOptions(command).addHelpText('after', HELP).action(run);
}

function formatOf(text: string): Format {
  if (Object.hasOwn(FORMATS, text)) return text as Format;
  throw new UsageError(`--format: '${text}' is not a format; use one of ${Object.keys(FORMATS).join(', ')}`);
}

async function run(options: ReportOptions): Promise<void> {
  const now = Date.now();
  const month = options.month ?? new Date(now).toISOString().slice(0, 7);
  const slo = options.slo === undefined ? null : sloOf(options.slo);
  const { report, current } = await withStore(options, async (store) => {
    const current = await currentTargets(store, options.all === true);
    return { current, report: await readMonthReport(store, current.targets, month, spanOf(month, now), slo) };
  });
  process.stdout.write(FORMATS[options.format](report));
  for (const line of omittedTargetLines(current)) process.stderr.write(`${line}\n`);
}

function spanOf(month: string, now: number): TimeSpan {
  const from = /^\d{4}-(0[1-9]|1[0-2])$/.test(month) ? Date.parse(`${month}-01T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(from)) throw new UsageError(`--month: '${month}' is not a month; use 2026-10`);
  if (from > now) throw new UsageError(`--month: ${month} is in the future`);
  const start = new Date(from);
  return { from, to: Math.min(now, Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1)) };
}

function sloOf(text: string): number {
  const slo = Number(text);
  if (text.trim() !== '' && slo > 0 && slo < 100) return slo;
  throw new UsageError(`--slo: '${text}' is not a percentage between 0 and 100; use 99.9`);
}
