/** The vote of a vantage from its recent samples. */
import { heardAt, type Observation, observedAt, secondOf } from '../judgement/observation.ts';
import { failuresNeeded, type Policy, voteWindow } from '../judgement/policy.ts';
import { isoSeconds } from '../judgement/round-name.ts';
import type { Ballot } from '../judgement/vote-and-verdict-definitions.ts';

/** Characters of a detail in the reason of a vote. */
const LONGEST_DETAIL = 160;

/** Severity of outcomes. If a round was recorded twice with different outcomes, the worse one counts. */
const SEVERITY = { unable: 0, pass: 1, warn: 2, fail: 3 } as const;

/**
 * The vote of one vantage on one target. The vantage abstains unless its newest sample is fresh and not `unable`. It votes
 * `down` after `failuresNeeded` failed probes in a row, and `up` again after `recover` passed ones. One pass is enough for a
 * vantage that never failed. A `warn` does not prevent delivery, so it is a vote for `up`.
 *
 * @param observations Samples of one vantage and one target, in any order, possibly repeated.
 * @param failingSince The second of the first failure if the last vote was `down`; otherwise null.
 */
export function castVote(
  observations: readonly Observation[],
  policy: Policy,
  now: number,
  failingSince: string | null = null,
): Ballot {
  const recent = recentOf(observations, policy, now);
  const newest = recent.at(-1) ?? null;
  const reason = abstainReason(newest, policy, now);
  if (newest === null || reason !== null)
    return { ...abstain(newest, reason ?? ''), problems: problemsOf(recent, policy) };
  if (failingSince === null && recent.every(({ outcome }) => outcome === 'pass')) return ballotOfPasses(newest);
  return countVote(
    recent.filter(({ outcome }) => outcome !== 'unable'),
    newest,
    policy,
    failingSince,
  );
}

const NO_FAILURE = { since: null, failures: 0, problems: [], warning: null } as const;

/** The ballot of a vantage without failures, which is the most frequent one. */
function ballotOfPasses(newest: Observation): Ballot {
  return { ...NO_FAILURE, vantage: newest.vantage, vote: 'up', why: 'passed', newest };
}

/** A ballot that does not count. */
export function abstain(newest: Observation | null, why: string, vantage = newest?.vantage ?? ''): Ballot {
  return { ...NO_FAILURE, vantage, vote: 'abstain', why, newest };
}

/** Samples within the window, oldest first, one per round. A name more than one round in the future is ignored. */
function recentOf(observations: readonly Observation[], policy: Policy, now: number): readonly Observation[] {
  const [from, to] = [now - voteWindow(policy), now + policy.every];
  const rounds = new Map<string, { readonly at: number; readonly observation: Observation }>();
  for (const observation of observations) {
    const at = observedAt(observation, policy);
    const other = rounds.get(observation.round)?.observation;
    if (at >= from && at <= to && isWorse(observation, other)) rounds.set(observation.round, { at, observation });
  }
  return [...rounds.values()].sort((a, b) => a.at - b.at).map(({ observation }) => observation);
}

function isWorse(one: Observation, other: Observation | undefined): boolean {
  if (other === undefined) return true;
  const difference = SEVERITY[one.outcome] - SEVERITY[other.outcome];
  return difference > 0 || (difference === 0 && (one.code ?? '') > (other.code ?? ''));
}

function abstainReason(newest: Observation | null, policy: Policy, now: number): string | null {
  if (newest === null) return 'no recent round';
  if (newest.outcome === 'unable') return `unable to probe: ${whyUnable(newest)}`;
  const age = now - heardAt(newest, policy);
  return age > policy.freshness * policy.every ? `stale: last round ${secondOf(newest, policy)}` : null;
}

/** `secret-unreadable: environment variable SMTP_PASSWORD is not set`. */
function whyUnable({ code, detail }: Observation): string {
  return [code ?? 'no reason given', ...(detail ? [detail.slice(0, LONGEST_DETAIL)] : [])].join(': ');
}

