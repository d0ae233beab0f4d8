import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { asciiJson } from '../../lambda/alert/words/safe-text.ts';
import type { Verdict } from '../../lambda/consensus/judgement/verdict.ts';
import type { VantageSample } from '../../lambda/history/packing/recorded-sample.ts';
import { openRecentRounds, type RecentRounds } from '../../lambda/reports/source/rounds.ts';
import { type CurrentTargets, currentTargets } from '../../lambda/reports/status/current-targets.ts';
import { type TargetStatus, targetStatuses } from '../../lambda/reports/status/target-status.ts';
import type { Clock } from '../arguments/clock.ts';
import { EXIT_CODES } from '../arguments/usage-error.ts';
import { screenOf } from '../display/layout/screen.ts';
import { wrapText } from '../display/layout/wrap.ts';
import { omittedTargetLines } from '../display/tables/omitted-targets.ts';
import { statusWatchLines } from '../display/tables/status-watch.ts';
import { targetStatusLines } from '../display/tables/target-status.ts';
import { type Store, type StoreOptions, withStore, withStoreOptions } from '../store/store.ts';

interface StatusOptions extends StoreOptions {
  readonly watch?: true;
  readonly json?: true;
  readonly all?: true;
  readonly utc?: true;
}

/** Between two looks of `--watch`. */
const WATCH_EVERY = 5_000;

const EXITS: Readonly<Record<Verdict, number>> = { up: 0, degraded: 1, down: 2, unknown: 3 };

const HELP = `
Examples:
  smtp-quorum status                                         the history of this machine
  smtp-quorum status --table smtp-quorum --region us-east-1  the one on AWS
  smtp-quorum status --watch
  smtp-quorum status --json | jq -r '.targets[] | select(.verdict != "up") | .target'

Exit code, the worst of all targets:
  0 up   1 degraded   2 down   3 unknown, nothing watched yet, or bad usage`;

export function statusCommand(): Command {
  const command = new Command('status')
    .option('--watch', 'look again every 5 seconds, until Ctrl-C')
    .option('--all', 'targets and vantages that are watched no more, too')
    .option('--json', 'one line of JSON')
    .option('--utc', 'times in UTC instead of the local zone');
  return withStoreOptions(command).addHelpText('after', HELP).action(run);
}

async function run(options: StatusOptions): Promise<void> {
  if (options.watch) return await watch(options);
  const { standings, present, clock } = await withStore(options, (store) => look(store, openRecentRounds(), options));
  process.stdout.write(options.json ? asJson(standings, present, clock) : text(linesOf(standings, present, clock)));
  process.exitCode = exitCode(standings);
}

/** The store is opened for each look, so that a monitor that restarts in between is found again. */
async function watch(options: StatusOptions): Promise<void> {
  const rounds = openRecentRounds();
  for (;;) {
    const { standings, present, clock } = await withStore(options, (store) => look(store, rounds, options));
    if (options.json) process.stdout.write(asJson(standings, present, clock));
    else if (!process.stdout.isTTY) process.stdout.write(text(linesOf(standings, present, clock)));
    else process.stdout.write(`\x1b[H\x1b[2J${lookOf(standings, present, clock)}`);
    await sleep(WATCH_EVERY);
  }
}

interface Look {
  readonly standings: readonly TargetStatus[];
  readonly present: CurrentTargets;
  readonly clock: Clock;
}

async function look(store: Store, rounds: RecentRounds, options: StatusOptions): Promise<Look> {
  const clock = { now: Date.now(), utc: options.utc === true };
  const present = await currentTargets(store, options.all === true);
  const drawn = !options.json && screenOf(process.stdout).drawing;
  return { standings: await targetStatuses(store, present, rounds, clock.now, drawn), present, clock };
}

function linesOf(standings: readonly TargetStatus[], present: CurrentTargets, clock: Clock): readonly string[] {
  if (standings.length === 0) return ['nothing has been judged yet; the first verdicts come with the second round'];
  const screen = screenOf(process.stdout);
  return [
    ...targetStatusLines(standings, present.vantages, clock, screen),
    ...omittedTargetLines(present).flatMap((line) => wrapText(line, screen.width).map(screen.paint.dim)),
  ];
}

/** The screen of `--watch`, without a line feed at its end: that would push its top line out. */
function lookOf(standings: readonly TargetStatus[], present: CurrentTargets, clock: Clock): string {
  const screen = screenOf(process.stdout);
  const rows = process.stdout.rows ?? 24;
  return statusWatchLines(standings, rows, clock, screen, (some) => linesOf(some, present, clock)).join('\n');
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function asJson(standings: readonly TargetStatus[], { omitted }: CurrentTargets, { now }: Clock): string {
  return `${asciiJson({ at: new Date(now).toISOString(), targets: standings.map(machine), omitted })}\n`;
}

function machine({ target, verdict, since, incident, last }: TargetStatus) {
  const vantages = Object.fromEntries([...last].map(([vantage, seen]) => [vantage, seen && lastSample(seen)]));
  return { target, verdict, since, incident, vantages };
}

function lastSample({ round, sample: { outcome, phase, code, reply, total, timings } }: VantageSample) {
  return { round, outcome, phase, code, reply, total, timings };
}

function exitCode(standings: readonly TargetStatus[]): number {
  if (standings.length === 0) return EXIT_CODES.unable;
  const order = (verdict: Verdict) => ['up', 'unknown', 'degraded', 'down'].indexOf(verdict);
  const worst = standings.map(({ verdict }) => verdict).reduce((a, b) => (order(b) > order(a) ? b : a));
  return EXITS[worst];
}
