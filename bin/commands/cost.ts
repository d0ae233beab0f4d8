import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { asciiJson } from '../../lambda/alert/words/safe-text.ts';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import { assumptionTexts, estimateMeasurement } from '../../lambda/reports/cost/assumed-usage.ts';
import { billOf, type Measurement } from '../../lambda/reports/cost/bill.ts';
import { measureHistory, withRoundLength } from '../../lambda/reports/cost/measure.ts';
import { PRICED_ON } from '../../lambda/reports/cost/prices.ts';
import { historyPolicy } from '../../lambda/reports/replay/configured-or-guessed-policy.ts';
import { readRounds } from '../../lambda/reports/source/rounds.ts';
import { configIfAny } from '../arguments/config-file.ts';
import { durationArgument } from '../arguments/time.ts';
import { UsageError } from '../arguments/usage-error.ts';
import { screenOf } from '../display/layout/screen.ts';
import { billLines } from '../display/tables/bill.ts';
import { type StoreOptions, withStore, withStoreOptions } from '../store/store.ts';

interface CostOptions extends StoreOptions {
  readonly every?: string;
  readonly estimate?: true;
  readonly nat?: string;
  readonly json?: true;
}

const HELP = `
Examples:
  smtp-quorum cost                                             from the rounds of this machine
  smtp-quorum cost --table smtp-quorum --region us-east-1      from the rounds on AWS
  smtp-quorum cost --config mail.yaml                          before there is a history
  smtp-quorum cost --every 1m                                  with a round every minute
  smtp-quorum cost --table smtp-quorum --nat 3                 with egress vpc in three regions

Without a history it is an estimate from the config alone, with stated assumptions. With one, item sizes, read and write units and the duration of sessions are measured on the newest rounds of the history.`;

export function costCommand(): Command {
  const command = new Command('cost')
    .option('--every <duration>', 'length of a round (default: the one of the history)')
    .option('--estimate', 'from the config alone, even if there is a history')
    .option('--nat <count>', 'number of vantages with egress vpc, each with a NAT gateway', '0')
    .option('--json', 'print one line of JSON');
  return withStoreOptions(command).addHelpText('after', HELP).action(run);
}

async function run(options: CostOptions): Promise<void> {
  if (options.table === undefined && (options.estimate || !(await hasRounds(options)))) {
    const config = configIfAny(options.config);
    if (config === null)
      throw new UsageError("no history and no config to estimate from; 'smtp-quorum init' writes a config");
    return show(options, estimateMeasurement(config), assumptionTexts(config));
  }
  await withStore(options, async (store) => {
    const rounds = await readRounds(store, isoSeconds(Date.now() - 2 * 3_600_000), isoSeconds(Date.now()));
    const policy = historyPolicy(store, rounds);
    const found = await measureHistory(store, policy, rounds, store.onAws);
    if (found === null)
      throw new UsageError('there are no rounds of the last two hours; check that the monitor is running');
    show(options, found, []);
  });
}

/** Whether the history of this machine has rounds of the last two hours. */
async function hasRounds(options: CostOptions): Promise<boolean> {
  if (!existsSync(options.folder)) return false;
  return await withStore(options, async (store) => {
    const recent = await readRounds(store, isoSeconds(Date.now() - 2 * 3_600_000), isoSeconds(Date.now()));
    return recent.length > 0 || configIfAny(options.config) === null;
  });
}

/** @param assumptions of an estimate */
function show(options: CostOptions, found: Measurement, assumptions: readonly string[]): void {
  const measured =
    options.every === undefined ? found : withRoundLength(found, durationArgument(options.every, '--every', 1000));
  const figures = { ...measured, natGateways: natGateways(options.nat ?? '0') };
  const bill = billOf(figures);
  const lines = options.json
    ? [asciiJson({ pricedOn: PRICED_ON, measurement: figures, assumptions, ...bill })]
    : billLines(figures, bill, assumptions, screenOf(process.stdout));
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

function natGateways(text: string): number {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  throw new UsageError(`--nat: '${text}' is not a number of vantages`);
}
