/** Compares the facts of each vantage with the known ones, and adds an alert for changes. */
import type { JudgementDraft, JudgementInputs } from '../judgement/draft.ts';
import type { Alert } from '../judgement/incident.ts';
import { type Facts, type Observation, observedAt, secondOf } from '../judgement/observation.ts';
import type { Policy } from '../judgement/policy.ts';
import { isReversal, wasReportedLately, withReported } from './recently-alerted-facts.ts';
import { describeChanges, expandFacts, type FactChange, textDigest } from './server-facts.ts';

/** How many changes one alert describes. */
const MOST_DESCRIBED = 8;

/** One fact that changed at some vantages. */
interface Change extends FactChange {
  readonly vantages: readonly string[];
  /** The first round with the new value. */
  readonly round: string;
  /** Whether a later round of the same vantage, or another vantage, has the same value. */
  readonly isConfirmed: boolean;
}

/**
 * Stores the facts of each vantage, and adds one alert for those that changed, whether the target is up or down.
 *
 * A change is reported one round after it was first seen, if a second round or vantage confirms it. So the alert can list
 * the vantages that see the change and those that do not: STARTTLS missing in a single region is a sign of stripping. A value
 * that another vantage already has is not reported while a third one has the former value, unless its change was reported
 * before: servers behind one name may differ. If nobody has the former value any more, it is a change of the target, also
 * where a vantage that knew nothing before was the first to see it. A value that was reported lately is not reported again.
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

/** A fact that changed at one vantage, and the round since which it has. `was` is null if it was unknown before. */
interface VantageChange extends Omit<FactChange, 'was'> {
  readonly vantage: string;
  readonly round: string;
  readonly was: string | null;
  readonly isConfirmed: boolean;
}

/** Compares the newest facts with the stored ones. A round only has the facts that changed since the vantage last recorded them. */
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
  const isAt = (value: string) => others.some((vantage) => memory.facts[vantage]?.[name] === value);
  return !isAt(is) || !isAt(was) || wasReportedLately(memory.seen, name, was, now);
}

/** The known facts with the new ones. An unknown fact is stored without an alert, a changed one when it is due. */
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
  const [first = inputs.at] = changes.map((change) => secondOf(change, inputs.policy)).sort();
  return {
    id: `${target}@${first}#changed-${textDigest(changes.map(({ name, is }) => `${name}=${is}`).join('\n'))}`,
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

/** Added when a change reverses one that was reported, so that nobody mistakes missing alerts for stability. */
const REVERSAL_NOTE = 'Further changes of it are not reported until it has been stable for a day';

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
