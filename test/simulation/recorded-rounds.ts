import type { Policy } from '../../lambda/consensus/judgement/policy.ts';
import { unpackRound } from '../../lambda/history/packing/round-packing.ts';
import type { Item } from '../../lambda/history/table/table.ts';
import type { Truth } from './actual-state.ts';
import type { Clock } from './virtual-clock.ts';

const MINUTE = 60_000;
/** Clocks of the world are wrong by a few seconds, and a judge writes a moment after it read: a quorum then counts. */
const SLACK = 10_000;
const REMEMBERED = 40;

interface Seen {
  /** When the round was due, and when it could first be read. */
  readonly due: number;
  readonly stored: number;
  readonly outcome: string;
}

/**
 * Every sample as it was recorded, and the plainest reckoning of a quorum from them: written apart from the product's, in
 * another way, to be its judge.
 */
export interface Archive {
  stored(round: Item): void;
  has(vantage: string, round: string): boolean;
  /** Whether more than half of the vantages with something fresh to say failed twice in a row, now or a moment ago. */
  hasQuorum(target: string): boolean;
  /** Whether fewer vantages than must vote had anything fresh to say, then and well before it and still. */
  lacksVoters(target: string, then: number): boolean;
  /** The recent samples of each vantage, a letter each, to understand a violation by. */
  account(target: string): string;
}

export function openArchive(clock: Clock, policy: Policy, targets: readonly string[], truth: Truth): Archive {
  const rounds = new Set<string>();
  const samples = new Map<string, Seen[]>();
  const blindSince = new Map<string, number>();

  const of = (vantage: string, target: string) => samples.get(`${vantage} ${target}`) ?? [];

  /** What each vantage with something fresh to say, give or take the slack, had seen by then. */
  const votersAt = (target: string, then: number, slack: number) => {
    const voters = policy.vantages.filter((vantage) => !isProvenBlind(vantage, target));
    const seen = voters.map((vantage) => of(vantage, target).filter(({ stored }) => stored <= then));
    return seen.filter((rounds) => isEntitled(rounds.at(-1), then - policy.freshness * policy.every - slack));
  };

  const quorumAt = (target: string, then: number) => {
    const fresh = votersAt(target, then, SLACK);
    const down = fresh.filter(hasFailed).length;
    return fresh.length >= policy.minimumVoters && down * 2 > fresh.length;
  };

  /** A vantage that fails everything for some rounds, while every other target is up and so shows it. */
  const isProvenBlind = (vantage: string, target: string) => {
    const since = blindSince.get(vantage);
    if (truth.hindrance(vantage) !== 'blind') return false;
    const others = targets.filter((other) => other !== target);
    const shown = others.every((other) => clock.now() - (truth.upSince(other) ?? clock.now()) > 5 * MINUTE);
    const isOnlyTrouble = clock.now() - truth.fairSince() > 5 * MINUTE;
    return since !== undefined && clock.now() - since > 5 * MINUTE && shown && isOnlyTrouble;
  };

  return {
    stored(item) {
      const { vantage, round, samples: seen } = unpackRound(item, () => undefined);
      rounds.add(`${vantage} ${round}`);
      if (truth.hindrance(vantage) !== 'blind') blindSince.delete(vantage);
      else if (!blindSince.has(vantage)) blindSince.set(vantage, clock.now());
      for (const [target, { outcome }] of seen) {
        const kept = [...of(vantage, target), { due: dueAt(round, vantage, policy), stored: clock.now(), outcome }];
        samples.set(`${vantage} ${target}`, kept.sort((a, b) => a.due - b.due).slice(-REMEMBERED));
      }
    },
    has: (vantage, round) => rounds.has(`${vantage} ${round}`),
    lacksVoters: (target, then) =>
      [then - SLACK, then, clock.now()].every((at) => votersAt(target, at, 0).length < policy.minimumVoters),
    account: (target) =>
      policy.vantages.map((vantage) => `${vantage} ${recentOf(of(vantage, target), clock.now())}`).join(', '),
    hasQuorum: (target) => [0, 300, 1000, 3000].some((ago) => quorumAt(target, clock.now() - ago)),
  };
}

function dueAt(round: string, vantage: string, { every, stagger, vantages }: Policy): number {
  const named = Date.parse(round);
  const isScheduled = named % every === 0;
  return stagger && isScheduled ? named + (vantages.indexOf(vantage) * every) / vantages.length : named;
}

function recentOf(seen: readonly Seen[], now: number): string {
  return seen
    .slice(-6)
    .map(({ outcome, due }) => `${outcome}@-${Math.round((now - due) / 1000)}s`)
    .join(' ');
}

function isEntitled(newest: Seen | undefined, oldest: number): boolean {
  return newest !== undefined && newest.due >= oldest && newest.outcome !== 'unable';
}

/** Two failures in a row, and no two passes in a row since. */
function hasFailed(seen: readonly Seen[]): boolean {
  const letters = seen
    .filter(({ outcome }) => outcome !== 'unable')
    .map(({ outcome }) => (outcome === 'fail' ? 'f' : 'p'))
    .join('');
  return letters.lastIndexOf('ff') > letters.lastIndexOf('pp');
}
