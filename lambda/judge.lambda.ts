import { randomUUID } from 'node:crypto';
import { awsPorts } from './aws.ts';
import { blindVantages } from './consensus/blind.ts';
import { judgeTarget } from './consensus/judge.ts';
import type { Judgement } from './consensus/judgement.ts';
import type { Observation } from './consensus/observation.ts';
import { opinionsWanted } from './consensus/opinion.ts';
import { windowOf } from './consensus/policy.ts';
import type { Round, StoredJudgement } from './history/history.ts';
import { leaseLength, takeOver, tellOwed } from './owed.ts';
import { inParallel } from './parallel.ts';
import type { Ports } from './ports.ts';
import { isoSeconds } from './round.ts';

/**
 * The judge reads everything anew each time: the event only says that it is time. Fails where something could not be
 * done, so that the function's error metric shows it.
 */
export async function handler(_event: unknown): Promise<JudgeReport> {
  const report = await judge(await awsPorts());
  console.log(JSON.stringify({ level: 'info', message: 'judged', ...report }));
  if (report.failed.length > 0) throw new Error(`not done in this pass: ${report.failed.join(', ')}`);
  return report;
}

/** What one pass of the judge did, for the log. */
export interface JudgeReport {
  readonly targets: number;
  readonly changed: number;
  readonly told: number;
  /** Targets that could not be written or told in this pass: what they owe stays owed. */
  readonly failed: readonly string[];
}

/** Observations by target, then by vantage. */
type Sightings = ReadonlyMap<string, ReadonlyMap<string, readonly Observation[]>>;

/** Writes under way at once: enough for an outage of everything, few enough for one small function. */
const writesAtOnce = 25;

/**
 * From rounds to votes, verdicts, incidents and alerts, for every target. A verdict and the alerts owed for it are one
 * conditional write; who wins it tells them. A judge that loses, or ends anywhere, leaves the rest to the next one.
 */
export async function judge(ports: Ports): Promise<JudgeReport> {
  const by = randomUUID();
  const [sightings, stored] = await Promise.all([recentSightings(ports), ports.history.judgements()]);
  const passes = decideAll(ports, sightings, new Map(stored.map((judgement) => [judgement.target, judgement])));
  const failed = new Set<string>();
  const each = <In extends { target: string }, Out>(items: readonly In[], run: (item: In) => Promise<Out | null>) =>
    inParallel(items, writesAtOnce, (item) => attempt(item.target, run(item), failed));

  const changed = passes.filter(({ previous, next }) => next !== previous);
  const written = (await each(changed, (pass) => record(ports, pass, by))).filter((pass) => pass !== null);
  await attempt('second opinions', askForOpinions(ports, written), failed);
  const left = passes.flatMap(({ previous, next }) => (previous && next === previous ? [previous] : []));
  const takenOver = (await each(left, (judgement) => takeOver(ports, judgement, by))).filter(
    (judgement) => judgement !== null,
  );
  const owing = [...written.map(({ judgement }) => judgement), ...takenOver];
  const told = (await each(owing, (judgement) => tellOwed(ports, judgement))).reduce(
    (sum: number, count) => sum + (count ?? 0),
    0,
  );
  return { targets: passes.length, changed: written.length, told, failed: [...failed] };
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

interface Pass {
  readonly target: string;
  readonly previous: StoredJudgement | null;
  readonly next: Judgement;
}

interface WrittenPass extends Pass {
  readonly judgement: StoredJudgement;
}

function decideAll(ports: Ports, sightings: Sightings, stored: ReadonlyMap<string, StoredJudgement>): readonly Pass[] {
  const { policy, targets } = ports.config;
  const now = ports.now();
  const abstaining = blindVantages(sightings, policy, now);
  return targets.map(({ id: target }) => {
    const previous = stored.get(target) ?? null;
    const observations = [...(sightings.get(target)?.values() ?? [])].flat();
    return { target, previous, next: judgeTarget({ target, previous, observations, policy, now, abstaining }) };
  });
}

/** Null where another judge was first: the rest is its to do. An incident that gives way to a new one is put away first. */
async function record(ports: Ports, pass: Pass, by: string): Promise<WrittenPass | null> {
  const { previous, next } = pass;
  const last = previous?.incident;
  if (last && last.id !== next.incident?.id) await ports.history.writeIncident(last);
  const version = previous?.version ?? 0;
  const lease = next.owed.length > 0 ? { by, until: ports.now() + leaseLength } : null;
  const written = await ports.history.writeJudgement(next, version, lease);
  return written ? { ...pass, judgement: { ...next, version: version + 1, lease } } : null;
}

async function askForOpinions(ports: Ports, passes: readonly Pass[]): Promise<void> {
  const wanted = opinionsWanted(passes);
  if (wanted.length > 0) await ports.announce(wanted.map((detail) => ({ type: 'Second Opinion Wanted', detail })));
}

async function recentSightings(ports: Ports): Promise<Sightings> {
  const { policy } = ports.config;
  const since = isoSeconds(ports.now() - windowOf(policy));
  const rounds = await Promise.all(policy.vantages.map((vantage) => ports.history.rounds(vantage, since)));
  return sightingsOf(rounds.flat());
}

function sightingsOf(rounds: readonly Round[]): Sightings {
  const byTarget = new Map<string, Map<string, Observation[]>>();
  for (const { vantage, round, samples } of rounds) {
    for (const [target, sample] of samples) {
      const byVantage = byTarget.get(target) ?? new Map<string, Observation[]>();
      const own = byVantage.get(vantage) ?? [];
      own.push({ ...sample, vantage, round });
      byTarget.set(target, byVantage.set(vantage, own));
    }
  }
  return byTarget;
}
