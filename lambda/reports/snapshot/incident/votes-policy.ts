import type { Policy } from '../../../consensus/judgement/policy.ts';
import type { VantageSample } from '../../../history/packing/recorded-round.ts';
import { guessPolicy } from '../../replay/configured-or-guessed-policy.ts';
import type { ReportSource } from '../../source/report-source.ts';

/**
 * The policy of the config, if a vantage of it is in the history: on one machine a config may name regions that have none there.
 * Otherwise a guess, with the vantages of the samples.
 */
export function votesPolicy(
  { config, vantages }: Pick<ReportSource, 'config' | 'vantages'>,
  samples: readonly VantageSample[],
): Policy {
  const configured = config?.policy;
  const isOfHistory = configured?.vantages.some((vantage) => vantages.includes(vantage)) ?? false;
  if (configured !== undefined && (isOfHistory || vantages.length === 0)) return configured;
  const seen = new Set(samples.map(({ vantage }) => vantage));
  const order = [...vantages.filter((vantage) => seen.has(vantage)), ...seen].filter(
    (one, at, all) => all.indexOf(one) === at,
  );
  return guessPolicy(order, samples);
}
