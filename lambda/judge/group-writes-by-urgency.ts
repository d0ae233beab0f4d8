/** Sorts the writes of a pass of the judge by urgency, and splits them into groups. */
import type { JudgementPass } from '../consensus/judge-all.ts';
import type { StoredJudgement } from '../history/history.ts';

type Pass = JudgementPass<StoredJudgement>;

export type Task =
  /** Pending alerts of a judge that ended early. */
  | { readonly kind: 'take over'; readonly target: string; readonly judgement: StoredJudgement }
  /** A judgement that this pass changed. */
  | { readonly kind: 'write'; readonly target: string; readonly pass: Pass };

/**
 * The alerts of the first group are sent before the others are written. The groups grow, because a channel sends one
 * message for the alerts that it finds: many small groups would be many messages.
 */
const FIRST_GROUP = 25;
/** A judge that has little time left hands over what it has written of this many targets. */
export const LARGEST_GROUP = 200;
const GROWTH = 4;

/** The most urgent first: pending alerts, new alerts, and changes without an alert. */
export function tasksOf(passes: readonly Pass[]): readonly Task[] {
  const unchanged = passes.flatMap(({ previous, next }) => (previous && next === previous ? [previous] : []));
  const waiting = unchanged.filter(({ owed }) => owed.length > 0);
  const changed = passes.filter(({ previous, next }) => next !== previous);
  const alerts = (pass: Pass) => pass.next.owed.length > 0;
  return [
    ...waiting.map((judgement) => ({ kind: 'take over', target: judgement.target, judgement }) as const),
    ...[...changed.filter(alerts), ...changed.filter((pass) => !alerts(pass))].map(
      (pass) => ({ kind: 'write', target: pass.next.target, pass }) as const,
    ),
  ];
}

export function groupsOf(tasks: readonly Task[]): readonly (readonly Task[])[] {
  const groups: (readonly Task[])[] = [];
  let size = FIRST_GROUP;
  for (let from = 0; from < tasks.length; from += groups.at(-1)?.length ?? size) {
    groups.push(tasks.slice(from, from + size));
    size = Math.min(GROWTH * size, LARGEST_GROUP);
  }
  return groups;
}
