/** Checks whether somebody is told of an outage independently of the watched mail servers. */
import {
  addressesOfOutages,
  addressesText,
  DEPENDENCE_FIX,
  dependenceProblem,
  domainOf,
  mailDependence,
  targetByName,
} from '../../../lambda/alert/independence/mail-dependence.ts';
import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { localVantage } from '../../../lambda/config/schema/aws-regions.ts';
import { type NameResolver, systemResolver } from '../../../lambda/dns/resolver.ts';
import { type CheckResult, passed, problem } from '../check-result.ts';
import { openTargetFinder } from './target-of-mail.ts';

/** By the MX records, and where a relay sends the mail also by its address; where DNS does not answer, by names alone. */
export async function checkAddresses(
  config: Pick<Config, 'notify' | 'targets' | 'smtp' | 'home'>,
  resolver: NameResolver = systemResolver(),
): Promise<CheckResult> {
  const { targets, smtp, home } = config;
  const mailHosts = openTargetFinder(targets, resolver);
  // On AWS, SNS sends the mail.
  const relay = smtp === undefined || home !== localVantage ? null : await mailHosts.targetOfHost(smtp.host);
  const unknown: string[] = [];
  const found = await Promise.all(
    addressesOfOutages(config).map(async (address) => {
      const byDns = await mailHosts.targetOfDomain(domainOf(address)).catch((error: Error) => {
        unknown.push(safeText(error.message, 200));
        return null;
      });
      return [address, relay ?? byDns ?? targetByName(address, targets)] as const;
    }),
  );
  const byAddress = new Map(found);
  const dependence = mailDependence(config, (address) => byAddress.get(address) ?? null);
  const why = unknown.length === 0 ? '' : ` (by names alone: ${[...new Set(unknown)].join('; ')})`;
  const trouble = dependenceProblem(dependence);
  if (trouble !== null) return problem('warn', `${trouble}${why}`, DEPENDENCE_FIX);
  const { dependent, independent } = dependence;
  if (dependent.length === 0) return passed(`no watched mail server takes the mail of an address${why}`);
  const others = independent > 0 ? '; other channels are independent' : '';
  return passed(`watched mail servers take the mail of ${addressesText(dependent)}${others}${why}`);
}
