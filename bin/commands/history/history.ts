import { once } from 'node:events';
import { Command, Option } from 'commander';
import type { VantageSample } from '../../../lambda/history/packing/recorded-round.ts';
import { plannedOf, readPlannedTimes } from '../../../lambda/reports/planned/planned-times.ts';
import {
  defaultStep,
  type SampleQuery,
  type Step,
} from '../../../lambda/reports/samples/sample-query-and-default-step.ts';
import { readSamples } from '../../../lambda/reports/samples/samples.ts';
import { readSummaries } from '../../../lambda/reports/samples/summaries.ts';
import type { TimeSpan } from '../../../lambda/reports/source/rounds.ts';
import { readSaid } from '../../../lambda/reports/source/said.ts';
import { gapsWithin } from '../../../lambda/reports/source/select-gaps-in-range.ts';
import type { Stretch } from '../../../lambda/reports/source/up-down-unwatched.ts';
import { readObservedTime } from '../../../lambda/reports/uptime/uptime-report.ts';
import type { Outcome } from '../../../lambda/smtp/sample/sample.ts';
import type { Clock } from '../../arguments/clock-and-time-zone.ts';
import { knownTarget, knownVantage } from '../../arguments/known-names.ts';
import { type TimeOptions, timeRange, withTimeOptions } from '../../arguments/time.ts';
import { UsageError } from '../../arguments/usage-error.ts';
import { OUTCOMES } from '../../display/layout/outcome-colours.ts';
import { screenOf } from '../../display/layout/screen.ts';
import { wrapText } from '../../display/layout/wrap.ts';
import { plannedLines } from '../../display/planned/planned-lines.ts';
import { saidLines } from '../../display/statements/statement-list.ts';
import {
  samplesAsCsv,
  samplesAsJson,
  samplesCsvHeader,
  summariesAsCsv,
  summariesAsJson,
} from '../../display/tables/history-formats.ts';
import { gapLines } from '../../display/tables/history-gaps.ts';
import { summaryLines, summaryRows } from '../../display/tables/hour-and-day-summaries.ts';
import { sampleLines } from '../../display/tables/samples.ts';
import { unwatchedLines } from '../../display/tables/unwatched.ts';
import { type Store, type StoreOptions, withStore, withStoreOptions } from '../../store/store.ts';
import { otherHistory } from './other-history.ts';

interface HistoryOptions extends Omit<StoreOptions, 'table'>, TimeOptions {
  readonly table?: string | true;
  readonly vantage?: string;
  readonly only?: readonly Outcome[];
  readonly step?: Step;
  readonly json?: true;
  readonly csv?: true;
  readonly hops?: true;
}

const HELP = `
Examples:
  smtp-quorum history mx1 --since 2h
  smtp-quorum history mx1 --since 2026-11-01 --until 2026-11-02 --only fail,warn
  smtp-quorum history mx1 --since 7d --vantage eu-west-1 --csv > mx1.csv
  smtp-quorum history mx1 --since 90d --step day
  smtp-quorum history out --since 1d --hops         messages of the round trip out, with their hops
  smtp-quorum history example.com --since 1d        what became of the mail of a sending domain, by the hour
  smtp-quorum history mx1 --json | jq 'select(.total > 1000)'

Times: 30m, 2h or 7d ago; 2026-11-01; 2026-11-01T05:00 (local time zone, or UTC with --utc); 2026-11-01T05:00Z.
The output has samples for up to two days, hours for up to two months, and days beyond that. Days are UTC days.
Below the table are the times in which the target was unwatched: without a recent sample, or without a verdict. Hours and
days have them as 'unwatched'; in JSON and CSV these are seconds. Then come the windows and mutes that were in force.
JSON and CSV always have UTC times. Without --json or --csv the output is a table.`;

export function historyCommand(): Command {
  const command = new Command('history')
    .argument('<target>', 'id of the target or round trip, or sending domain with bounces')
    .option('--vantage <name>', 'only this vantage')
    .option('--only <outcomes>', `only these outcomes: ${OUTCOMES.join(', ')}`, outcomesOf)
    .addOption(
      new Option(
        '--step <step>',
        'samples, or summaries of hours or days (default: depends on the time range)',
      ).choices(['sample', 'hour', 'day'] satisfies Step[]),
    )
    .option('--hops', 'below each message of a round trip, a picture of its hops')
    .option('--json', 'print one line of JSON per sample, hour, day or message')
    .option('--csv', 'print comma-separated values with a header');
  return withStoreOptions(
    withTimeOptions(command, '2h'),
    '--table [name]',
    'table on AWS; without a name: print a table, which is the default',
  )
    .addHelpText('after', HELP)
    .action(run);
}

function outcomesOf(text: string): readonly Outcome[] {
  return text.split(',').map((word) => {
    const outcome = OUTCOMES.find((one) => one === word.trim());
    if (outcome !== undefined) return outcome;
    throw new UsageError(`--only: '${word}' is not an outcome; use one or more of ${OUTCOMES.join(',')}`);
  });
}

