import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import { EXIT_CODES, errorText } from './arguments/usage-error.ts';
import { screenOf } from './display/layout/screen.ts';

interface Entry {
  /** What it does, for the list of all. */
  readonly about: string;
  /** Its file is loaded only when it is asked for: `probe` needs no AWS SDK, and `--help` none of them. */
  readonly load: () => Promise<Command>;
}

const COMMANDS: Readonly<Record<string, Entry>> = {
  start: {
    about: 'watch on this machine, with an embedded database; without a config file, run the demo',
    load: async () => (await import('./commands/start.ts')).startCommand(),
  },
  probe: {
    about: 'hold one SMTP session with a server and show what it did',
    load: async () => (await import('./commands/probe.ts')).probeCommand(),
  },
  status: {
    about: 'how every target stands: verdict, since when, and the last probe of each vantage',
    load: async () => (await import('./commands/status.ts')).statusCommand(),
  },
  history: {
    about: 'every sample of one target, or its hours and days',
    load: async () => (await import('./commands/history.ts')).historyCommand(),
  },
  incidents: {
    about: 'what went wrong, newest first',
    load: async () => (await import('./commands/incidents.ts')).incidentsCommand(),
  },
  incident: {
    about: 'one incident with its evidence: timeline, what each vantage saw, transcripts',
    load: async () => (await import('./commands/incident.ts')).incidentCommand(),
  },
  acknowledge: {
    about: 'say that you look after an incident: no more updates, its end is told',
    load: async () => (await import('./commands/acknowledge.ts')).acknowledgeCommand(),
  },
  report: {
    about: "a month's uptime per target, by the verdict of the quorum",
    load: async () => (await import('./commands/report.ts')).reportCommand(),
  },
  replay: {
    about: 'who would have been woken under another policy, from the stored rounds',
    load: async () => (await import('./commands/replay.ts')).replayCommand(),
  },
  cost: {
    about: "the month's bill on AWS, line by line, and what hosted monitors ask",
    load: async () => (await import('./commands/cost.ts')).costCommand(),
  },
  doctor: {
    about: 'whether everything is in place, here or on AWS, and what to do where it is not',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  },
  export: {
    about: 'write the history to a file',
    load: async () => (await import('./commands/export.ts')).exportCommand(),
  },
  import: {
    about: "read back what 'export' wrote",
    load: async () => (await import('./commands/import.ts')).importCommand(),
  },
};

const HELP = `
Examples:
  smtp-quorum start                        watch on this machine; without a config, the demo
  smtp-quorum probe mx1.example.com        one session, as a person reads it
  smtp-quorum status                       how every target stands
  smtp-quorum history mx1 --since 2h       every sample of a target
  smtp-quorum incidents --open             what is broken now

Exit codes, as monitoring plugins have them:
  0 pass, up   1 warn, degraded   2 fail, down   3 unable, unknown, or bad usage

An error is one line on standard error; with DEBUG=1 in the environment it has its stack, too.

Run 'smtp-quorum COMMAND --help' for a command's options and examples.`;

/** Runs one command line, as `process.argv` has it; the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const program = await programFor(argv);
    await program.parseAsync([...argv]);
    return Number(process.exitCode ?? EXIT_CODES.pass);
  } catch (error) {
    return exitCodeOf(error);
  }
}

async function programFor(argv: readonly string[]): Promise<Command> {
  const [, , first, second] = argv;
  const wanted = first === 'help' ? second : first;
  const program = new Command('smtp-quorum')
    .description('Many regions say EHLO, a quorum decides, one person is woken, with the evidence.')
    .version(version(), '-V, --version')
    .addHelpText('after', HELP);
  for (const [name, { about, load }] of Object.entries(COMMANDS)) {
    const command = name === wanted ? await load() : new Command(name);
    program.addCommand(command.description(about));
  }
  for (const command of [program, ...program.commands]) withManners(command);
  return program;
}

/** Bad usage is exit code 3, not commander's 1, which monitoring would read as a warning. */
function withManners(command: Command): void {
  const { paint, width } = screenOf(process.stdout);
  command
    .exitOverride()
    .showHelpAfterError(
      `(run 'smtp-quorum ${command.parent === null ? '' : `${command.name()} `}--help' for how to use it)`,
    )
    .configureHelp({
      helpWidth: width,
      styleTitle: paint.bold,
      styleCommandText: paint.cyan,
      styleOptionTerm: paint.cyan,
    });
}

/** One line for whatever went wrong: an exit code of 1 with a stack would be read as a warning. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.pass : EXIT_CODES.unable;
  process.stderr.write(`smtp-quorum: ${errorText(error)}\n`);
  if (process.env.DEBUG) process.stderr.write(`${inspect(error)}\n`);
  return EXIT_CODES.unable;
}

function version(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
