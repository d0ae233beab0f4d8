/** The verdict from the votes of all vantages. */
import { hasPassed, observedAt } from '../judgement/observation.ts';
import { failuresNeeded, type Policy, type Quorum, roundsSince } from '../judgement/policy.ts';
import type { Ballot, Decision, Verdict } from '../judgement/vote-and-verdict-definitions.ts';

/**
 * Votes for `down` that make a quorum among the entitled voters. A number, or `down` of `of`, is a share: it decreases with
 * the number of voters, so that a lost region cannot make a quorum impossible. It is always a strict majority or more: a
 * tie is not a quorum, independent of the config.
 */
export function votesNeeded(quorum: Quorum, entitled: number, vantages: number): number {
  const majority = Math.floor(entitled / 2) + 1;
  if (quorum === 'majority') return majority;
  const { down, of } = typeof quorum === 'number' ? { down: quorum, of: vantages } : quorum;
  return Math.max(majority, Math.ceil((down * entitled) / of));
}

/** Why a quorum is not valid for a number of vantages, as a message for the author of the config; null if it is valid. */
export function quorumProblem(quorum: Quorum, vantages: number): string | null {
  if (quorum === 'majority') return null;
  const { down, of } = typeof quorum === 'number' ? { down: quorum, of: vantages } : quorum;
  if (down > of) return `a quorum of ${down} out of ${of} can never be reached`;
  if (down * 2 <= of)
    return `${down} of ${of} is not a majority: use ${Math.floor(of / 2) + 1} or more (a lasting minority is reported as degraded)`;
  return null;
}

/**
 * Decides the verdict. The first matching row applies:
 *
 * | entitled voters      | votes for `down`                                       | verdict    |
 * | -------------------- | ------------------------------------------------------ | ---------- |
 * | below minimumVoters  | any                                                    | `unknown`  |
 * | enough               | a quorum, not contested                                | `down`     |
 * | enough               | any, and `down` or `degraded` was reported last        | `degraded` |
 * | enough               | any that has lasted `patience` rounds                  | `degraded` |
 * | enough               | below a quorum, and a quorum agrees on a warning       | `degraded` |
 * | enough               | otherwise                                              | `up`       |
 *
 * Votes for `down` are contested if a probe of another vantage passed after the newest of them began to fail. Then a vantage
 * abstains unless it failed once more than a vote needs: two vantages with lost probes are asked again.
 *
 * @param reported The last reported verdict. A reported failure ends when no entitled vantage votes `down`, not when the
 * votes fall below the quorum.
 */
export function decideVerdict(ballots: readonly Ballot[], policy: Policy, reported: Verdict, now: number): Decision {
  const entitled = ballots.filter(({ vote }) => vote !== 'abstain');
  const down = entitled.filter(({ vote }) => vote === 'down');
  const needed = votesNeeded(policy.quorum, entitled.length, policy.vantages.length);
  const count = `${down.length} of ${entitled.length} entitled vantages voted down, quorum ${needed}`;
  if (entitled.length < policy.minimumVoters)
    return { verdict: 'unknown', reason: tooFewText(entitled.length, ballots, policy), warning: null };
  if (isQuorum(reported === 'down' ? entitled : withoutContested(entitled, policy), policy))
    return { verdict: 'down', reason: count, warning: null };
  if ((reported === 'down' || reported === 'degraded') && down.length > 0)
    return { verdict: 'degraded', reason: `${count}: some vantages still fail`, warning: null };
  const lasting = down.filter(({ since }) => since !== null && roundsSince(since, policy, now) >= policy.patience);
  if (lasting.length > 0)
    return { verdict: 'degraded', reason: `${count}: ${lastingText(lasting, now)}`, warning: null };
  const warning = agreedWarning(entitled, needed);
  if (warning !== null)
    return {
      verdict: 'degraded',
      reason: `${count}; at least ${needed} of ${entitled.length} warn: ${warningText(warning)}`,
      warning,
    };
  return { verdict: 'up', reason: count, warning: null };
}

/** `certificate-expiring@7 days` is `certificate-expiring (threshold 7 days)`. */
function warningText(warning: string): string {
  const [code, threshold] = warning.split('@');
  return threshold === undefined ? warning : `${code} (threshold ${threshold})`;
}

function isQuorum(entitled: readonly Ballot[], { quorum, vantages }: Policy): boolean {
  const down = entitled.filter(({ vote }) => vote === 'down');
  return down.length >= votesNeeded(quorum, entitled.length, vantages.length);
}

/** The voters without those whose failures are contested and not yet confirmed. */
function withoutContested(entitled: readonly Ballot[], policy: Policy): readonly Ballot[] {
  return isContested(entitled, policy)
    ? entitled.filter(({ vote, failures }) => vote === 'up' || failures > failuresNeeded(policy))
    : entitled;
}

/** Whether a vantage that votes `up` probed after the newest of the votes for `down` began to fail. */
export function isContested(ballots: readonly Ballot[], policy: Policy): boolean {
  const down = ballots.filter(({ vote }) => vote === 'down');
  const newestStart = Math.max(...down.map(({ since }) => Date.parse(since ?? '')));
  return ballots.some(
    ({ vote, newest }) =>
      vote === 'up' && newest !== null && hasPassed(newest) && observedAt(newest, policy) >= newestStart,
  );
}

function tooFewText(entitled: number, ballots: readonly Ballot[], { minimumVoters }: Policy): string {
  const abstentions = ballots.filter(({ vote }) => vote === 'abstain').map(({ vantage, why }) => `${vantage} ${why}`);
  return `${entitled} of ${ballots.length} vantages entitled to vote, ${minimumVoters} needed (${abstentions.join('; ')})`;
}

function lastingText(lasting: readonly Ballot[], now: number): string {
  const [since = ''] = lasting.map(({ since }) => since ?? '').sort();
  const minutes = Math.round((now - Date.parse(since)) / 60_000);
  return `${lasting.map(({ vantage }) => vantage).join(', ')} failing for ${minutes} minutes`;
}

/** The first code, in alphabetical order, with enough votes. */
function agreedWarning(entitled: readonly Ballot[], needed: number): string | null {
  const codes = entitled.flatMap(({ warning }) => (warning === null ? [] : [warning.code])).sort();
  return codes.find((code) => codes.filter((other) => other === code).length >= needed) ?? null;
}
