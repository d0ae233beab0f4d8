import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import { escapeLines } from '../lambda/smtp/bounds/escape.ts';
import { packageVersion } from '../lib/deployment/release.ts';
import { EXIT_CODES, errorText } from './arguments/usage-error.ts';
import { screenOf } from './display/layout/screen.ts';
import { fitHelp } from './display/layout/wrap-help.ts';

interface Entry {
  /** The description in the list of commands. */
  readonly description: string;
  /**
   * Loads the file of the command on demand: `probe` needs no AWS SDK, and `--help` no command.
   * @param started when the process started, on the clock of `performance.now()`
   */
  readonly load: (started: number) => Promise<Command>;
}

const COMMANDS: Readonly<Record<string, Entry>> = {
  init: {
    description: 'write a config: asks for the domain or host to monitor, and looks up its MX hosts',
    load: async () => (await import('./commands/init.ts')).initCommand(),
  },
  start: {
    description: 'monitor from this machine with an embedded database; without a config file, run the demo',
    load: async () => (await import('./commands/start.ts')).startCommand(),
  },
  probe: {
    description: 'run one SMTP session with a server and show the result',
    load: async (started) => (await import('./commands/probe.ts')).probeCommand(started),
  },
  posture: {
    description: 'check what DNS says about the mail of a domain: SPF, DKIM, DMARC, lists and more',
    load: async () => (await import('./commands/posture.ts')).postureCommand(),
  },
  roundtrip: {
    description: 'send one message, look for it in a mailbox, and show its way, hop by hop',
    load: async () => (await import('./commands/roundtrip.ts')).roundtripCommand(),
  },
  bounces: {
    description: 'bounce rates by provider and code, from the log of Postfix',
    load: async () => (await import('./commands/bounces.ts')).bouncesCommand(),
  },
  status: {
    description: 'status of every target: verdict, since when, and the last sample of each vantage',
    load: async () => (await import('./commands/history/status.ts')).statusCommand(),
  },
  history: {
    description: 'samples of one target, or summaries of its hours and days',
    load: async () => (await import('./commands/history/history.ts')).historyCommand(),
  },
  incidents: {
    description: 'incidents, newest first',
    load: async () => (await import('./commands/history/incidents.ts')).incidentsCommand(),
  },
  incident: {
    description: 'one incident with its evidence: timeline, failures of each vantage, transcripts',
    load: async () => (await import('./commands/history/incident.ts')).incidentCommand(),
  },
  acknowledge: {
    description: 'acknowledge an incident: no more updates, only the alert of its end',
    load: async () => (await import('./commands/acknowledge.ts')).acknowledgeCommand(),
  },
  say: {
    description: 'tell readers of the status page about an incident, in words of your own',
    load: async () => (await import('./commands/say.ts')).sayCommand(),
  },
  who: {
    description: 'who is told when something happens to a target, when, and why nobody else',
    load: async () => (await import('./commands/alerts/who.ts')).whoCommand(),
  },
  mute: {
    description: 'tell nobody of a target for a time, such as during planned work',
    load: async () => (await import('./commands/planned/mute.ts')).muteCommand(),
  },
  unmute: {
    description: 'end a mute before its time',
    load: async () => (await import('./commands/planned/unmute.ts')).unmuteCommand(),
  },
  mutes: {
    description: 'what is muted, and the maintenance windows of the config',
    load: async () => (await import('./commands/planned/mutes.ts')).mutesCommand(),
  },
  report: {
    description: 'monthly uptime per target, by the verdict of the quorum',
    load: async () => (await import('./commands/history/report.ts')).reportCommand(),
  },
  replay: {
    description: 'pages that another policy would have caused, from the stored rounds',
    load: async () => (await import('./commands/history/replay.ts')).replayCommand(),
  },
  cost: {
    description: 'monthly bill on AWS, line by line, and the prices of hosted monitors',
    load: async () => (await import('./commands/cost.ts')).costCommand(),
  },
  doctor: {
    description: 'check this machine or a deployment on AWS, and show how to fix problems',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  },
  'test-alert': {
    description: 'send a test alert to each channel, and show which channel accepted it',
    load: async () => (await import('./commands/alerts/test-alert.ts')).testAlertCommand(),
  },
  'confirm-subscription': {
    description: 'confirm an e-mail subscription of SNS so that no link in a mail can end it',
    load: async () => (await import('./commands/alerts/confirm-subscription.ts')).confirmSubscriptionCommand(),
  },
  dynamodb: {
    description: 'let the AWS CLI read the history of this machine, over loopback',
    load: async () => (await import('./commands/table/serve-dynamodb.ts')).dynamodbCommand(),
  },
  export: {
    description: 'write the history to a file',
    load: async () => (await import('./commands/table/export.ts')).exportCommand(),
  },
  import: {
    description: "read a file that 'export' wrote",
    load: async () => (await import('./commands/table/import.ts')).importCommand(),
  },
};