async function run(target: string, options: HistoryOptions): Promise<void> {
  const format = formatOf(options);
  const { clock, since, until } = timeRange(options);
  const step = stepOf(options, since, until);
  await withStore(storeOptions(options), async (store) => {
    const asked = { name: target, span: spanOf(since, until, clock), clock, screen: screenOf(process.stdout), format };
    const chosen = { hops: options.hops === true, vantage: options.vantage ?? null };
    const other = await otherHistory(store, { ...asked, ...chosen });
    if (other !== null) return await writeTo(process.stdout, other);
    const vantages = options.vantage === undefined ? store.vantages : [knownVantage(options.vantage, store)];
    const query = { target: knownTarget(target, store), vantages, since, until };
    const stretches = await readObservedTime(store, query.target, spanOf(since, until, clock));
    const parts =
      step === 'sample'
        ? samples(store, query, clock, format, options.only)
        : summaries(store, query, step, stretches, clock, format);
    for await (const part of parts) await writeTo(process.stdout, part);
    const { width } = screenOf(process.stdout);
    const gaps = gapLines(gapsWithin(await store.history.gaps(), since, until), clock);
    const isTable = format === 'table';
    const planned = plannedOf(await readPlannedTimes(store, spanOf(since, until, clock)), query.target);
    const said = await readSaid(store, query.target, since, until);
    const words = [...plannedLines(planned, clock), ...saidLines(said, clock)];
    const inTable = isTable ? [...unwatchedLines(stretches, clock), ...words] : [];
    const notes = [...inTable, ...gaps];
    const lines = notes.flatMap((line) => wrapText(line, width));
    // These lines must not be in the JSON or CSV output.
    (isTable ? process.stdout : process.stderr).write(lines.map((line) => `${line}\n`).join(''));
  });
}

/** `until` is inclusive. Nothing was watched after now. */
function spanOf(since: string, until: string, { now }: Clock): TimeSpan {
  const from = Date.parse(since);
  return { from, to: Math.max(from, Math.min(Date.parse(until) + 1000, now)) };
}

type Format = 'table' | 'json' | 'csv';

/** `--table` without a name selects the format; with a name it selects the history. */
function formatOf({ json, csv, table }: HistoryOptions): Format {
  const given = [json && '--json', csv && '--csv', table === true && '--table'].filter(
    (option) => typeof option === 'string',
  );
  if (given.length > 1) throw new UsageError(`${given.join(' and ')} exclude each other`);
  if (json) return 'json';
  return csv ? 'csv' : 'table';
}

function storeOptions({ table, ...options }: HistoryOptions): StoreOptions {
  return { ...options, ...(typeof table === 'string' ? { table } : {}) };
}

/** `--only` selects samples, because only samples have outcomes. */
function stepOf({ step, only }: HistoryOptions, since: string, until: string): Step {
  if (only === undefined) return step ?? defaultStep(since, until);
  if (step === undefined || step === 'sample') return 'sample';
  throw new UsageError(`--only selects samples, but --step ${step} prints summaries; use one of them`);
}

/** Yields JSON and CSV in parts, because a year of samples does not fit in memory. */
async function* samples(
  store: Store,
  query: SampleQuery,
  clock: Clock,
  format: Format,
  only: readonly Outcome[] | undefined,
): AsyncGenerator<string> {
  const { target, since, until } = query;
  const selected = (found: readonly VantageSample[]) =>
    found.filter(({ sample }) => only?.includes(sample.outcome) ?? true);
  if (format === 'csv') yield samplesCsvHeader;
  if (format === 'table') {
    const all: VantageSample[] = [];
    for await (const some of readSamples(store, query)) for (const one of selected(some)) all.push(one);
    yield `${sampleLines(target, all, since, until, clock, screenOf(process.stdout)).join('\n')}\n`;
    return;
  }
  const write = format === 'json' ? samplesAsJson : samplesAsCsv;
  for await (const some of readSamples(store, query)) yield write(target, selected(some));
}

async function* summaries(
  store: Store,
  query: SampleQuery,
  step: 'hour' | 'day',
  stretches: readonly Stretch[],
  clock: Clock,
  format: Format,
): AsyncGenerator<string> {
  const rows = summaryRows(await readSummaries(store, query, step), query.vantages, stretches);
  if (format === 'json') yield summariesAsJson(rows);
  else if (format === 'csv') yield summariesAsCsv(rows);
  else yield `${summaryLines(rows, query, step, clock, screenOf(process.stdout)).join('\n')}\n`;
}

/** Waits if the reader of the output is slower than the history. */
async function writeTo(stream: NodeJS.WriteStream, text: string): Promise<void> {
  if (text !== '' && !stream.write(text)) await once(stream, 'drain');
}
