/** Calls that the deployed functions made, evaluated against the synthesized policies by a simulator of IAM. */
import { loadConfig } from '../../lambda/config/load.ts';
import { type DeployedFleet, type DeployedStack, deployFleet } from '../lib/iam/fleet.ts';
import { roleMay } from '../lib/iam/simulate.ts';
import { account, type RecordedCall } from './cloud.ts';

export interface EvaluatedCall extends RecordedCall {
  readonly allowed: boolean;
}

/**
 * Sessions of roles that are no function of ours are left out: those of the test itself.
 * @param file the config that is deployed
 */
export async function evaluateCalls(calls: readonly RecordedCall[], file: string): Promise<readonly EvaluatedCall[]> {
  const parsed = loadConfig(file);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const fleet = deployFleet({ config: parsed.config });
  const ours = calls.filter(({ session }) => session.startsWith('mailwatch-'));
  return Promise.all(ours.map(async (call) => ({ ...call, allowed: await isAllowed(fleet, call) })));
}

async function isAllowed(fleet: DeployedFleet, { role, session, action, resource, context }: RecordedCall) {
  const stacks = [fleet.home, ...fleet.probes.values()];
  const stack = stacks.find(({ place }) => role.startsWith(`${place.stack}-`));
  if (stack === undefined) throw new Error(`${session} runs under the role ${role} of no stack`);
  const code = `arn:aws:lambda:${stack.place.region}:${account}:function:${session}`;
  const call = { action, resource, context: { ...context, 'lambda:SourceFunctionArn': code } };
  const policy = stacks.map((one) => one.policyOn(resource)).find((found) => found !== undefined);
  return roleMay(stack, roleId(stack, role), call, policy);
}

/** The logical id of a role, from the name that CloudFormation made of it. */
function roleId({ place }: DeployedStack, role: string): string {
  const [, id = ''] = /^(\w+?Role)/.exec(role.slice(place.stack.length + 1)) ?? [];
  return id;
}

/** A line for each call, for messages of the test. */
export function describeCall({ session, action, resource, context }: RecordedCall): string {
  return `${session} ${action} ${resource} ${JSON.stringify(context)}`;
}
