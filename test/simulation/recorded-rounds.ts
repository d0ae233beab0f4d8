import type { Policy } from '../../lambda/consensus/judgement/policy.ts';
import type { Round } from '../../lambda/history/packing/recorded-round.ts';
import { unpackRound } from '../../lambda/history/packing/round-packing.ts';
import type { Item } from '../../lambda/history/table/table.ts';
import type { ActualState } from './actual-state.ts';
import { LONGEST } from './greylisting.ts';
import type { Clock } from './virtual-clock.ts';

const MINUTE = 60_000;
/** Milliseconds. Simulated clocks are wrong by seconds, and a judge writes after it reads, so the check also accepts these times. */
const TOLERANCE = 10_000;
const MOST_KEPT = 40;
/** Milliseconds. The clock of a judge may be ahead by three minutes, and its name of a round by one. */
const CLOCK_TOLERANCE = 4 * MINUTE;
/** A vantage that was deferred so often, for longer than any greylist does, has failed. */
const DEFERRED_TRIES = 4;

interface RecordedSample {
  /** When the probe began, and when the round was stored. */
  readonly due: number;
  readonly stored: number;
  readonly outcome: string;
  /** How often the vantage was deferred since it passed, this one included, and when first. */
  readonly deferred: { readonly tries: number; readonly since: number } | null;
}

/**
 * Every recorded sample, and a second, simpler implementation of the quorum. The verdicts of the product are compared with
 * it.
 */
export interface RecordedRounds {
  /** The samples that this write added. `replaced` is the item before. */
  stored(item: Item, replaced: Item | null): Pick<Round, 'vantage' | 'samples'>;
  has(vantage: string, round: string, target: string): boolean;
  /** Whether more than half of the vantages with fresh samples failed twice in a row, now or shortly before. */
  hasQuorum(target: string): boolean;
  /** Whether fewer vantages than `minimumVoters` had fresh samples, at that time, before it and now. */
  lacksVoters(target: string, then: number): boolean;
  /** The recent samples of each vantage, for the text of a violation. */
  describe(target: string): string;
}

