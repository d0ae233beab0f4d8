import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { dependenceWarning } from '../../lambda/alert/independence/mail-dependence.ts';
import { safeText as shown } from '../../lambda/alert/words/safe-text.ts';
import type { Config } from '../../lambda/config/config.ts';
import { endedIgnores } from '../../lambda/config/posture-domain.ts';
import { type Policy, policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import { escapeForDisplay } from '../../lambda/smtp/bounds/escape.ts';
import { packageVersion } from '../../lib/deployment/release.ts';
import { FolderInUse, FolderUnusable } from '../../local/database.ts';
import { startDemo } from '../../local/demo/demo.ts';
import { type EndedRound, type MonitorListener, startMonitor } from '../../local/monitor.ts';
import { clockStepText } from '../../local/schedules/monotonic-clock.ts';
import { openStopSignal } from '../../local/stop-signal.ts';
import { channelProblems } from '../../local/undeliverable-channels.ts';
import { DEFAULT_CONFIG, readConfig } from '../arguments/config-file.ts';
import { UsageError } from '../arguments/usage-error.ts';
import { exitOnOutputError } from '../display/layout/exit-on-output-error.ts';
import { type Screen, screenOf } from '../display/layout/screen.ts';
import { wrapText } from '../display/layout/wrap.ts';
import type { Board } from '../display/live/board.ts';
import { openView } from '../display/live/choose-view.ts';
import { openLastingOutput } from '../display/live/fault-tolerant-output.ts';
import type { LiveView } from '../display/live/live-view.ts';
import type { LiveOutput } from '../display/live/log-above-board.ts';
import { gapLines } from '../display/tables/history-gaps.ts';
import { type PageOptions, serveStatusPage } from './serve-status-page.ts';

interface StartOptions extends PageOptions {
  readonly config: string;
  readonly folder: string;
  readonly demo?: boolean;
  readonly rounds?: number;
  readonly quiet?: true;
  readonly log: 'text' | 'json';
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
With a config file it monitors the targets from this machine, the vantage 'local', and sends alerts to this terminal, to
webhooks and, through the config's 'smtp', by e-mail. The folder stores the history: 'smtp-quorum status' and
'smtp-quorum history TARGET' read it, also while this runs.
In a terminal it shows a board of the last round; in a pipe or a file, a line for each change and a summary each hour. An
output that fails or is closed does not stop it. Press Ctrl-C to stop. Services run 'node bin/smtp-quorum.js start', without npm.`;

export function startCommand(): Command {
  return new Command('start')
    .option('-c, --config <file>', 'config file', 'smtp-quorum.yaml')
    .option('--folder <folder>', 'folder of the history', '.smtp-quorum')
    .option('--demo', 'run the demo even if there is a config file')
    .addOption(new Option('--rounds <number>', 'stop after this number of rounds').argParser(roundsOf))
    .option('-q, --quiet', 'show only alerts and problems')
    .option('--listen <address:port>', 'where to serve the status page (default: 127.0.0.1:8080)')
    .option('--no-web', 'serve no status page')
    .addOption(new Option('--log <format>', 'format of the output').choices(['text', 'json']).default('text'))
    .addHelpText('after', HELP)
    .action(run);
}

function roundsOf(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new UsageError(`--rounds: '${text}' is not a number of rounds; use --rounds 20`);
  return Number(text);
}

async function run(options: StartOptions): Promise<void> {
  const stop = openStopSignal();
  const setup = await setupOf(options);
  const screen = screenOf(process.stdout);
  const view = openView({ format: options.log, quiet: options.quiet === true }, openOutput(), screen, setup.config);
  view.say(...introductionOf(setup, options, screen));
  const page = await serveStatusPage(options, setup.config, (text) => view.say(...wrapText(text, screen.width)));
  const warnings = [...(await channelProblems(setup.config)), ...endedIgnores(setup.config.posture ?? [], Date.now())];
  const dependence = dependenceWarning(setup.config);
  if (dependence !== null) warnings.push(dependence);
  for (const text of warnings) view.showProblem({ level: 'warn', text });
  try {
    const listener = listenerOf(setup, view, screen, options.rounds, stop.request);
    const monitor = await startMonitor(setup.config, setup.folder, listener, Date.now, page, packageVersion());
    await stop.requested;
    view.say('', 'Stopping after the running probes. Press Ctrl-C again to stop at once.');
    await monitor.stop();
  } catch (error) {
    throw error instanceof FolderInUse || error instanceof FolderUnusable ? new UsageError(error.message) : error;
  } finally {
    await page?.close();
    await setup.close();
    stop.close();
  }
}

/** Other commands end when their output fails. This one goes on. */
function openOutput(): LiveOutput {
  process.stdout.off('error', exitOnOutputError);
  process.stderr.on('error', () => {});
  return openLastingOutput(process.stdout, (text) => process.stderr.write(text));
}

function listenerOf(
  { config, startRound }: Setup,
  view: LiveView,
  { paint, width }: Screen,
  rounds: number | undefined,
  end: () => void,
): MonitorListener {
  return {
    onRoundStart: (number) => {
      const text = startRound(number);
      if (text) view.say('', ...wrapText(text, width).map(paint.cyan), '');
    },
    onRoundEnd: (ended) => {
      view.showRound(boardOf(config, ended));
      if (ended.number + 1 === rounds) end();
    },
    onPosture: (report) => view.showPosture(report),
    onTrips: (report) => view.showTrips(report),
    onLateSamples: ({ number, report: { round, vantage, samples } }) =>
      view.showLateSamples({ round, number: number + 1, vantage, samples }),
    showAlert: view.showAlert,
    onError: (what, error) =>
      view.showProblem({
        level: 'error',
        text: escapeForDisplay(`${what} failed; retrying in the next round: ${error}`),
      }),
    onLog: ({ level, message, facts }) =>
      view.showProblem({ level, text: escapeForDisplay([message, ...Object.values(facts)].join(': ')) }),
    onClockStep: (step) => view.showProblem({ level: 'warn', text: clockStepText(step) }),
    onHistoryNotice: (words) => view.showProblem({ level: 'warn', text: shown(words, 800) }),
    onGaps: (gaps) => {
      for (const text of gapLines(gaps, { now: Date.now(), utc: true })) view.showProblem({ level: 'warn', text });
    },
  };
}

function boardOf({ policy, targets }: Config, { round, number, reports, judgements, notices = [] }: EndedRound): Board {
  const judged = new Map(judgements.map((judgement) => [judgement.target, judgement]));
  const rows = targets.map(({ id, host, domain, port }) => ({
    target: id,
    where: host === null ? `${domain} (MX)` : `${host}:${port}`,
    judgement: judged.get(id) ?? null,
    samples: new Map(reports.flatMap(({ vantage, samples }) => pair(vantage, samples.get(id)))),
  }));
  return {
    ...{ round, number: number + 1, vantages: policy.vantages, rows },
    ...(notices.length === 0 ? {} : { notices }),
  };
}

function pair<Key, Value>(key: Key, value: Value | undefined): [Key, Value][] {
  return value === undefined ? [] : [[key, value]];
}

function introductionOf(
  { config, folder, isDemo }: Setup,
  options: StartOptions,
  { paint, width }: Screen,
): readonly string[] {
  const every = `every ${config.policy.every / 1000} s`;
  const count = `${config.targets.length} ${config.targets.length === 1 ? 'target' : 'targets'}`;
  const what = isDemo
    ? `smtp-quorum demo: four real SMTP servers on loopback, three vantages, one round ${every}. To monitor your own servers, write a config: npx smtp-quorum init`
    : `Monitoring ${count} of ${escapeForDisplay(options.config)} from this machine, ${every}.`;
  const footer = escapeForDisplay(`The history is in ${folder}. Press Ctrl-C to stop.`);
  return [...wrapText(what, width), ...wrapText(footer, width).map(paint.dim)];
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
