import type { Random } from './random.ts';
import type { Clock } from './virtual-clock.ts';

const MINUTE = 60_000;

/** An outage of a target at some vantages or all. */
export interface Outage {
  readonly since: number;
  readonly vantages: ReadonlySet<string>;
  /** Milliseconds until a probe has failed. */
  readonly took: { readonly least: number; readonly most: number };
}

/** Outages that several targets have at once: of all of them everywhere, of a provider at some vantages, or each its own. */
export interface SharedOutages {
  of(target: string): Outage | null;
  repair(): void;
}

/** Of a provider everywhere, of a provider at some vantages, or of several targets each at other vantages. */
const KINDS = ['everywhere', 'provider', 'mixed'] as const;

/**
 * @param rate how many an hour, in the time without
 * @param onChange called after an outage of this target began or ended
 */
export function simulateSharedOutages(
  clock: Clock,
  random: Random,
  vantages: readonly string[],
  targets: readonly string[],
  rate: number,
  onChange: (target: string) => void,
): SharedOutages {
  const outages = new Map<string, Outage>();
  let repaired = false;
  const majority = Math.floor(vantages.length / 2) + 1;
  const wait = () => random.wait((60 * MINUTE) / rate);
  const shuffled = <T>(all: readonly T[]) =>
    all
      .map((each) => [random.next(), each] as const)
      .sort(([a], [b]) => a - b)
      .map(([, each]) => each);
  const some = (count: number) => new Set(shuffled(vantages).slice(0, count));
  const mostOrAll = () => some(Math.floor(random.between(majority, vantages.length + 1)));
  const few = () => some(Math.floor(random.between(1, majority)));

  /**
   * The vantages at which each target fails. At most half of the targets have different ones, and a quarter of these fail at a
   * few vantages: a vantage that fails alone at most of the targets that pass elsewhere is blind.
   */
  const patterns = (): readonly ReadonlySet<string>[] => {
    const kind = random.pick(KINDS);
    const most = kind === 'mixed' ? Math.max(2, targets.length / 2) : targets.length;
    const count = Math.floor(random.between(2, most + 1));
    const same = kind === 'everywhere' ? new Set(vantages) : mostOrAll();
    const mostAlone = vantages.length > 2 ? Math.max(1, Math.floor(count / 4)) : 0;
    return Array.from({ length: count }, (_, place) => {
      if (kind !== 'mixed') return same;
      return place < mostAlone ? few() : mostOrAll();
    });
  };

  const begin = () => {
    if (repaired) return;
    const most = random.pick([200, 200, 200, 10_000]);
    const failing = patterns();
    const chosen = shuffled(targets).slice(0, failing.length);
    for (const [place, target] of chosen.entries()) {
      outages.set(target, { since: clock.now(), vantages: failing[place] ?? new Set(), took: { least: 20, most } });
      onChange(target);
    }
    clock.after(random.between(3, 12) * MINUTE, () => {
      for (const target of chosen) end(target);
      clock.after(10 * MINUTE + wait(), begin);
    });
  };
  const end = (target: string) => {
    if (outages.delete(target)) onChange(target);
  };

  if (targets.length > 1) clock.after(wait(), begin);
  return {
    of: (target) => outages.get(target) ?? null,
    repair() {
      repaired = true;
      for (const target of [...outages.keys()]) end(target);
    },
  };
}