export function recordRounds(
  clock: Clock,
  policy: Policy,
  targets: readonly string[],
  state: ActualState,
): RecordedRounds {
  const recorded = new Set<string>();
  /** Parts of rounds, until the head that lists them is stored. */
  const parts = new Map<string, Item>();
  /** When a vantage was last known to probe a target, by the rounds that named its probe as under way. */
  const heard = new Map<string, readonly { readonly at: number; readonly stored: number }[]>();
  const samples = new Map<string, RecordedSample[]>();
  const blindSince = new Map<string, number>();

  const samplesOf = (vantage: string, target: string) => samples.get(`${vantage} ${target}`) ?? [];

  /** The samples until then of each vantage that is entitled to vote, within the tolerance. */
  const votersAt = (target: string, then: number, tolerance: number) => {
    const voters = policy.vantages.filter((vantage) => !isKnownBlind(vantage, target));
    // A sample more than a round in the future is from a clock that is ahead, and is ignored until then.
    const isKnown = ({ stored, due }: RecordedSample) => stored <= then && due <= then + policy.every + tolerance;
    const oldest = then - policy.freshness * policy.every - tolerance;
    return voters
      .filter((vantage) => {
        const newest = samplesOf(vantage, target).findLast(isKnown);
        const calls = heard.get(`${vantage} ${target}`) ?? [];
        return isEntitled(
          newest,
          oldest,
          calls.some(({ at, stored }) => stored <= then && at >= oldest),
        );
      })
      .map((vantage) => samplesOf(vantage, target).filter(isKnown));
  };

  const quorumAt = (target: string, then: number) => {
    const fresh = votersAt(target, then, TOLERANCE);
    const down = fresh.filter((seen) => hasFailed(seen, then)).length;
    return fresh.length >= policy.minimumVoters && down * 2 > fresh.length;
  };

  /** Whether all probes of the vantage have failed for some rounds while every other target was up. */
  const isKnownBlind = (vantage: string, target: string) => {
    const since = blindSince.get(vantage);
    if (state.vantageFault(vantage) !== 'blind') return false;
    const others = targets.filter((other) => other !== target);
    const othersUp = others.every((other) => clock.now() - (state.upSince(other) ?? clock.now()) > 5 * MINUTE);
    const isOnlyFault = clock.now() - state.calmSince() > 5 * MINUTE;
    return since !== undefined && clock.now() - since > 5 * MINUTE && othersUp && isOnlyFault;
  };

  return {
    stored(item, replaced) {
      if (item.sk.includes('#')) {
        parts.set(`${item.pk} ${item.sk}`, item);
        return { vantage: '', samples: new Map() };
      }
      const partOf = (sk: string) => parts.get(`${item.pk} ${sk}`);
      const unpacked = unpackRound(item, partOf);
      const { vantage, round } = unpacked;
      const before = replaced === null ? new Map() : unpackRound(replaced, partOf).samples;
      const added = new Map([...unpacked.samples].filter(([target]) => !before.has(target)));
      if (state.vantageFault(vantage) !== 'blind') blindSince.delete(vantage);
      else if (!blindSince.has(vantage)) blindSince.set(vantage, clock.now());
      for (const [target, { outcome }] of added) {
        recorded.add(`${vantage} ${round} ${target}`);
        const earlier = samplesOf(vantage, target);
        const deferred = deferredWith(earlier.at(-1)?.deferred ?? null, outcome, Date.parse(round));
        const kept = [...earlier, { due: dueAt(unpacked, policy), stored: clock.now(), outcome, deferred }];
        samples.set(`${vantage} ${target}`, kept.sort((a, b) => a.due - b.due).slice(-MOST_KEPT));
      }
      for (const [target, seconds] of Object.entries(unpacked.underWay ?? {})) {
        const key = `${vantage} ${target}`;
        const call = { at: Date.parse(round) + seconds * 1000, stored: clock.now() };
        heard.set(key, [...(heard.get(key) ?? []), call].slice(-MOST_KEPT));
      }
      return { vantage, samples: added };
    },
    has: (vantage, round, target) => recorded.has(`${vantage} ${round} ${target}`),
    lacksVoters: (target, then) =>
      [then - TOLERANCE, then, clock.now()].every((at) => votersAt(target, at, 0).length < policy.minimumVoters),
    describe: (target) =>
      policy.vantages.map((vantage) => `${vantage} ${recentOf(samplesOf(vantage, target), clock.now())}`).join(', '),
    hasQuorum: (target) => [0, 300, 1000, 3000].some((ago) => quorumAt(target, clock.now() - ago)),
  };
}

function dueAt({ round, vantage, began }: Round, { every, stagger, vantages, freshness }: Policy): number {
  const named = Date.parse(round);
  const started = Date.parse(began ?? round);
  if (began !== undefined && started - named <= freshness * every) return Math.max(named, started);
  const isScheduled = named % every === 0;
  return stagger && isScheduled ? named + (vantages.indexOf(vantage) * every) / vantages.length : named;
}

function recentOf(seen: readonly RecordedSample[], now: number): string {
  return seen
    .slice(-6)
    .map(({ outcome, due }) => `${outcome}@-${Math.round((now - due) / 1000)}s`)
    .join(' ');
}

/** @param isProbing whether a later probe is under way, which is no silence */
function isEntitled(newest: RecordedSample | undefined, oldest: number, isProbing: boolean): boolean {
  return newest !== undefined && (newest.due >= oldest || isProbing) && newest.outcome !== 'unable';
}

function deferredWith(before: RecordedSample['deferred'], outcome: string, at: number): RecordedSample['deferred'] {
  if (outcome === 'pass') return null;
  if (outcome !== 'warn') return before;
  return { tries: (before?.tries ?? 0) + 1, since: Math.min(before?.since ?? at, at) };
}

/** Two failures in a row, and no two passes in a row since. */
function hasFailed(seen: readonly RecordedSample[], then: number): boolean {
  const { tries, since } = seen.at(-1)?.deferred ?? { tries: 0, since: then };
  const isLasting = tries >= DEFERRED_TRIES && then - since > LONGEST - CLOCK_TOLERANCE;
  const outcomes = seen
    .filter(({ outcome }) => outcome !== 'unable')
    .map(({ outcome }) => (outcome === 'fail' || (outcome === 'warn' && isLasting) ? 'f' : 'p'))
    .join('');
  return outcomes.lastIndexOf('ff') > outcomes.lastIndexOf('pp');
}
