import type { Config } from '../../lambda/config/config.ts';
import { localVantage } from '../../lambda/config/schema/regions.ts';
import { namesOf } from '../../lib/naming/names.ts';
import { port25Form } from '../../lib/network/port-25.ts';
import type { CheckContext } from './check-context.ts';
import { type Check, type CheckResult, passed, problem } from './check-result.ts';

/** AWS's form, by the words that AWS links it with. */
const FORM = `"Request to remove email sending limitations": ${port25Form}`;

const MORE = '(docs/deploy.md#port-25)';

/** What to do where port 25 is blocked, as far as what is deployed tells how far one has come. */
export async function port25Fix({ config, probeIp }: CheckContext, vantage: string): Promise<string> {
  if (vantage === localVantage) return `many providers block port 25: ask yours to open it (AWS: ${FORM})`;
  const address = await probeIp(vantage).catch(() => null);
  return address === null ? withoutAddress(config, vantage) : withAddress(config, vantage, address);
}

/** The stack has the output only where the VPC is its own. */
function withoutAddress(config: Config, vantage: string): string {
  return `AWS blocks port 25 until asked, and opens it only behind a NAT gateway: choose egress vpc for ${vantage} in cdk.json and deploy; then set a PTR record for the output ProbeIp of ${stackOf(config, vantage)}, and ask AWS with its form ${FORM}. Where it is in subnets of yours already, do that for the address of their NAT gateway ${MORE}`;
}

function withAddress(config: Config, vantage: string, address: string): string {
  return `AWS blocks port 25 until asked: set a PTR record for ${address} (output ProbeIp of ${stackOf(config, vantage)}), and ask AWS for this address with its form ${FORM}; where that is done already, wait for its answer ${MORE}`;
}

function stackOf(config: Config, vantage: string): string {
  return namesOf(config).stack(`probe-${vantage}`);
}

/**
 * On one machine nobody but a control target can tell a blocked port 25 from servers that are down. On AWS the way out of a
 * vantage says it, and `cdk synth` wants a control target where that does not.
 */
export function controlChecks<Some>({ targets, control }: Config): readonly Check<Some>[] {
  const on25 = targets.filter(({ port }) => port === 25).map(({ id }) => id);
  return on25.length === 0 ? [] : [{ name: 'control', region: null, run: async () => controlled(on25, control) }];
}

function controlled(on25: readonly string[], control: Config['control']): CheckResult {
  if (control?.port === 25) return passed(`${control.host}:25`);
  return problem(
    'warn',
    `${control === null ? 'none' : 'none at port 25'}, and port 25 is probed (${on25.join(', ')}): a vantage whose port 25 is blocked votes down instead of being blind`,
    "name a mail server outside your targets in the config, 'control: host:25'",
  );
}
