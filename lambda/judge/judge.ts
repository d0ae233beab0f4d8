/** One pass of the judge over all targets. */
import { randomUUID } from 'node:crypto';
import { type JudgementPass, judgeAll } from '../consensus/judge-all.ts';
import { judgementTime } from '../consensus/judgement/judgement-time.ts';
import { readWindow } from '../consensus/judgement/policy.ts';
import { isoSeconds } from '../consensus/judgement/round-name.ts';
import { requestedIn, secondOpinionRequests } from '../consensus/quorum/second-opinion.ts';
import { distinctRoundName } from '../history/distinct-round-name.ts';
import { observationsByTarget } from '../history/group-samples-by-target.ts';
import type { StoredJudgement } from '../history/history.ts';
import type { UntimedRound } from '../history/packing/recorded-round.ts';
import { fitJudgement } from '../history/packing/shrink-judgement-to-fit-item.ts';
import type { JudgePorts, Ports } from '../ports.ts';
import { withCauses } from './causes/alert-causes.ts';
import { groupsOf, type Task, tasksOf } from './group-writes-by-urgency.ts';
import { type HandOver, handOverAlerts } from './hand-over-alerts.ts';
import { isHeldByOther, judgementOutbox, leaseLength, takeOverLease } from './judgement-outbox.ts';
import { openPassFailures, type PassFailures } from './pass/pass-failures.ts';
import { publishNow } from './pass/publish-now.ts';
import { attempt, runEach } from './pass/run-each-despite-errors.ts';
import { storeEndedChapter } from './pass/store-chapter.ts';
import { hasTimeLeft } from './pass/time-left.ts';
import type { IsDown } from './routing/routing-context.ts';
import { routingPass } from './routing-pass.ts';
import { oldestDelivery, wakeChannels } from './wake-channels.ts';

/** The result of one pass of the judge, for the log. */
export interface JudgeReport {
  readonly judged: number;
  readonly changed: number;
  /** Alerts that were handed over to the channels. */
  readonly told: number;
  /** What could not be written or handed over in this pass. The alerts of it stay pending. */
  readonly failed: readonly string[];
  /** How many targets are `down`. */
  readonly down: number;
  /** Age in seconds of the oldest alert that a channel had not taken when this pass began; 0 if there was none. */
  readonly owedFor: number;
}

/**
 * Computes votes, verdicts, incidents and alerts from rounds, for every target. A verdict and its pending alerts are one
 * conditional write; the judge whose write succeeds hands the alerts over to the channels, a group of targets at a time. If
 * a judge loses the write, has no time left, or ends at any point, the next judge does the rest.
 * @param fresh whether to use consistent reads, which cost twice as much. Only a judge that was started by a round must see
 * that round.
 */
export async function judge(ports: JudgePorts, fresh = true): Promise<JudgeReport> {
  const failed = openPassFailures(ports.log);
  const [{ passes, opinionRound, rounds }, channels] = await Promise.all([
    consistentDecision(ports, fresh),
    attempt('channels', ports.deliveries.channels(), failed),
  ]);

  const verdicts = new Map(passes.map(({ next }) => [next.target, next]));
  const isDown: IsDown = (target) => verdicts.get(target)?.verdict === 'down';
  const run: Run = { ports, by: randomUUID(), failed, opinionRound, isDown };
  const done: GroupReport[] = [];
  const tasks = tasksOf(passes);
  for (const group of groupsOf(tasks)) done.push(await runGroup(run, group));
  const left = tasks.length - sumOf(done, ({ begun }) => begun);
  if (left > 0) failed.add('time', new Error(`${left} targets are left to the next pass`));
  const again = hasTimeLeft(ports) ? await routingPass(ports, presentOf(passes), isDown, failed) : null;
  await wakeChannels(
    ports,
    channels ?? [],
    [...done, ...(again === null ? [] : [again])].flatMap((group) => group.channels),
  );
  await Promise.all([...done.map(({ requested }) => requested), publishNow(ports, rounds, verdicts)]);
  return {
    judged: passes.length,
    changed: sumOf(done, ({ changed }) => changed),
    told: sumOf(done, ({ alerts }) => alerts),
    failed: failed.names(),
    down: passes.filter(({ next }) => next.verdict === 'down').length,
    owedFor: pendingSeconds(passes, oldestDelivery(channels ?? []), ports.now()),
  };
}

/** What the groups of one pass have in common. */
interface Run {
  readonly ports: JudgePorts;
  /** The holder of the leases. */
  readonly by: string;
  readonly failed: PassFailures;
  opinionRound(): string;
  readonly isDown: IsDown;
}

/**
 * The judgements before this pass where it changed them: what it has decided may not be written, and its alerts may be pending.
 */
function presentOf(passes: readonly JudgementPass<StoredJudgement>[]): ReadonlyMap<string, StoredJudgement> {
  return new Map(passes.flatMap(({ previous }) => (previous === null ? [] : [[previous.target, previous] as const])));
}

interface GroupReport extends HandOver {
  /** Targets for which there was time. */
  readonly begun: number;
  readonly changed: number;
  readonly requested: Promise<unknown>;
}

/**
 * Writes the judgements of a group, and hands its alerts over before those of the next group are written. Nothing is begun if
 * there is no time left.
 */
