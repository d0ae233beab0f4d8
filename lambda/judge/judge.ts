/** One pass of the judge over all targets. */
import { randomUUID } from 'node:crypto';
import { type JudgementPass, judgeAll } from '../consensus/judge-all.ts';
import { judgementTime } from '../consensus/judgement/judgement-time.ts';
import { readWindow } from '../consensus/judgement/policy.ts';
import { isoSeconds } from '../consensus/judgement/round-name.ts';
import { secondOpinionRequests } from '../consensus/quorum/second-opinion.ts';
import { distinctRoundName } from '../history/distinct-round-name.ts';
import { observationsByTarget } from '../history/group-samples-by-target.ts';
import type { StoredJudgement } from '../history/history.ts';
import type { UntimedRound } from '../history/packing/recorded-round.ts';
import { fitJudgement } from '../history/packing/shorten-evidence-to-fit-item.ts';
import type { JudgePorts, Ports } from '../ports.ts';
import { handOverAlerts, isHeldByOther, leaseLength, takeOverLease } from './hand-over-alerts.ts';
import { openPassFailures } from './pass-failures.ts';
import { attempt, runEach } from './run-each-despite-errors.ts';
import { storeEndedChapter } from './store-chapter.ts';
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

/** A pass that changed the judgement and whose conditional write succeeded. */
interface WrittenPass extends JudgementPass<StoredJudgement> {
  readonly judgement: StoredJudgement;
}

/**
 * Computes votes, verdicts, incidents and alerts from rounds, for every target. A verdict and its pending alerts are one
 * conditional write; the judge whose write succeeds hands the alerts over to the channels. If a judge loses the write, or
 * ends at any point, the next judge does the rest.
 * @param fresh whether to use consistent reads, which cost twice as much. Only a judge that was started by a round must see
 * that round.
 */
export async function judge(ports: JudgePorts, fresh = true): Promise<JudgeReport> {
  const by = randomUUID();
  const failed = openPassFailures(ports.log);
  const [passes, channels] = await Promise.all([
    consistentPasses(ports, fresh),
    attempt('channels', ports.deliveries.channels(), failed),
  ]);

  const changed = passes.filter(({ previous, next }) => next !== previous);
  const written = await runEach(
    changed,
    ({ next }) => next.target,
    (pass) => writePass(ports, pass, by),
    failed,
  );
  // A region that does not answer must not delay the alerts.
  const requested = attempt('second opinions', requestSecondOpinions(ports, written), failed);

  const unchanged = passes.flatMap(({ previous, next }) => (previous && next === previous ? [previous] : []));
  const takenOver = await runEach(
    unchanged,
    ({ target }) => target,
    (judgement) => takeOverLease(ports, judgement, by),
    failed,
  );
  const own = [...written.map(({ judgement }) => judgement), ...takenOver].filter(
    ({ lease }) => lease === null || lease.by === by,
  );
  const handedOver = await handOverAlerts(ports, own, failed);
  await wakeChannels(ports, channels ?? [], handedOver.channels);
  await requested;
  return {
    judged: passes.length,
    changed: written.length,
    told: handedOver.alerts,
    failed: failed.names(),
    down: passes.filter(({ next }) => next.verdict === 'down').length,
    owedFor: pendingSeconds(passes, oldestDelivery(channels ?? []), ports.now()),
  };
}

function pendingSeconds(passes: readonly JudgementPass<StoredJudgement>[], oldest: number, now: number): number {
  const times = passes.flatMap(({ previous }) => previous?.owed ?? []).map(({ at }) => Date.parse(at));
  return Math.max(0, Math.round((now - Math.min(now, oldest, ...times)) / 1000));
}

/**
 * If eventually consistent reads would change a judgement, reads again consistently: no change is decided on a stale
 * read.
 */
async function consistentPasses(ports: Ports, fresh: boolean): Promise<readonly JudgementPass<StoredJudgement>[]> {
  const passes = await decide(ports, fresh);
  return fresh || passes.every(({ previous, next }) => next === previous) ? passes : decide(ports, true);
}

async function decide(ports: Ports, fresh: boolean): Promise<readonly JudgementPass<StoredJudgement>[]> {
  const { config, history } = ports;
  const [rounds, stored] = await Promise.all([recentRounds(ports, fresh), history.judgements()]);
  const { policy } = config;
  const targets = config.targets.map(({ id }) => id);
  const now = timeToJudge(ports, rounds);
  const opinionRound = distinctRoundName(now, policy.every);
  return judgeAll({ targets, stored, observations: observationsByTarget(rounds), policy, now, opinionRound });
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
): Promise<WrittenPass | null> {
  const { previous } = pass;
  const next = fitJudgement(pass.next);
  const last = previous?.incident;
  if (last && last.id !== next.incident?.id) await ports.history.writeIncident(last);
  await storeEndedChapter(ports, pass);
  const version = previous?.version ?? 0;
  const lease = leaseFor(ports, pass, by);
  const written = await ports.history.writeJudgement(next, version, lease);
  return written ? { previous, next, judgement: { ...next, version: version + 1, lease } } : null;
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

async function requestSecondOpinions(ports: Ports, passes: readonly WrittenPass[]): Promise<void> {
  const wanted = secondOpinionRequests(passes);
  if (wanted.length > 0) await ports.publishEvents(wanted.map((detail) => ({ type: 'Second Opinion Wanted', detail })));
}

async function recentRounds({ config, history, now }: Ports, fresh: boolean): Promise<readonly UntimedRound[]> {
  const since = isoSeconds(now() - readWindow(config.policy));
  const rounds = await Promise.all(config.policy.vantages.map((vantage) => history.outcomes(vantage, since, fresh)));
  return rounds.flat();
}
