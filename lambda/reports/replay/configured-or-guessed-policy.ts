import { isDeepStrictEqual } from 'node:util';
import { type Policy, policyDefaults } from '../../consensus/judgement/policy.ts';
import { votesNeeded } from '../../consensus/quorum/decide-verdict.ts';
import type { Round } from '../../history/packing/recorded-round.ts';
import type { ReportSource } from '../source/report-source.ts';

type NamedRound = Pick<Round, 'vantage' | 'round'>;

/** Whether two policies need the same votes for every number of voting vantages, even if they are written differently. */
export function isSamePolicy(one: Policy, other: Policy): boolean {
  const { vantages } = one;
  const votes = ({ quorum }: Policy) => vantages.map((_, at) => votesNeeded(quorum, at + 1, vantages.length));
  return isDeepStrictEqual({ ...one, quorum: votes(one) }, { ...other, quorum: votes(other) });
}

/** The policy of the config if the config names every vantage of the history; otherwise a guess. */
export function historyPolicy(
  { config, vantages }: Pick<ReportSource, 'config' | 'vantages'>,
  rounds: readonly NamedRound[],
): Policy {
  const configured = config?.policy;
  const matches = configured !== undefined && vantages.every((vantage) => configured.vantages.includes(vantage));
  return matches ? configured : guessPolicy(vantages, rounds);
}

/** The default policy, with the median distance of the rounds of a vantage as the length of a round. */
export function guessPolicy(vantages: readonly string[], rounds: readonly NamedRound[]): Policy {
  const times = rounds.filter(({ vantage }) => vantage === vantages[0]).map(({ round }) => Date.parse(round));
  const gaps = times.slice(1).map((time, at) => time - (times[at] ?? time));
  const every = gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 60_000;
  return { ...policyDefaults(vantages.length), vantages, every, stagger: false };
}
