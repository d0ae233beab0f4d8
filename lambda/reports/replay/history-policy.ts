import { isDeepStrictEqual } from 'node:util';
import { type Policy, policyDefaults } from '../../consensus/judgement/policy.ts';
import { votesNeeded } from '../../consensus/quorum/decide-verdict.ts';
import type { Round } from '../../history/packing/recorded-sample.ts';
import type { ReportSource } from '../source/report-source.ts';

/** Whether two policies come to the same votes, whatever they are called and however many vantages may vote. */
export function isSamePolicy(one: Policy, other: Policy): boolean {
  const { vantages } = one;
  const votes = ({ quorum }: Policy) => vantages.map((_, at) => votesNeeded(quorum, at + 1, vantages.length));
  return isDeepStrictEqual({ ...one, quorum: votes(one) }, { ...other, quorum: votes(other) });
}

/** The config's, where it is the one that this history was made with. */
export function historyPolicy(
  { config, vantages }: Pick<ReportSource, 'config' | 'vantages'>,
  rounds: readonly Round[],
): Policy {
  const configured = config?.policy;
  const isTheirs = configured !== undefined && vantages.every((vantage) => configured.vantages.includes(vantage));
  return isTheirs ? configured : guessPolicy(vantages, rounds);
}

/** The defaults, for a history without its config; the length of a round is what most rounds of a vantage are apart. */
export function guessPolicy(vantages: readonly string[], rounds: readonly Round[]): Policy {
  const times = rounds.filter(({ vantage }) => vantage === vantages[0]).map(({ round }) => Date.parse(round));
  const gaps = times.slice(1).map((time, at) => time - (times[at] ?? time));
  const every = gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 60_000;
  return { ...policyDefaults(vantages.length), vantages, every, stagger: false };
}
