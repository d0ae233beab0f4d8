import { Command } from 'commander';
import type { Outcome } from '../../lambda/smtp/sample.ts';
import { sampleLines } from '../display/samples.ts';
import { csv, ndjson } from '../display/samples-for-machines.ts';
import { screenOf } from '../display/screen.ts';
import { seenOf } from '../recent.ts';
import { knownTarget, knownVantage, type Store, type StoreOptions, withStore, withStoreOptions } from '../store.ts';
import { timeArgument } from '../time-argument.ts';
import { UsageError } from '../usage.ts';

interface HistoryOptions extends StoreOptions {
  readonly since: string;
  readonly until: string;
  readonly vantage?: string;
  readonly only?: readonly Outcome[];
  readonly json?: true;
  readonly csv?: true;
  readonly utc?: true;
}

const OUTCOMES: readonly Outcome[] = ['pass', 'warn', 'fail', 'unable'];

const HELP = `
Examples:
  smtp-quorum history mx1 --since 2h
  smtp-quorum history mx1 --since 2026-11-01 --until 2026-11-02 --only fail,warn
  smtp-quorum history mx1 --since 7d --vantage eu-west-1 --csv > mx1.csv
  smtp-quorum history mx1 --json | jq 'select(.total > 1000)'

Times: 30m, 2h, 7d ago; 2026-11-01; 2026-11-01T05:00 (the local zone, or UTC with --utc); 2026-11-01T05:00Z.
--json is one sample per line; times in it, and in --csv, are UTC always.`;

export function historyCommand(): Command {
  const command = new Command('history')
    .description('every sample of one target')
    .argument('<target>', 'id of the target')
    .option('--since <time>', 'from when', '2h')
    .option('--until <time>', 'up to when, inclusive', '0s')
    .option('--vantage <name>', 'of this vantage alone')
    .option('--only <outcomes>', `of these outcomes alone: ${OUTCOMES.join(', ')}`, outcomesOf)
    .option('--json', 'one line of JSON per sample')
    .option('--csv', 'comma-separated values with a header')
    .option('--utc', 'times in UTC instead of the local zone');
  return withStoreOptions(command).addHelpText('after', HELP).action(run);
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
  const clock = { now: Date.now(), utc: options.utc === true };
  const since = timeArgument(options.since, '--since', clock);
  const until = timeArgument(options.until, '--until', clock);
  if (since > until) throw new UsageError(`--since (${since}) is after --until (${until})`);
  await withStore(options, async (store) => {
    const seen = await selected(store, target, since, until, options);
    if (options.json) process.stdout.write(ndjson(target, seen));
    else if (options.csv) process.stdout.write(csv(target, seen));
    else
      process.stdout.write(`${sampleLines(target, seen, since, until, clock, screenOf(process.stdout)).join('\n')}\n`);
  });
}

async function selected(store: Store, target: string, since: string, until: string, options: HistoryOptions) {
  const vantages = options.vantage === undefined ? store.vantages : [knownVantage(options.vantage, store)];
  const seen = await seenOf(store.history, knownTarget(target, store), vantages, since, until);
  return seen.filter(({ sample }) => options.only?.includes(sample.outcome) ?? true);
}