const HELP = `
Examples:
  smtp-quorum init                         write a config
  smtp-quorum start                        monitor from this machine, or run the demo
  smtp-quorum probe mx1.example.com        one session as text
  smtp-quorum posture example.com          SPF, DKIM, DMARC, DNS lists and more
  smtp-quorum status                       status of every target
  smtp-quorum history mx1 --since 2h       samples of a target
  smtp-quorum incidents --open             open incidents

Exit codes of monitoring plugins:
  0 pass, up   1 warn, degraded   2 fail, down   3 unable, unknown, or bad usage

An error is one line on standard error. With DEBUG=1 in the environment its stack follows.

Run 'smtp-quorum COMMAND --help' for a command's options and examples.`;

/**
 * Runs a command line in the format of `process.argv`, and returns the exit code.
 * @param started when the process started, on the clock of `performance.now()`
 */
export async function main(argv: readonly string[], started = performance.now()): Promise<number> {
  try {
    const program = await programFor(argv, started);
    await program.parseAsync([...argv]);
    return Number(process.exitCode ?? EXIT_CODES.pass);
  } catch (error) {
    return exitCodeOf(error);
  }
}

async function programFor(argv: readonly string[], started: number): Promise<Command> {
  const [, , first, second] = argv;
  const requested = first === 'help' ? second : first;
  const program = new Command('smtp-quorum')
    .description('Monitors mail servers from several regions. A quorum decides, and alerts have the evidence.')
    .version(packageVersion(), '-V, --version')
    .addHelpText('after', HELP);
  // Another command is needed for the list of them, and to suggest one.
  const known = Object.entries(COMMANDS).filter(([name]) => name === first);
  for (const [name, { description, load }] of known.length > 0 ? known : Object.entries(COMMANDS)) {
    const command = name === requested ? await load(started) : new Command(name);
    program.addCommand(command.description(description));
  }
  for (const command of [program, ...program.commands]) configureErrors(command);
  return program;
}

/** Exits with code 3 on bad usage. The default of commander, 1, means a warning in monitoring plugins. */
function configureErrors(command: Command): void {
  const { paint, width } = screenOf(process.stdout);
  command
    .exitOverride()
    .configureOutput({
      writeOut: (text) => process.stdout.write(fitHelp(text, width)),
      outputError: (text, write) => write(escapeLines(text)),
    })
    .showHelpAfterError(`(run 'smtp-quorum ${command.parent === null ? '' : `${command.name()} `}--help' for usage)`)
    .configureHelp({
      helpWidth: width,
      styleTitle: paint.bold,
      styleCommandText: paint.cyan,
      styleOptionTerm: paint.cyan,
    });
}

/** Prints the error in one line. Without it Node exits with 1, which means a warning in monitoring plugins. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.pass : EXIT_CODES.unable;
  process.stderr.write(`smtp-quorum: ${errorText(error)}\n`);
  if (process.env.DEBUG) process.stderr.write(`${escapeLines(inspect(error))}\n`);
  return EXIT_CODES.unable;
}