async function runGroup(
  { ports, by, failed, opinionRound, isDown }: Run,
  tasks: readonly Task[],
): Promise<GroupReport> {
  let begun = 0;
  const round = opinionRound();
  const results = await runEach(
    tasks,
    ({ target }) => target,
    async (task) => {
      if (!hasTimeLeft(ports)) return null;
      begun += 1;
      return await runTask(ports, task, by, round);
    },
    failed,
  );
  const written = results.flatMap(({ pass }) => (pass === null ? [] : [pass]));
  // A region that does not answer must not delay the alerts.
  const requested = attempt('second opinions', requestSecondOpinions(ports, written), failed);
  const own = results.map(({ judgement }) => judgement).filter(({ lease }) => lease === null || lease.by === by);
  const outboxes = own.map((judgement) => judgementOutbox(ports, judgement));
  const handedOver = await handOverAlerts(ports, outboxes, failed, isDown);
  return { ...handedOver, begun, changed: written.length, requested };
}

/** A judgement that is stored as this judge wrote it, and the pass that changed it, if one did. */
interface WrittenTask {
  readonly judgement: StoredJudgement;
  readonly pass: JudgementPass<StoredJudgement> | null;
}

/** Null if another judge wrote first and so does the rest. */
async function runTask(ports: JudgePorts, task: Task, by: string, round: string): Promise<WrittenTask | null> {
  switch (task.kind) {
    case 'take over': {
      const judgement = await takeOverLease(ports, task.judgement, by);
      return judgement === null ? null : { judgement, pass: null };
    }
    case 'write': {
      const pass = requestedIn(task.pass, round);
      const judgement = await writePass(ports, pass, by);
      return judgement === null ? null : { judgement, pass };
    }
    default:
      return task satisfies never;
  }
}

function sumOf<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}

function pendingSeconds(passes: readonly JudgementPass<StoredJudgement>[], oldest: number, now: number): number {
  const times = passes.flatMap(({ previous }) => previous?.owed ?? []).map(({ at }) => Date.parse(at));
  return Math.max(0, Math.round((now - Math.min(now, oldest, ...times)) / 1000));
}

/**
 * If eventually consistent reads would change a judgement, reads again consistently: no change is decided on a stale
 * read.
 */
async function consistentDecision(ports: Ports, fresh: boolean): Promise<Decision> {
  const decision = await decide(ports, fresh);
  const { passes } = decision;
  return fresh || passes.every(({ previous, next }) => next === previous) ? decision : decide(ports, true);
}

interface Decision {
  readonly passes: readonly JudgementPass<StoredJudgement>[];
  readonly rounds: readonly UntimedRound[];
  /** Another name with each call, for a round that this pass requests. */
  opinionRound(): string;
}

async function decide(ports: Ports, fresh: boolean): Promise<Decision> {
  const { config, history } = ports;
  const [rounds, stored] = await Promise.all([recentRounds(ports, fresh), history.judgements()]);
  const { policy } = config;
  const targets = config.targets.map(({ id }) => id);
  const now = timeToJudge(ports, rounds);
  const opinionRound = () => distinctRoundName(now, policy.every);
  const observations = observationsByTarget(rounds);
  const passes = judgeAll({ targets, stored, observations, policy, now, opinionRound: opinionRound() });
  const byId = new Map(config.targets.map((target) => [target.id, target]));
  return { passes: passes.map((pass) => withCauses(pass, byId, observations)), rounds, opinionRound };
}

/** Seconds by which clocks in AWS may differ. */
const clockTolerance = 2;

/** Logs it if the clock of this function is behind. */
function timeToJudge(ports: Ports, rounds: readonly UntimedRound[]): number {
  const now = ports.now();
  const time = judgementTime(now, rounds, ports.config.policy);
  const behind = (time - now) / 1000;
  if (behind > clockTolerance)
    ports.log({ level: 'warn', message: 'the clock is behind the rounds', facts: { seconds: String(behind) } });
  return time;
}

/**
 * Null if another judge wrote first and so does the rest. The incident that a new one replaces is stored before, and so is a
 * chapter that has ended.
 */
async function writePass(
  ports: JudgePorts,
  pass: JudgementPass<StoredJudgement>,
  by: string,
): Promise<StoredJudgement | null> {
  const { previous } = pass;
  const next = fitJudgement(pass.next);
  const last = previous?.incident;
  if (last && last.id !== next.incident?.id) await ports.history.writeIncident(last);
  await storeEndedChapter(ports, pass);
  const version = previous?.version ?? 0;
  const lease = leaseFor(ports, pass, by);
  const written = await ports.history.writeJudgement(next, version, lease);
  return written ? { ...next, version: version + 1, lease } : null;
}

/** A judge that holds the lease keeps it and hands over the new alerts too. */
function leaseFor(
  ports: JudgePorts,
  { previous, next }: JudgementPass<StoredJudgement>,
  by: string,
): StoredJudgement['lease'] {
  if (next.owed.length === 0) return null;
  const isHeld = previous?.lease && isHeldByOther(ports, previous.lease, by);
  return isHeld ? previous.lease : { by, until: ports.now() + leaseLength };
}

async function requestSecondOpinions(ports: Ports, passes: readonly JudgementPass<StoredJudgement>[]): Promise<void> {
  const wanted = secondOpinionRequests(passes);
  if (wanted.length > 0) await ports.publishEvents(wanted.map((detail) => ({ type: 'Second Opinion Wanted', detail })));
}

async function recentRounds({ config, history, now }: Ports, fresh: boolean): Promise<readonly UntimedRound[]> {
  const since = isoSeconds(now() - readWindow(config.policy));
  const rounds = await Promise.all(config.policy.vantages.map((vantage) => history.outcomes(vantage, since, fresh)));
  return rounds.flat();
}
