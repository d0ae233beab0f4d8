import type { JudgementDraft, JudgementInputs } from '../judgement/draft.ts';
import type { Alert } from '../judgement/incident.ts';
import { type Facts, type Observation, observedAt } from '../judgement/observation.ts';
import type { Policy } from '../judgement/policy.ts';
import { describeChanges, expandFacts, type FactChange, textDigest } from './facts.ts';
import { isReversal, wasReportedLately, withReported } from './reported-facts.ts';

/** Changes that one alert puts into words. */
const WORDED = 8;

/** One fact that some vantages see otherwise than they did. */
interface Change extends FactChange {
  readonly vantages: readonly string[];
  /** The first round that saw it so. */
  readonly round: string;
  /** Whether a later round of the same vantage, or another vantage, says the same. */
  readonly isConfirmed: boolean;
}

/**
 * Learns facts as the vantages see them, and owes people those that changed, up or down, in one alert. A change is told a
 * round after it was first seen and once a second round or vantage confirms it, so that the alert says who sees it and who
 * does not: STARTTLS gone in a single region is a sign of stripping. What another vantage sees already is no news, unless
 * people were told that this one saw otherwise; nor is what they were told lately: servers that share a name may differ.
 */
export function addFactChanges(draft: JudgementDraft, facts: JudgementInputs): JudgementDraft {
  const sightings = facts.observed.flatMap((observed) => sightingsOf(observed, draft));
  if (sightings.length === 0) return draft;
  const changes = changesOf(sightings).filter((change) => isRipe(change, facts));
  const known = learned(draft.memory.facts, sightings, changes);
  const news = changes.filter((change) => isNews(change, draft, facts));
  const seen = withReported(draft.memory.seen, changes, news, facts.at);
  const owed = news.length === 0 ? draft.owed : [...draft.owed, alertOf(news, draft, facts)];
  return { ...draft, owed, memory: { ...draft.memory, facts: known, seen } };
}

/** What one vantage sees otherwise than it is known, since when; `was` is null for what was never known. */
interface Sighting extends Omit<FactChange, 'was'> {
  readonly vantage: string;
  readonly round: string;
  readonly was: string | null;
  readonly isConfirmed: boolean;
}

/** A round brings those facts alone that the vantage did not record before: one that brings none saw nothing new. */
function sightingsOf(samples: readonly Observation[], { memory }: JudgementDraft): readonly Sighting[] {
  const observed = samples.map((sample) => (sample.facts ? { ...sample, facts: expandFacts(sample.facts) } : sample));
  const newest: Facts = Object.assign({}, ...observed.map(({ facts }) => facts));
  return Object.entries(newest).flatMap(([name, is]) => {
    const other = observed.findLastIndex(({ facts }) => facts?.[name] !== undefined && facts[name] !== is);
    const at = observed.findIndex(({ facts }, index) => index > other && facts?.[name] === is);
    const first = observed[at];
    if (first === undefined) return [];
    const { vantage, round, code } = first;
    const was = memory.facts[vantage]?.[name] ?? null;
    const isConfirmed = observed.slice(at + 1).some((later) => later.code === code);
    return was === is ? [] : [{ vantage, round, name, is, was, isConfirmed }];
  });
}

function changesOf(sightings: readonly Sighting[]): readonly Change[] {
  const changes = new Map<string, Change>();
  for (const { vantage, round, name, was, is, isConfirmed } of sightings) {
    if (was === null) continue;
    const key = `${name}=${is}`;
    const before = changes.get(key);
    changes.set(key, {
      name,
      was: before?.was ?? was,
      is,
      vantages: [...(before?.vantages ?? []), vantage],
      round: before === undefined || round < before.round ? round : before.round,
      isConfirmed: before !== undefined || isConfirmed,
    });
  }
  return [...changes.values()];
}

function isRipe({ round, vantages, isConfirmed }: Change, { policy, now }: JudgementInputs): boolean {
  return isConfirmed && now - observedAt({ vantage: vantages[0] ?? '', round }, policy) >= policy.every;
}

function isNews(change: Change, { memory }: JudgementDraft, { now, policy }: JudgementInputs): boolean {
  const { name, was, is, vantages } = change;
  if (wasReportedLately(memory.seen, name, is, now)) return false;
  const others = policy.vantages.filter((vantage) => !vantages.includes(vantage));
  const isHeld = others.some((vantage) => memory.facts[vantage]?.[name] === is);
  return !isHeld || wasReportedLately(memory.seen, name, was, now);
}

/** What was never known is learned in silence; a change once it is ripe. */
function learned(known: Readonly<Record<string, Facts>>, sightings: readonly Sighting[], changes: readonly Change[]) {
  const next: Record<string, Facts> = { ...known };
  for (const { vantage, name, was, is } of sightings) {
    const isLearned = was === null || changes.some((change) => change.name === name && change.is === is);
    if (isLearned) next[vantage] = { ...next[vantage], [name]: is };
  }
  return next;
}

function alertOf(news: readonly Change[], { target, verdict, memory }: JudgementDraft, facts: JudgementInputs): Alert {
  const [round] = news.map((change) => change.round).sort();
  return {
    id: `${target}@${round}#changed-${textDigest(news.map(({ name, is }) => `${name}=${is}`).join('\n'))}`,
    kind: 'changed',
    subject: target,
    at: facts.at,
    was: verdict,
    is: verdict,
    incident: null,
    votes: facts.ballots.map(({ vantage, vote, why }) => ({ vantage, vote, why })),
    reason: reasonOf(news, memory, facts),
  };
}

/** `STARTTLS is no longer offered, at eu-west-1; not at us-east-1`. */
function reasonOf(news: readonly Change[], memory: JudgementDraft['memory'], { policy, now }: JudgementInputs): string {
  const groups = new Map<string, readonly Change[]>();
  for (const change of news) {
    const who = seersOf(change, memory, policy);
    groups.set(who, [...(groups.get(who) ?? []), change]);
  }
  const told = [...groups].map(([who, changes]) => `${worded(changes)}, ${who}`);
  return [...told, ...(news.some((change) => isReversal(memory.seen, change, now)) ? [QUIET] : [])].join('. ');
}

/** What people are told with a return, so that they do not take silence for rest. */
const QUIET = 'If it goes on coming and going, that is told no more until a day has passed without';

function seersOf({ name, vantages }: Change, memory: JudgementDraft['memory'], policy: Policy): string {
  const others = policy.vantages.filter(
    (vantage) => memory.facts[vantage]?.[name] !== undefined && !vantages.includes(vantage),
  );
  return `at ${vantages.join(', ')}${others.length > 0 ? `; not at ${others.join(', ')}` : ''}`;
}

function worded(changes: readonly Change[]): string {
  const words = describeChanges(changes);
  const left = words.length - WORDED;
  return [...words.slice(0, WORDED), ...(left > 0 ? [`and ${left} more`] : [])].join('; ');
}
