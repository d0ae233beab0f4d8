/** The order in which the targets of a round are probed. */
import type { Target } from '../../config/config.ts';

/** Targets that the last round did not reach, by vantage. A new container starts without them. */
const unreached = new Map<string, ReadonlySet<string>>();

/**
 * The targets that the last round did not reach, then the others, shuffled. If there is no time for all targets, it is not
 * always the end of the list that is not probed.
 */
export function roundOrder(vantage: string, targets: readonly Target[]): readonly Target[] {
  const late = unreached.get(vantage);
  const mixed = shuffle(targets);
  if (late === undefined) return mixed;
  return [...mixed.filter(({ id }) => late.has(id)), ...mixed.filter(({ id }) => !late.has(id))];
}

/** Keeps the targets that this round did not reach for the next one. Targets of other rounds stay as they are. */
export function keepUnreached(vantage: string, targets: readonly Target[], reached: ReadonlySet<string>): void {
  const late = new Set(unreached.get(vantage));
  for (const { id } of targets) {
    if (reached.has(id)) late.delete(id);
    else late.add(id);
  }
  unreached.set(vantage, late);
}

/** Fisher and Yates. */
function shuffle<Element>(elements: readonly Element[]): readonly Element[] {
  const mixed = [...elements];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other] as Element, mixed[last] as Element];
  }
  return mixed;
}
