import type { JudgementDraft, JudgementInputs } from '../judgement/draft.ts';
import type { Alert } from '../judgement/incident.ts';
import { type Facts, type Observation, observedAt } from '../judgement/observation.ts';
import type { Policy } from '../judgement/policy.ts';
import { describeChanges, expandFacts, type FactChange, textDigest } from './facts.ts';
import { isReversal, wasReportedLately, withReported } from './reported-facts.ts';

/** Changes that one alert puts into words. */
const MOST_DESCRIBED = 8;

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
export function addFactChanges(draft: JudgementDraft, inputs: JudgementInputs): JudgementDraft {
  const found = inputs.observed.flatMap((observed) => vantageChanges(observed, draft));
  if (found.length === 0) return draft;
  const changes = changesOf(found).filter((change) => isDue(change, inputs));
  const known = withLearned(draft.memory.facts, found, changes);
  const unreported = changes.filter((change) => isUnreported(change, draft, inputs));
  const seen = withReported(draft.memory.seen, changes, unreported, inputs.at);
  const owed = unreported.length === 0 ? draft.owed : [...draft.owed, alertOf(unreported, draft, inputs)];
  return { ...draft, owed, memory: { ...draft.memory, facts: known, seen } };
}

/** What one vantage sees otherwise than it is known, since when; `was` is null for what was never known. */
interface VantageChange extends Omit<FactChange, 'was'> {
  readonly vantage: string;
  readonly round: string;
  readonly was: string | null;
  readonly isConfirmed: boolean;
}

/** A round brings those facts alone that the vantage did not record before: one that brings none saw nothing new. */
function vantageChanges(samples: readonly Observation[], { memory }: JudgementDraft): readonly VantageChange[] {
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

function changesOf(found: readonly VantageChange[]): readonly Change[] {
  const changes = new Map<string, Change>();
  for (const { vantage, round, name, was, is, isConfirmed } of found) {
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

function isDue({ round, vantages, isConfirmed }: Change, { policy, now }: JudgementInputs): boolean {
  return isConfirmed && now - observedAt({ vantage: vantages[0] ?? '', round }, policy) >= policy.every;
}

function isUnreported(change: Change, { memory }: JudgementDraft, { now, policy }: JudgementInputs): boolean {
  const { name, was, is, vantages } = change;
  if (wasReportedLately(memory.seen, name, is, now)) return false;
  const others = policy.vantages.filter((vantage) => !vantages.includes(vantage));
  const isKnownElsewhere = others.some((vantage) => memory.facts[vantage]?.[name] === is);
  return !isKnownElsewhere || wasReportedLately(memory.seen, name, was, now);
}

/** What was never known is learned in silence; a change once it is ripe. */
function withLearned(
  known: Readonly<Record<string, Facts>>,
  found: readonly VantageChange[],
  changes: readonly Change[],
) {
  const next: Record<string, Facts> = { ...known };
  for (const { vantage, name, was, is } of found) {
    const isLearned = was === null || changes.some((change) => change.name === name && change.is === is);
    if (isLearned) next[vantage] = { ...next[vantage], [name]: is };
  }
  return next;
}

function alertOf(
  changes: readonly Change[],
  { target, verdict, memory }: JudgementDraft,
  inputs: JudgementInputs,
): Alert {
  const [round] = changes.map((change) => change.round).sort();
  return {
    id: `${target}@${round}#changed-${textDigest(changes.map(({ name, is }) => `${name}=${is}`).join('\n'))}`,
    kind: 'changed',
    subject: target,
    at: inputs.at,
    was: verdict,
    is: verdict,
    incident: null,
    votes: inputs.ballots.map(({ vantage, vote, why }) => ({ vantage, vote, why })),
    reason: reasonOf(changes, memory, inputs),
  };
}

/** `STARTTLS is no longer offered, at eu-west-1; not at us-east-1`. */
function reasonOf(
  changes: readonly Change[],
  memory: JudgementDraft['memory'],
  { policy, now }: JudgementInputs,
): string {
  const groups = new Map<string, readonly Change[]>();
  for (const change of changes) {
    const who = vantagesText(change, memory, policy);
    groups.set(who, [...(groups.get(who) ?? []), change]);
  }
  const texts = [...groups].map(([who, own]) => `${changesText(own)}, ${who}`);
  return [...texts, ...(changes.some((change) => isReversal(memory.seen, change, now)) ? [REVERSAL_NOTE] : [])].join(
    '. ',
  );
}

/** What people are told with a return, so that they do not take silence for rest. */
const REVERSAL_NOTE = 'If it goes on coming and going, that is told no more until a day has passed without';

function vantagesText({ name, vantages }: Change, memory: JudgementDraft['memory'], policy: Policy): string {
  const others = policy.vantages.filter(
    (vantage) => memory.facts[vantage]?.[name] !== undefined && !vantages.includes(vantage),
  );
  return `at ${vantages.join(', ')}${others.length > 0 ? `; not at ${others.join(', ')}` : ''}`;
}

function changesText(changes: readonly Change[]): string {
  const words = describeChanges(changes);
  const left = words.length - MOST_DESCRIBED;
  return [...words.slice(0, MOST_DESCRIBED), ...(left > 0 ? [`and ${left} more`] : [])].join('; ');
}
