import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import type { Config } from '../../lambda/config/config.ts';
import { loadConfig } from '../../lambda/config/load.ts';
import { formatProblems } from '../../lambda/config/problems/problem.ts';
import { type Policy, policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import { FolderInUse } from '../../local/database.ts';
import { startDemo } from '../../local/demo/demo.ts';
import { type EndedRound, type MonitorListener, startMonitor } from '../../local/monitor.ts';
import { startNotifier } from '../../local/notifier.ts';
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

/** What is watched: the config, and who moves the demo's plot. */
interface Stage {
  readonly isDemo: boolean;
  readonly config: Config;
  readonly folder: string;
  startRound(round: number): string | null;
  close(): Promise<void>;
}

const HELP = `
Without a config file it runs the demo: four real SMTP servers on loopback, three vantages, one outage.
With one, it watches the targets from this machine, as the vantage 'local'; alerts go to this terminal and to webhooks.
History is kept in the folder: 'smtp-quorum status' and 'smtp-quorum history TARGET' read it, also while this runs.
Ctrl-C stops it.`;

export function startCommand(): Command {
  return new Command('start')
    .option('-c, --config <file>', 'config file', 'smtp-quorum.yaml')
    .option('--folder <folder>', 'where the history is kept', '.smtp-quorum')
    .option('--demo', 'run the demo even where there is a config file')
    .addOption(new Option('--rounds <number>', 'stop after so many rounds').argParser(roundsOf))
    .addHelpText('after', HELP)
    .action(run);
}

function roundsOf(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new UsageError(`--rounds: '${text}' is no number of rounds; try --rounds 20`);
  return Number(text);
}

async function run(options: StartOptions): Promise<void> {
  const stage = await stageOf(options);
  const screen = screenOf(process.stdout);
  const account = openLiveLog(process.stdout);
  const last = options.rounds ?? Number.POSITIVE_INFINITY;
  account.say(...introductionOf(stage, options, screen));
  const { ended, end } = untilEnded();
  try {
    const monitor = await startMonitor(stage.config, stage.folder, watcherOf(stage, account, screen, last, end));
    process.once('SIGINT', end).once('SIGTERM', end);
    await ended;
    process.once('SIGINT', () => process.exit(130));
    account.say('', 'Stopping: probes that are under way may end. Ctrl-C again ends them.');
    await monitor.stop();
  } catch (error) {
    throw error instanceof FolderInUse ? new UsageError(error.message) : error;
  } finally {
    await stage.close();
  }
}

function untilEnded(): { ended: Promise<void>; end: () => void } {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { ended, end };
}

function watcherOf(stage: Stage, account: LiveLog, screen: Screen, last: number, end: () => void): MonitorListener {
  const { config } = stage;
  let outcomes: Outcomes = new Map();
  return {
    onRoundStart: (number) => {
      const says = stage.startRound(number);
      if (says) account.say('', screen.paint.cyan(says), '');
    },
    onRoundEnd: (ended) => {
      const board = boardOf(config, ended);
      account.say(...outcomeChangeLines(board, outcomes, screen));
      account.show(boardLines(board, screen));
      outcomes = outcomesOf(board);
      if (ended.number + 1 >= last) end();
    },
    sendAlert: startNotifier(config, (alert) => account.say('', ...alertLines(alert, config, screen), '')),
    onError: (what, error) => account.say(screen.paint.red(`${what} failed, and is tried again next round: ${error}`)),
    onGaps: (gaps) =>
      account.say(...gapLines(gaps, { now: Date.now(), utc: true }).map((line) => screen.paint.yellow(line))),
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
  { config, folder, isDemo }: Stage,
  options: StartOptions,
  { paint }: Screen,
): readonly string[] {
  const every = `every ${config.policy.every / 1000} s`;
  const keeps = paint.dim(`History is kept in ${folder}. Ctrl-C stops.`);
  if (!isDemo)
    return [
      `Watching ${config.targets.length} ${config.targets.length === 1 ? 'target' : 'targets'} of ${options.config} from this machine, ${every}.`,
      keeps,
    ];
  return [
    `${paint.bold('smtp-quorum demo')}: four real SMTP servers on loopback, three vantages, a round ${every}.`,
    `Write a smtp-quorum.yaml to watch your own: examples/smtp-quorum.yaml shows how. ${keeps}`,
  ];
}

async function stageOf(options: StartOptions): Promise<Stage> {
  if (!options.demo && existsSync(options.config)) {
    const config = readConfig(options.config);
    return { isDemo: false, config, folder: options.folder, startRound: () => null, close: async () => {} };
  }
  if (!options.demo && options.config !== 'smtp-quorum.yaml') {
    throw new UsageError(`--config: there is no file ${options.config}`);
  }
  return { isDemo: true, ...(await startDemo()), folder: join(options.folder, 'demo') };
}

function readConfig(path: string): Config {
  const parsed = loadConfig(path);
  if (!parsed.ok) throw new UsageError(formatProblems(parsed.problems));
  return { ...parsed.config, home: 'local', policy: localPolicy(parsed.config.policy) };
}

/** Regions decide only on AWS: watched from this machine alone, their targets have one vote. */
function localPolicy(policy: Policy): Policy {
  if (policy.vantages.length === 1) return { ...policy, vantages: ['local'], stagger: false };
  const { quorum, minimumVoters, confirm, secondOpinion, stagger } = policyDefaults(1);
  return { ...policy, vantages: ['local'], quorum, minimumVoters, confirm, secondOpinion, stagger };
}
