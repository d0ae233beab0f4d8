import type { Config } from '../../lambda/config/config.ts';
import { localVantage } from '../../lambda/config/schema/aws-regions.ts';
import { namesOf } from '../../lib/naming/names.ts';
import { port25Form } from '../../lib/network/port-25.ts';
import type { CheckContext } from './check-context.ts';
import { type Check, type CheckResult, passed, problem } from './check-result.ts';

/** The AWS request form, with the title that AWS gives it. */
const FORM = `"Request to remove email sending limitations": ${port25Form}`;

const MORE = '(docs/deploy.md#port-25)';

/** How to unblock port 25. The text depends on what is deployed. */
export async function port25Fix({ config, probeIp }: CheckContext, vantage: string): Promise<string> {
  if (vantage === localVantage) return `many providers block port 25: ask your provider to unblock it (AWS: ${FORM})`;
  const address = await probeIp(vantage).catch(() => null);
  return address === null ? withoutAddress(config, vantage) : withAddress(config, vantage, address);
}

/** The stack has the output only if it created the VPC. */
function withoutAddress(config: Config, vantage: string): string {
  return `AWS blocks port 25 by default and unblocks it only behind a NAT gateway: choose egress vpc for ${vantage} in cdk.json and deploy; then set a PTR record for the output ProbeIp of ${stackOf(config, vantage)}, and send AWS the form ${FORM}. If the probe already runs in subnets of your own, do this for the address of their NAT gateway ${MORE}`;
}

function withAddress(config: Config, vantage: string, address: string): string {
  return `AWS blocks port 25 by default: set a PTR record for ${address} (output ProbeIp of ${stackOf(config, vantage)}), and send AWS the form ${FORM} for this address; if you already did, wait for the answer ${MORE}`;
}

function stackOf(config: Config, vantage: string): string {
  return namesOf(config).stack(`probe-${vantage}`);
}

/**
 * On one machine only a control target can distinguish a blocked port 25 from servers that are down. On AWS the egress of
 * a vantage shows it; if it does not, `cdk synth` requires a control target.
 */
export function controlChecks<Some>({ targets, control, roundTrips = [] }: Config): readonly Check<Some>[] {
  const trips = roundTrips.filter(({ send }) => send.server.port === 25).map(({ id }) => `roundTrips.${id}`);
  const on25 = [...targets.filter(({ port }) => port === 25).map(({ id }) => id), ...trips];
  return on25.length === 0 ? [] : [{ name: 'control', region: null, run: async () => checkControl(on25, control) }];
}

function checkControl(on25: readonly string[], control: Config['control']): CheckResult {
  if (control?.port === 25) return passed(`${control.host}:25`);
  return problem(
    'warn',
    `${control === null ? 'none' : 'none at port 25'}, but port 25 is used (${on25.join(', ')}): a vantage with a blocked port 25 takes servers for down`,
    "add a mail server that is not a target to the config: 'control: host:25'",
  );
}
