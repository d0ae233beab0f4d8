import { Command, Option } from 'commander';
import type { Outcome } from '../../lambda/smtp/sample.ts';
import { gapLines, gapsWithin } from '../display/gaps.ts';
import { OUTCOMES } from '../display/outcome.ts';
import { sampleLines } from '../display/samples.ts';
import { samplesAsCsv, samplesAsJson, summariesAsCsv, summariesAsJson } from '../display/samples-for-machines.ts';
import { screenOf } from '../display/screen.ts';
import { rowsOf, summaryLines } from '../display/summaries.ts';
import type { Clock } from '../display/times.ts';
import { knownTarget, knownVantage, type Store, type StoreOptions, withStore, withStoreOptions } from '../store.ts';
import { type Query, type Step, stepFor, summariesOf } from '../summaries.ts';
import { type TimeOptions, timeRange, withTimeOptions } from '../time-argument.ts';
import { UsageError } from '../usage.ts';

interface HistoryOptions extends StoreOptions, TimeOptions {
  readonly vantage?: string;
  readonly only?: readonly Outcome[];
  readonly step?: Step;
  readonly json?: true;
  readonly csv?: true;
}

const HELP = `
Examples:
  smtp-quorum history mx1 --since 2h
  smtp-quorum history mx1 --since 2026-11-01 --until 2026-11-02 --only fail,warn
  smtp-quorum history mx1 --since 7d --vantage eu-west-1 --csv > mx1.csv
  smtp-quorum history mx1 --since 90d --step day
  smtp-quorum history mx1 --json | jq 'select(.total > 1000)'

Times: 30m, 2h, 7d ago; 2026-11-01; 2026-11-01T05:00 (the local zone, or UTC with --utc); 2026-11-01T05:00Z.
Over more than two days hours are told instead of samples, over more than two months days. Machine formats are UTC always.`;

export function historyCommand(): Command {
  const command = new Command('history')
    .argument('<target>', 'id of the target')
    .option('--vantage <name>', 'of this vantage alone')
    .option('--only <outcomes>', `of these outcomes alone: ${OUTCOMES.join(', ')}`, outcomesOf)
    .addOption(
      new Option(
        '--step <step>',
        'every sample, or what hours or days come to (default: by the length of time)',
      ).choices(['sample', 'hour', 'day'] satisfies Step[]),
    )
    .option('--json', 'one line of JSON per sample, hour or day')
    .option('--csv', 'comma-separated values with a header');
  return withStoreOptions(withTimeOptions(command, '2h')).addHelpText('after', HELP).action(run);
}

function outcomesOf(text: string): readonly Outcome[] {
  return text.split(',').map((word) => {
    const outcome = OUTCOMES.find((one) => one === word.trim());
    if (outcome !== undefined) return outcome;
    throw new UsageError(`--only: '${word}' is no outcome; write one or more of ${OUTCOMES.join(',')}`);
  });
}

async function run(target: string, options: HistoryOptions): Promise<void> {
  if (options.json && options.csv) throw new UsageError('--json and --csv exclude each other');
  const { clock, since, until } = timeRange(options);
  const step = stepOf(options, since, until);
  await withStore(options, async (store) => {
    const vantages = options.vantage === undefined ? store.vantages : [knownVantage(options.vantage, store)];
    const query = { target: knownTarget(target, store), vantages, since, until };
    process.stdout.write(
      step === 'sample'
        ? await samples(store, query, clock, options)
        : await summaries(store, query, step, clock, options),
    );
    const gaps = gapLines(gapsWithin(await store.history.gaps(), since, until), clock);
    // Beside what machines read, not in it.
    const beside = options.json || options.csv ? process.stderr : process.stdout;
    beside.write(gaps.map((line) => `${line}\n`).join(''));
  });
}

/** Outcomes are those of samples: asking for some of them asks for samples. */
function stepOf({ step, only }: HistoryOptions, since: string, until: string): Step {
  if (only === undefined) return step ?? stepFor(since, until);
  if (step === undefined || step === 'sample') return 'sample';
  throw new UsageError(`--only picks samples, --step ${step} adds them up: give one of them`);
}

async function samples({ history }: Store, query: Query, clock: Clock, options: HistoryOptions): Promise<string> {
  const { target, vantages, since, until } = query;
  const all = await history.samples(target, vantages, since, until);
  const seen = all.filter(({ sample }) => options.only?.includes(sample.outcome) ?? true);
  if (options.json) return samplesAsJson(target, seen);
  if (options.csv) return samplesAsCsv(target, seen);
  return `${sampleLines(target, seen, since, until, clock, screenOf(process.stdout)).join('\n')}\n`;
}

async function summaries(
  { history }: Store,
  query: Query,
  step: 'hour' | 'day',
  clock: Clock,
  options: HistoryOptions,
): Promise<string> {
  const rows = rowsOf(await summariesOf(history, query, step), query.vantages);
  if (options.json) return summariesAsJson(rows);
  if (options.csv) return summariesAsCsv(rows);
  return `${summaryLines(rows, query, clock, screenOf(process.stdout)).join('\n')}\n`;
}
