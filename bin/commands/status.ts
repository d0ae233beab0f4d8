import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { asciiJson } from '../../lambda/alert/visible.ts';
import { isOpen } from '../../lambda/consensus/incident.ts';
import type { Verdict } from '../../lambda/consensus/verdict.ts';
import type { StoredJudgement } from '../../lambda/history/history.ts';
import type { Sighting } from '../../lambda/history/rollup.ts';
import { isoSeconds } from '../../lambda/round.ts';
import { screenOf } from '../display/screen.ts';
import { type Standing, standingLines } from '../display/standing.ts';
import { type RecentRounds, recentRounds, seenIn } from '../recent.ts';
import { type Store, type StoreOptions, withStore, withStoreOptions } from '../store.ts';
import { EXIT } from '../usage.ts';

interface StatusOptions extends StoreOptions {
  readonly watch?: true;
  readonly json?: true;
  readonly utc?: true;
}

/** How far back the line of recent outcomes looks. */
const LOOK_BACK = 3 * 3_600_000;

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
    .option('--json', 'one line of JSON')
    .option('--utc', 'times in UTC instead of the local zone');
  return withStoreOptions(command).addHelpText('after', HELP).action(run);
}

async function run(options: StatusOptions): Promise<void> {
  if (options.watch) return await watch(options);
  const standings = await withStore(options, async (store) => {
    const found = await standingsOf(store, recentRounds(), Date.now());
    process.stdout.write(written(found, store, options));
    return found;
  });
  process.exitCode = exitCode(standings);
}

/** The store is opened for each look, so that a monitor that restarts in between is found again. */
async function watch(options: StatusOptions): Promise<void> {
  const rounds = recentRounds();
  for (;;) {
    await withStore(options, async (store) => {
      const standings = await standingsOf(store, rounds, Date.now());
      const clear = process.stdout.isTTY && !options.json ? '\x1b[H\x1b[2J' : '';
      process.stdout.write(clear + written(standings, store, options));
    });
    await sleep(WATCH_EVERY);
  }
}

async function standingsOf(store: Store, rounds: RecentRounds, now: number): Promise<readonly Standing[]> {
  const since = isoSeconds(now - LOOK_BACK);
  const byVantage = new Map(
    await Promise.all(
      store.vantages.map(async (vantage) => [vantage, await rounds.of(store.history, vantage, since)] as const),
    ),
  );
  return store.targets.map((target) => {
    const judgement = store.judgements.find((one) => one.target === target);
    const seen = new Map([...byVantage].map(([vantage, all]) => [vantage, seenIn(all, target)]));
    return {
      target,
      verdict: judgement?.verdict ?? 'unknown',
      since: judgement?.since ?? null,
      incident: openIncident(judgement),
      last: new Map([...seen].map(([vantage, all]) => [vantage, all.at(-1) ?? null])),
      recent: [...seen.values()].flat(),
    };
  });
}

function openIncident(judgement: StoredJudgement | undefined): string | null {
  const incident = judgement?.incident ?? null;
  return isOpen(incident) ? incident.id : null;
}

function written(standings: readonly Standing[], store: Store, options: StatusOptions): string {
  const now = Date.now();
  if (options.json) return `${asciiJson({ at: new Date(now).toISOString(), targets: standings.map(machine) })}\n`;
  if (standings.length === 0) return 'nothing has been judged yet; the first verdicts come with the second round\n';
  const clock = { now, utc: options.utc === true };
  return `${standingLines(standings, store.vantages, clock, screenOf(process.stdout)).join('\n')}\n`;
}

function machine({ target, verdict, since, incident, last }: Standing) {
  const vantages = Object.fromEntries([...last].map(([vantage, seen]) => [vantage, seen && lastSample(seen)]));
  return { target, verdict, since, incident, vantages };
}

function lastSample({ round, sample: { outcome, phase, code, reply, total, timings } }: Sighting) {
  return { round, outcome, phase, code, reply, total, timings };
}

function exitCode(standings: readonly Standing[]): number {
  if (standings.length === 0) return EXIT.unable;
  const order = (verdict: Verdict) => ['up', 'unknown', 'degraded', 'down'].indexOf(verdict);
  const worst = standings.map(({ verdict }) => verdict).reduce((a, b) => (order(b) > order(a) ? b : a));
  return EXITS[worst];
}
