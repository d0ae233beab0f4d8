import { randomUUID } from 'node:crypto';
import { type JudgementPass, judgeAll, type ObservationsByTarget } from '../consensus/judge-all.ts';
import { voteWindow } from '../consensus/judgement/policy.ts';
import { isoSeconds } from '../consensus/judgement/round-name.ts';
import { secondOpinionRequests } from '../consensus/quorum/second-opinion.ts';
import type { StoredJudgement } from '../history/history.ts';
import { observationsByTarget } from '../history/observations.ts';
import { inParallel } from '../history/table/parallel.ts';
import type { Ports } from '../ports.ts';
import { deliverPendingAlerts, leaseLength, takeOverLease } from './pending-alerts.ts';

/** What one pass of the judge did, for the log. */
export interface JudgeReport {
  readonly judged: number;
  readonly changed: number;
  /** Alerts that were taken. */
  readonly told: number;
  /** What could not be written or told in this pass: what is owed stays owed. */
  readonly failed: readonly string[];
  /** How many targets are `down`. */
  readonly down: number;
  /** Seconds for which the oldest alert was owed when this pass began; 0 where none was. */
  readonly owedFor: number;
}

/** Writes under way at once: enough for an outage of everything, few enough for one small function. */
const writesAtOnce = 25;

/** A pass that changed something, and won its write. */
interface WrittenPass extends JudgementPass<StoredJudgement> {
  readonly judgement: StoredJudgement;
}

/**
 * From rounds to votes, verdicts, incidents and alerts, for every target. A verdict and the alerts owed for it are one
 * conditional write; who wins it tells them. A judge that loses, or ends anywhere, leaves the rest to the next one.
 * @param fresh whether the rounds of the last second are read at once, too; it costs twice as much, and only who was woken
 * by a round has to see that round
 */
export async function judge(ports: Ports, fresh = true): Promise<JudgeReport> {
  const by = randomUUID();
  const failed = new Set<string>();
  const passes = await settled(ports, fresh);

  const changed = passes.filter(({ previous, next }) => next !== previous);
  const written = await each(
    changed,
    ({ next }) => next.target,
    (pass) => record(ports, pass, by),
    failed,
  );
  await attempt('second opinions', askForOpinions(ports, written), failed);

  const unchanged = passes.flatMap(({ previous, next }) => (previous && next === previous ? [previous] : []));
  const takenOver = await each(
    unchanged,
    ({ target }) => target,
    (left) => takeOverLease(ports, left, by),
    failed,
  );
  const owing = [...written.map(({ judgement }) => judgement), ...takenOver].filter(
    ({ lease }) => lease === null || lease.by === by,
  );
  const told = await each(
    owing,
    ({ target }) => target,
    (judgement) => deliverPendingAlerts(ports, judgement),
    failed,
  );
  return {
    judged: passes.length,
    changed: written.length,
    told: told.reduce((a, b) => a + b, 0),
    failed: [...failed],
    down: passes.filter(({ next }) => next.verdict === 'down').length,
    owedFor: owedFor(passes, ports.now()),
  };
}

function owedFor(passes: readonly JudgementPass<StoredJudgement>[], now: number): number {
  const times = passes.flatMap(({ previous }) => previous?.owed ?? []).map(({ at }) => Date.parse(at));
  return Math.max(0, Math.round((now - Math.min(now, ...times)) / 1000));
}

/** Whoever looks at leisure and would change something looks again: nothing is decided on what is a moment old. */
async function settled(ports: Ports, fresh: boolean): Promise<readonly JudgementPass<StoredJudgement>[]> {
  const passes = await decide(ports, fresh);
  return fresh || passes.every(({ previous, next }) => next === previous) ? passes : decide(ports, true);
}

async function decide(ports: Ports, fresh: boolean): Promise<readonly JudgementPass<StoredJudgement>[]> {
  const { config, history } = ports;
  const [sightings, stored] = await Promise.all([recentSightings(ports, fresh), history.judgements()]);
  const targets = config.targets.map(({ id }) => id);
  return judgeAll({ targets, stored, sightings, policy: config.policy, now: ports.now() });
}

/** Runs over all of them; what came of those that succeeded. */
async function each<Item, Result>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  run: (item: Item) => Promise<Result | null>,
  failed: Set<string>,
): Promise<Result[]> {
  const results = await inParallel(items, writesAtOnce, (item) => attempt(nameOf(item), run(item), failed));
  return results.filter((result) => result !== null);
}

/** One target's trouble does not keep the others from being judged: it is noted, and the next pass tries again. */
async function attempt<Result>(what: string, work: Promise<Result>, failed: Set<string>): Promise<Result | null> {
  try {
    return await work;
  } catch (error) {
    failed.add(what);
    console.error(JSON.stringify({ level: 'error', message: 'not done in this pass', what, error: String(error) }));
    return null;
  }
}

/** Null where another judge was first: the rest is its to do. An incident that gives way to a new one is put away first. */
async function record(ports: Ports, pass: JudgementPass<StoredJudgement>, by: string): Promise<WrittenPass | null> {
  const { previous, next } = pass;
  const last = previous?.incident;
  if (last && last.id !== next.incident?.id) await ports.history.writeIncident(last);
  const version = previous?.version ?? 0;
  const lease = leaseFor(pass, ports.now(), by);
  const written = await ports.history.writeJudgement(next, version, lease);
  return written ? { ...pass, judgement: { ...next, version: version + 1, lease } } : null;
}

/** Who is at telling what was owed before goes on, and tells what is owed now with it: two would tell the same alert. */
function leaseFor(
  { previous, next }: JudgementPass<StoredJudgement>,
  now: number,
  by: string,
): StoredJudgement['lease'] {
  if (next.owed.length === 0) return null;
  return previous?.lease && previous.lease.until > now ? previous.lease : { by, until: now + leaseLength };
}

async function askForOpinions(ports: Ports, passes: readonly WrittenPass[]): Promise<void> {
  const wanted = secondOpinionRequests(passes);
  if (wanted.length > 0) await ports.publishEvents(wanted.map((detail) => ({ type: 'Second Opinion Wanted', detail })));
}

async function recentSightings({ config, history, now }: Ports, fresh: boolean): Promise<ObservationsByTarget> {
  const since = isoSeconds(now() - voteWindow(config.policy));
  const rounds = await Promise.all(config.policy.vantages.map((vantage) => history.outcomes(vantage, since, fresh)));
  return observationsByTarget(rounds.flat());
}
