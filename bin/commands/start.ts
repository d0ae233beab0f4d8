import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { safeText as shown } from '../../lambda/alert/words/safe-text.ts';
import type { Config } from '../../lambda/config/config.ts';
import { type Policy, policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import { escapeForDisplay } from '../../lambda/smtp/bounds/escape.ts';
import { FolderInUse, FolderUnusable } from '../../local/database.ts';
import { startDemo } from '../../local/demo/demo.ts';
import { type EndedRound, type MonitorListener, startMonitor } from '../../local/monitor.ts';
import { startNotifier } from '../../local/notifier.ts';
import { DEFAULT_CONFIG, readConfig } from '../arguments/config-file.ts';
import { UsageError } from '../arguments/usage-error.ts';
import { type Screen, screenOf } from '../display/layout/screen.ts';
import { alertLines } from '../display/live/alert.ts';
import { type Board, boardLines } from '../display/live/board.ts';
import { type LiveLog, openLiveLog } from '../display/live/live-log.ts';
import { type Outcomes, outcomeChangeLines, outcomesOf } from '../display/live/outcome-changes.ts';
import { gapLines } from '../display/tables/gaps.ts';

interface StartOptions {
  readonly config: string;
  readonly folder: string;
  readonly demo?: boolean;
  readonly rounds?: number;
}

/** What to monitor: a config, or the demo and its script. */
interface Setup {
  readonly isDemo: boolean;
  readonly config: Config;
  readonly folder: string;
  startRound(round: number): string | null;
  close(): Promise<void>;
}

const HELP = `
Without a config file it runs the demo: four real SMTP servers on loopback, three vantages, one outage.
With a config file it monitors the targets from this machine, the vantage 'local', and sends alerts to this terminal and to
webhooks. The folder stores the history: 'smtp-quorum status' and 'smtp-quorum history TARGET' read it, also while this runs.
Press Ctrl-C to stop.`;

export function startCommand(): Command {
  return new Command('start')
    .option('-c, --config <file>', 'config file', 'smtp-quorum.yaml')
    .option('--folder <folder>', 'folder of the history', '.smtp-quorum')
    .option('--demo', 'run the demo even if there is a config file')
    .addOption(new Option('--rounds <number>', 'stop after this number of rounds').argParser(roundsOf))
    .addHelpText('after', HELP)
    .action(run);
}

function roundsOf(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new UsageError(`--rounds: '${text}' is not a number of rounds; use --rounds 20`);
  return Number(text);
}

async function run(options: StartOptions): Promise<void> {
  const setup = await setupOf(options);
  const screen = screenOf(process.stdout);
  const log = openLiveLog(process.stdout);
  const last = options.rounds ?? Number.POSITIVE_INFINITY;
  log.log(...introductionOf(setup, options, screen));
  const { ended, end } = endSignal();
  try {
    const monitor = await startMonitor(setup.config, setup.folder, listenerOf(setup, log, screen, last, end));
    process.once('SIGINT', end).once('SIGTERM', end);
    await ended;
    process.once('SIGINT', () => process.exit(130));
    log.log('', 'Stopping after the running probes. Press Ctrl-C again to stop at once.');
    await monitor.stop();
  } catch (error) {
    throw error instanceof FolderInUse || error instanceof FolderUnusable ? new UsageError(error.message) : error;
  } finally {
    await setup.close();
  }
}

function endSignal(): { ended: Promise<void>; end: () => void } {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { ended, end };
}

function listenerOf(setup: Setup, log: LiveLog, screen: Screen, last: number, end: () => void): MonitorListener {
  const { config } = setup;
  let outcomes: Outcomes = new Map();
  return {
    onRoundStart: (number) => {
      const text = setup.startRound(number);
      if (text) log.log('', screen.paint.cyan(text), '');
    },
    onRoundEnd: (ended) => {
      const board = boardOf(config, ended);
      log.log(...outcomeChangeLines(board, outcomes, screen));
      log.showBoard(boardLines(board, screen));
      outcomes = outcomesOf(board);
      if (ended.number + 1 >= last) end();
    },
    sendAlert: startNotifier(config, (alert) => log.log('', ...alertLines(alert, config, screen), '')),
    onError: (what, error) =>
      log.log(screen.paint.red(escapeForDisplay(`${what} failed; retrying in the next round: ${error}`))),
    onHistoryNotice: (words) => log.log(screen.paint.yellow(shown(words, 800))),
    onGaps: (gaps) =>
      log.log(...gapLines(gaps, { now: Date.now(), utc: true }).map((line) => screen.paint.yellow(line))),
  };
}

function boardOf({ policy, targets }: Config, { round, number, reports, judgements }: EndedRound): Board {
  const judged = new Map(judgements.map((judgement) => [judgement.target, judgement]));
  const rows = targets.map(({ id, host, domain, port }) => ({
    target: id,
    where: host === null ? `${domain} (MX)` : `${host}:${port}`,
    judgement: judged.get(id) ?? null,
    samples: new Map(reports.flatMap(({ vantage, samples }) => pair(vantage, samples.get(id)))),
  }));
  return { round, number: number + 1, vantages: policy.vantages, rows };
}

function pair<Key, Value>(key: Key, value: Value | undefined): [Key, Value][] {
  return value === undefined ? [] : [[key, value]];
}

function introductionOf(
  { config, folder, isDemo }: Setup,
  options: StartOptions,
  { paint }: Screen,
): readonly string[] {
  const every = `every ${config.policy.every / 1000} s`;
  const footer = paint.dim(escapeForDisplay(`The history is in ${folder}. Press Ctrl-C to stop.`));
  if (!isDemo)
    return [
      `Monitoring ${config.targets.length} ${config.targets.length === 1 ? 'target' : 'targets'} of ${escapeForDisplay(options.config)} from this machine, ${every}.`,
      footer,
    ];
  return [
    `${paint.bold('smtp-quorum demo')}: four real SMTP servers on loopback, three vantages, one round ${every}.`,
    `To monitor your own servers, write a smtp-quorum.yaml like examples/smtp-quorum.yaml. ${footer}`,
  ];
}

async function setupOf(options: StartOptions): Promise<Setup> {
  if (!options.demo && existsSync(options.config)) {
    const config = { ...localConfig(options.config), commandOptions: commandOptionsOf(options, options.folder) };
    return { isDemo: false, config, folder: options.folder, startRound: () => null, close: async () => {} };
  }
  if (!options.demo && options.config !== 'smtp-quorum.yaml') {
    throw new UsageError(`--config: file ${options.config} not found`);
  }
  const folder = join(options.folder, 'demo');
  const demo = await startDemo();
  return { isDemo: true, ...demo, config: { ...demo.config, ...demoCommands(folder) }, folder };
}

/** Options that the commands in an alert need to find the same history and names. */
function commandOptionsOf({ config }: Pick<StartOptions, 'config'>, folder: string): string {
  const words = [
    ...(folder === '.smtp-quorum' ? [] : ['--folder', folder]),
    ...(config === DEFAULT_CONFIG ? [] : ['--config', config]),
  ];
  return words.map((word) => ` ${/^[\w@:./+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`}`).join('');
}

function demoCommands(folder: string): { readonly commandOptions: string } {
  return { commandOptions: commandOptionsOf({ config: DEFAULT_CONFIG }, folder) };
}

function localConfig(path: string): Config {
  const config = readConfig(path);
  return { ...config, home: 'local', policy: localPolicy(config.policy) };
}

/** Regions vote only on AWS. Monitored from this machine, a target has one vote. */
function localPolicy(policy: Policy): Policy {
  if (policy.vantages.length === 1) return { ...policy, vantages: ['local'], stagger: false };
  const { quorum, minimumVoters, confirm, secondOpinion, stagger } = policyDefaults(1);
  return { ...policy, vantages: ['local'], quorum, minimumVoters, confirm, secondOpinion, stagger };
}