function countVote(
  rounds: readonly Observation[],
  newest: Observation,
  policy: Policy,
  failingSince: string | null,
): Ballot {
  const needed = failuresNeeded(policy);
  const failing = rounds.map(({ outcome }) => outcome === 'fail');
  const failure = settle(failing, needed, policy.recover, failingSince === null ? null : true);
  const failures = streak(failing);
  const problems = problemsOf(rounds, policy);
  const base = { vantage: newest.vantage, newest, failures, problems };
  const since = secondAt(rounds[rounds.length - failures], policy);
  if (failure.held === null)
    return { ...base, vote: 'abstain', why: `first failures: ${failures} of ${needed}`, since, warning: null };
  if (failure.held)
    return {
      ...base,
      vote: 'down',
      why: whyDown(rounds),
      since: secondAt(rounds[failure.from], policy) ?? failingSince,
      warning: null,
    };
  return { ...base, vote: 'up', why: whyUp(newest, failures, needed), since, warning: warningOf(rounds, policy) };
}

/**
 * Hysteresis over a row of marks: the state is set after `enter` marks in a row, and reset after `leave` blanks in a row.
 * Null while the state is unknown. Idempotent: the same row again, from the final state, results in the same state.
 */
function settle(marks: readonly boolean[], enter: number, leave: number, before: true | null) {
  let [held, from, run]: [boolean | null, number, number] = [before, -1, 0];
  for (const [i, mark] of marks.entries()) {
    run = i > 0 && marks[i - 1] === mark ? run + 1 : 1;
    if (mark && run >= enter && held !== true) [held, from] = [true, i - run + 1];
    if (!mark && (held === null || run >= leave)) held = false;
  }
  return { held, from };
}

function problemsOf(rounds: readonly Observation[], policy: Policy): Ballot['problems'] {
  return rounds
    .filter(({ outcome }) => outcome === 'warn' || outcome === 'fail')
    .map((problem) => ({ ...problem, second: isoSeconds(observedAt(problem, policy)) }));
}

function streak(marks: readonly boolean[]): number {
  return marks.length - 1 - marks.lastIndexOf(false);
}

function warningOf(rounds: readonly Observation[], policy: Policy): Ballot['warning'] {
  const marks = rounds.map(({ outcome }) => outcome !== 'pass');
  const { held, from } = settle(marks, failuresNeeded(policy), policy.recover, null);
  const warned = rounds.findLast(({ outcome }) => outcome === 'warn');
  if (held !== true || warned === undefined) return null;
  return { code: warningCode(warned), since: isoSeconds(observedAt(rounds[from] ?? warned, policy)) };
}

function secondAt(observation: Observation | undefined, policy: Policy): string | null {
  return observation === undefined ? null : isoSeconds(observedAt(observation, policy));
}

/** The code of a warning with its threshold, as a ballot has it. */
export function warningCode({ code, threshold }: Observation): string {
  return threshold == null ? (code ?? 'warning') : `${code ?? 'warning'}@${threshold}`;
}

function whyDown(rounds: readonly Observation[]): string {
  const failed = rounds.findLast(({ outcome }) => outcome === 'fail');
  const what =
    failed === undefined
      ? 'failed before'
      : `failed at ${failed.phase ?? 'an unnamed phase'}: ${failed.code ?? 'no code'}`;
  const passes = streak(rounds.map(({ outcome }) => outcome !== 'fail'));
  return passes === 0 ? what : `${what}; ${passes} passed since`;
}

function whyUp(newest: Observation, failures: number, needed: number): string {
  if (failures > 0) return `${failures} of ${needed} failures: ${newest.code ?? 'no code'}`;
  return newest.outcome === 'warn' ? `passed with a warning: ${newest.code ?? 'no code'}` : 'passed';
}
