import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { asciiJson } from '../../../lambda/alert/words/safe-text.ts';
import type { Verdict } from '../../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import { openNotifications } from '../../../lambda/history/notifications/notification-store.ts';
import type { VantageSample } from '../../../lambda/history/packing/recorded-round.ts';
import { type OpenFinding, openFindings } from '../../../lambda/reports/posture/open-findings.ts';
import { openRecentRounds, type RecentRounds } from '../../../lambda/reports/source/rounds.ts';
import { type CurrentTargets, currentTargets } from '../../../lambda/reports/status/current-targets.ts';
import { type IncidentNotice, incidentNotices } from '../../../lambda/reports/status/incident-notices.ts';
import { type TargetStatus, targetStatuses } from '../../../lambda/reports/status/target-status.ts';
import { type OpenTrouble, openTroubles } from '../../../lambda/reports/trips/open-troubles.ts';
import type { Clock } from '../../arguments/clock-and-time-zone.ts';
import { EXIT_CODES } from '../../arguments/usage-error.ts';
import { screenOf } from '../../display/layout/screen.ts';
import { wrapText } from '../../display/layout/wrap.ts';
import { noticeText } from '../../display/planned/incident-notice.ts';
import { openFindingLines } from '../../display/posture/open-findings.ts';
import { openTroubleLines } from '../../display/roundtrip/open-troubles.ts';
import { omittedTargetLines } from '../../display/tables/omitted-targets.ts';
import { statusWatchLines } from '../../display/tables/status-watch-screen.ts';
import { targetStatusLines } from '../../display/tables/target-status.ts';
import { type Store, type StoreOptions, withStore, withStoreOptions } from '../../store/store.ts';

interface StatusOptions extends StoreOptions {
  readonly watch?: true;
  readonly json?: true;
  readonly all?: true;
  readonly utc?: true;
}

/** Interval of `--watch` in milliseconds. */
const WATCH_EVERY = 5_000;

const EXITS: Readonly<Record<Verdict, number>> = { up: 0, degraded: 1, down: 2, unknown: 3 };

const HELP = `
Examples:
  smtp-quorum status                                         the history of this machine
  smtp-quorum status --table smtp-quorum --region us-east-1  the history on AWS
  smtp-quorum status --watch
  smtp-quorum status --json | jq -r '.targets[] | select(.verdict != "up") | .target'

Exit code of the worst target:
  0 up   1 degraded   2 down   3 unknown, no target judged yet, or bad usage`;

export function statusCommand(): Command {
  const command = new Command('status')
    .option('--watch', 'update every 5 seconds until Ctrl-C')
    .option('--all', 'include targets and vantages that are no longer monitored')
    .option('--json', 'print one line of JSON')
    .option('--utc', 'print times in UTC instead of the local time zone');
  return withStoreOptions(command).addHelpText('after', HELP).action(run);
}

async function run(options: StatusOptions): Promise<void> {
  if (options.watch) return await watch(options);
  const status = await withStore(options, (store) => readStatus(store, openRecentRounds(), options));
  process.stdout.write(options.json ? asJson(status) : text(linesOf(status)));
  process.exitCode = exitCode(status.statuses);
}

/** Opens the store for each update, so that a restart of the monitor does no harm. */
async function watch(options: StatusOptions): Promise<void> {
  const rounds = openRecentRounds();
  for (;;) {
    const status = await withStore(options, (store) => readStatus(store, rounds, options));
    if (options.json) process.stdout.write(asJson(status));
    else if (!process.stdout.isTTY) process.stdout.write(text(linesOf(status)));
    else process.stdout.write(`\x1b[H\x1b[2J${screenText(status)}`);
    await sleep(WATCH_EVERY);
  }
}

interface CurrentStatus {
  readonly statuses: readonly TargetStatus[];
  readonly current: CurrentTargets;
  readonly posture: readonly OpenFinding[];
  readonly troubles: readonly OpenTrouble[];
  readonly notices: readonly IncidentNotice[];
  readonly clock: Clock;
}

async function readStatus(store: Store, rounds: RecentRounds, options: StatusOptions): Promise<CurrentStatus> {
  const clock = { now: Date.now(), utc: options.utc === true };
  const current = await currentTargets(store, options.all === true);
  const withRecent = !options.json && screenOf(process.stdout).drawing;
  const statuses = await targetStatuses(store, current, rounds, clock.now, withRecent);
  const [posture, troubles, told] = await Promise.all([
    openFindings(store),
    openTroubles(store),
    openNotifications(store.table).open(),
  ]);
  return { statuses, current, posture, troubles, notices: incidentNotices(told), clock };
}

function linesOf({ statuses, current, posture, troubles, notices, clock }: CurrentStatus): readonly string[] {
  if (statuses.length === 0) return ['no target has been judged yet; the first verdicts follow the second round'];
  const screen = screenOf(process.stdout);
  return [
    ...targetStatusLines(statuses, current.vantages, clock, screen),
    ...(posture.length === 0 ? [] : ['', ...openFindingLines(posture, clock, screen)]),
    ...(troubles.length === 0 ? [] : ['', ...openTroubleLines(troubles, clock, screen)]),
    ...(notices.length === 0 ? [] : ['', ...noticeLines(notices, clock, screen.width)]),
    ...omittedTargetLines(current).flatMap((line) => wrapText(line, screen.width).map(screen.paint.dim)),
  ];
}

/** The screen of `--watch`, without a final line feed, which would scroll the first line away. */
function screenText(status: CurrentStatus): string {
  const screen = screenOf(process.stdout);
  const rows = process.stdout.rows ?? 24;
  const linesOfSome = (some: readonly TargetStatus[]) => linesOf({ ...status, statuses: some });
  return statusWatchLines(status.statuses, rows, status.clock, screen, linesOfSome).join('\n');
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** What people are not told of now, and who handles what. */
function noticeLines(notices: readonly IncidentNotice[], clock: Clock, width: number): readonly string[] {
  return notices.flatMap((notice) => wrapText(noticeText(notice, clock), width));
}

function asJson({ statuses, current, posture, troubles, notices, clock }: CurrentStatus): string {
  const at = new Date(clock.now).toISOString();
  return `${asciiJson({ at, targets: statuses.map(asJsonValue), omitted: current.omitted, posture, troubles, notices })}\n`;
}

function asJsonValue({ target, verdict, since, incident, last }: TargetStatus) {
  const vantages = Object.fromEntries([...last].map(([vantage, seen]) => [vantage, seen && lastSample(seen)]));
  return { target, verdict, since, incident, vantages };
}

function lastSample({ round, sample: { outcome, phase, code, reply, total, timings } }: VantageSample) {
  return { round, outcome, phase, code, reply, total, timings };
}

function exitCode(statuses: readonly TargetStatus[]): number {
  if (statuses.length === 0) return EXIT_CODES.unable;
  const order = (verdict: Verdict) => ['up', 'unknown', 'degraded', 'down'].indexOf(verdict);
  const worst = statuses.map(({ verdict }) => verdict).reduce((a, b) => (order(b) > order(a) ? b : a));
  return EXITS[worst];
}
