import { Command } from 'commander';
import type { Config } from '../../../lambda/config/config.ts';
import { openDrillStore } from '../../../lambda/history/drills/drill-store.ts';
import { readBounceReport } from '../../../lambda/reports/bounces/bounce-report.ts';
import { readPostureReport } from '../../../lambda/reports/posture/posture-report.ts';
import { currentTargets } from '../../../lambda/reports/status/current-targets.ts';
import { readTripReport } from '../../../lambda/reports/trips/trip-report.ts';
import { readUptimeReport } from '../../../lambda/reports/uptime/uptime-report.ts';
import { type RangeOptions, reportRange } from '../../arguments/report-range.ts';
import { UsageError } from '../../arguments/usage-error.ts';
import { screenOf } from '../../display/layout/screen.ts';
import { asHtml } from '../../display/report/html-page.ts';
import { asCsv, asJson, asMarkdown, asText, type ShownReport } from '../../display/report/text-formats.ts';
import { omittedTargetLines } from '../../display/tables/omitted-targets.ts';
import { type StoreOptions, withStore, withStoreOptions } from '../../store/store.ts';

interface ReportOptions extends StoreOptions, RangeOptions {
  readonly slo?: string;
  readonly tag?: readonly string[];
  readonly all?: true;
  readonly format: Format;
}

type Format = 'text' | 'markdown' | 'csv' | 'json' | 'html';

const FORMATS: Readonly<Record<Format, (report: ShownReport) => string>> = {
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
  smtp-quorum report --since 2026-10-05 --until 2026-10-11 --tag edge
  smtp-quorum report --month 2026-10 --slo 99.9 --format html > october.html    a page to print

At any moment a target is up, down or unwatched. It is unwatched while no vantage has a recent sample of it, and while the
verdict is 'unknown'. Where a watch begins, it is up from the first probe on that passed, and before that down or unwatched.
Uptime is the share of the watched time in which the verdict was not 'down'; degraded counts as up. An outage starts at its first
failure, which is the first one that led to 'down'; what was degraded before is not part of it. Time to detect is from there to
the verdict 'down', time to repair from there to the last recovery. The error budget and its burn are of the watched time.
Planned is the time in which a window or mute was in force, as it was kept then, whatever the config says now; it is a part of the
whole time. Uptime outside is that of the other time.
p50, p95 and p99 are of the sessions that passed or warned, at all vantages, exact to 2 %.
Months, days and times are in the local time zone, or in UTC with --utc. CSV and JSON have UTC times.
A domain is listed while every vantage that watches its posture sees it on a list by which large receivers refuse mail. Time in
which no vantage asked the lists is unwatched; listed, clear and unwatched are the whole span. Bounces are
counted in whole hours, by sending domain and provider. A round trip is down from the first of two failed messages in a row until
one that arrives; messages of which nothing is known leave it unwatched. CSV has neither posture, round trips nor bounces.
The last drill is shown whenever it was.
CSV has lengths in seconds, JSON in milliseconds. Both have uptime, slo and burn (used error budget) in percent.
Targets that are no longer monitored are omitted unless --all is set.`;

export function reportCommand(): Command {
  const command = new Command('report')
    .option('--month <month>', 'month, such as 2026-10 (default: this month)')
    .option('--since <time>', 'start of another range: 2026-10-05, 7d or 2026-10-05T08:00')
    .option('--until <time>', 'its end, inclusive; a date means its last second (default: now)')
    .option('--slo <percent>', 'objective for all targets, such as 99.9 (default: `slo` of each target in the config)')
    .option('--tag <tags>', 'only targets of the config with one of these tags', (text) => text.split(','))
    .option('--all', 'include targets that are no longer monitored')
    .option('--utc', 'months, days and times in UTC instead of the local time zone')
    .option('--format <format>', `one of ${Object.keys(FORMATS).join(', ')}`, formatOf, 'text');
  return withStoreOptions(command).addHelpText('after', HELP).action(run);
}

function formatOf(text: string): Format {
  if (Object.hasOwn(FORMATS, text)) return text as Format;
  throw new UsageError(`--format: '${text}' is not a format; use one of ${Object.keys(FORMATS).join(', ')}`);
}

async function run(options: ReportOptions): Promise<void> {
  const range = reportRange(options, Date.now());
  const slo = options.slo === undefined ? null : sloOf(options.slo);
  const { report, current } = await withStore(options, async (store) => {
    const current = await currentTargets(store, options.all === true);
    const tagsOf = tagsIn(store.config);
    const ids = options.tag === undefined ? current.targets : taggedTargets(options.tag, current.targets, tagsOf);
    const { targets, gaps } = await readUptimeReport(store, ids, range.span, slo);
    const tagged = targets.map((target) => ({ ...target, tags: tagsOf(target.target) }));
    const posture = options.tag === undefined ? await readPostureReport(store, range.span) : [];
    const bounces = options.tag === undefined ? await readBounceReport(store, range.span) : [];
    const trips = options.tag === undefined ? await readTripReport(store, range.span) : [];
    const last = options.tag === undefined ? (await openDrillStore(store.table).record())?.last : null;
    const drills = last ? [last] : [];
    return { current, report: { gaps, range, targets: tagged, posture, bounces, trips, drills } };
  });
  process.stdout.write(FORMATS[options.format](report));
  for (const line of omittedTargetLines(current)) process.stderr.write(`${line}\n`);
}

function tagsIn(config: Config | null): (target: string) => readonly string[] {
  const tags = new Map((config?.targets ?? []).map(({ id, tags }) => [id, tags ?? []]));
  return (target) => tags.get(target) ?? [];
}

/** @throws UsageError if no target has any of them */
function taggedTargets(
  wanted: readonly string[],
  targets: readonly string[],
  tagsOf: (target: string) => readonly string[],
): readonly string[] {
  const found = targets.filter((target) => tagsOf(target).some((tag) => wanted.includes(tag)));
  if (found.length > 0) return found;
  const known = [...new Set(targets.flatMap(tagsOf))].sort();
  const hint = known.length === 0 ? 'the config has no `tags`' : `known: ${known.join(', ')}`;
  throw new UsageError(`--tag: no target has '${wanted.join(',')}'; ${hint}`);
}

function sloOf(text: string): number {
  const slo = Number(text);
  if (text.trim() !== '' && slo > 0 && slo < 100) return slo;
  throw new UsageError(`--slo: '${text}' is not a percentage between 0 and 100; use 99.9`);
}
