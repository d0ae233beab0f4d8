/**
 * The votes around and during an incident, from the samples that are kept. The verdict of each moment is the one that was
 * recorded: the config, and whether a vantage was blind, may have been others then.
 */

import type { Incident } from '../../../consensus/judgement/incident.ts';
import { type Policy, voteWindow } from '../../../consensus/judgement/policy.ts';
import { isoSeconds } from '../../../consensus/judgement/round-name.ts';
import type { Verdict } from '../../../consensus/judgement/vote-and-verdict-definitions.ts';
import { votesNeeded } from '../../../consensus/quorum/decide-verdict.ts';
import { castVote } from '../../../consensus/vote/cast-vote.ts';
import type { VantageSample } from '../../../history/packing/recorded-round.ts';
import type { TimeSpan } from '../../source/rounds.ts';
import type { VoteMoment, VotesSnapshot } from '../snapshot.ts';

/** Rounds at the beginning and at the end of an incident; those between are left out. */
const AT_EACH_END = 40;
/** Rounds before and after it. */
const AROUND = 3;

export type TimedIncident = Pick<Incident, 'opened' | 'closed' | 'timeline'>;

/** When the rounds began that are shown: one span, or two of a long incident. @param now epoch milliseconds */
export function shownSpans({ opened, closed }: TimedIncident, { every }: Policy, now: number): readonly TimeSpan[] {
  const from = Date.parse(opened) - AROUND * every;
  const to = closed === null ? now : Math.min(now, Date.parse(closed) + AROUND * every);
  const length = AT_EACH_END * every;
  if (to - from <= 2 * length) return [{ from, to }];
  return [
    { from, to: from + length },
    { from: to - length, to },
  ];
}

/** The samples of the rounds that are shown. */
export function shownSamples(
  incident: TimedIncident,
  samples: readonly VantageSample[],
  policy: Policy,
  now: number,
): readonly VantageSample[] {
  const spans = shownSpans(incident, policy, now);
  return samples.filter(({ round }) =>
    spans.some(({ from, to }) => Date.parse(round) >= from && Date.parse(round) <= to),
  );
}

/** @param samples of the target, in any order, also from before the spans: votes count several rounds */
export function votesOf(
  incident: TimedIncident,
  samples: readonly VantageSample[],
  policy: Policy,
  now: number,
): VotesSnapshot {
  const { vantages } = policy;
  const rounds = roundsOf(samples);
  const spans = shownSpans(incident, policy, now).map((span) => momentsIn(incident, rounds, span, policy));
  const [head = [], tail = []] = spans;
  const moments = [...head, ...tail];
  return { vantages, moments, gap: tail.length > 0 ? head.length : null };
}

/** The samples of one name of a round, with its time. */
interface NamedRound {
  readonly at: number;
  readonly samples: readonly VantageSample[];
}

function roundsOf(samples: readonly VantageSample[]): readonly NamedRound[] {
  const byName = new Map<string, VantageSample[]>();
  for (const sample of samples) {
    const own = byName.get(sample.round) ?? [];
    own.push(sample);
    byName.set(sample.round, own);
  }
  const named = [...byName].map(([round, own]) => ({ at: Date.parse(round), samples: own }));
  return named.sort((one, other) => one.at - other.at);
}

function momentsIn(
  incident: TimedIncident,
  rounds: readonly NamedRound[],
  { from, to }: TimeSpan,
  policy: Policy,
): readonly VoteMoment[] {
  const failing = new Map<string, string | null>();
  const near = rounds.filter(({ at }) => at >= from - 2 * voteWindow(policy) && at <= to);
  return near.flatMap((round, place) => {
    const next = near[place + 1]?.at ?? Number.POSITIVE_INFINITY;
    const judged = Math.min(next - 1, round.at + policy.every);
    const recent = near.slice(0, place + 1).filter(({ at }) => at >= judged - voteWindow(policy) - policy.every);
    const moment = {
      ...momentOf(recent, judged, policy, failing),
      verdict: verdictAt(incident, round.at, Math.max(round.at, Math.min(wholeSecond(next) - 1, judged))),
    };
    return round.at < from ? [] : [moment];
  });
}

/**
 * After the last one of these rounds.
 * @param failing since when each vantage votes `down`; it is carried from moment to moment
 */
function momentOf(
  rounds: readonly NamedRound[],
  now: number,
  policy: Policy,
  failing: Map<string, string | null>,
): Omit<VoteMoment, 'verdict'> {
  const { vantages, quorum } = policy;
  const present = rounds.at(-1);
  const ballots = vantages.map((vantage) => {
    const own = rounds.flatMap(({ samples }) => samples.filter((one) => one.vantage === vantage));
    const observations = own.map(({ round, sample }) => ({ ...sample, vantage, round }));
    const ballot = castVote(observations, policy, now, failing.get(vantage) ?? null);
    failing.set(vantage, ballot.vote === 'down' ? ballot.since : null);
    return ballot;
  });
  const outcomeOf = (vantage: string) =>
    present?.samples.find((one) => one.vantage === vantage)?.sample.outcome ?? null;
  return {
    at: isoSeconds(present?.at ?? now),
    outcomes: vantages.map(outcomeOf),
    votes: ballots.map(({ vote }) => vote),
    needed: votesNeeded(quorum, ballots.filter(({ vote }) => vote !== 'abstain').length, vantages.length),
  };
}

/** Lines of a timeline have whole seconds; a second opinion, whose round has milliseconds, may have decided within its second. */
function wholeSecond(at: number): number {
  return Math.floor(at / 1000) * 1000;
}

/**
 * By the timeline, in which each change of the verdict is a line.
 * @param at the round @param judged after it
 */
function verdictAt({ opened, closed, timeline }: TimedIncident, at: number, judged: number): Verdict | null {
  if (judged < Date.parse(opened) || (closed !== null && at > Date.parse(closed))) return null;
  const lines = timeline.filter((line) => Date.parse(line.at) <= judged);
  const words = lines.flatMap(({ what }) => /^(up|degraded|down|unknown): /.exec(what)?.[1] ?? []);
  return (words.at(-1) as Verdict | undefined) ?? 'up';
}
