import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { screenOf } from './display/screen.ts';
import { EXIT, UsageError } from './usage.ts';

/** Each command's file, loaded only when it is asked for (or for the list of all): `probe` needs no AWS SDK. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./commands/start.ts')).startCommand(),
  probe: async () => (await import('./commands/probe.ts')).probeCommand(),
  status: async () => (await import('./commands/status.ts')).statusCommand(),
  history: async () => (await import('./commands/history.ts')).historyCommand(),
  incidents: async () => (await import('./commands/incidents.ts')).incidentsCommand(),
  incident: async () => (await import('./commands/incident.ts')).incidentCommand(),
  report: async () => (await import('./commands/report.ts')).reportCommand(),
  replay: async () => (await import('./commands/replay.ts')).replayCommand(),
  cost: async () => (await import('./commands/cost.ts')).costCommand(),
  export: async () => (await import('./commands/export.ts')).exportCommand(),
  import: async () => (await import('./commands/import.ts')).importCommand(),
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

Run 'smtp-quorum COMMAND --help' for a command's options and examples.`;

/** Runs one command line, as `process.argv` has it; the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const program = await programFor(argv[2]);
    await program.parseAsync([...argv]);
    return Number(process.exitCode ?? EXIT.pass);
  } catch (error) {
    return exitCodeOf(error);
  }
}

async function programFor(wanted: string | undefined): Promise<Command> {
  const one = wanted === undefined ? undefined : COMMANDS[wanted];
  const commands = await Promise.all((one === undefined ? Object.values(COMMANDS) : [one]).map((load) => load()));
  const program = new Command('smtp-quorum')
    .description('Many regions say EHLO, a quorum decides, one person is woken, with the evidence.')
    .version(version(), '-V, --version')
    .addHelpText('after', HELP);
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...commands]) withManners(command);
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

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.pass : EXIT.unable;
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`smtp-quorum: ${error.message}\n`);
  return EXIT.unable;
}

function version(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
