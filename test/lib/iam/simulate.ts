import { runSimulation } from '@cloud-copilot/iam-simulate';
import { account, type DeployedStack, type Document } from './fleet.ts';

type Context = Readonly<Record<string, string | string[]>>;

/** Something that somebody asks of AWS. */
export interface Call {
  readonly action: string;
  /** ARN of what it is done to. */
  readonly resource: string;
  readonly context?: Context;
}

/** Whether IAM lets a function or a service that bears this role do it; the policy of what it is done to counts, too. */
export async function roleMay(stack: DeployedStack, role: string, call: Call, policy?: Document): Promise<boolean> {
  const principal = stack.arn(role);
  return evaluate(principal, stack.rolePolicies(role), call, policy);
}

/** Whether the policy of a resource lets a service of AWS do it for one of somebody's resources. */
export async function serviceMay(service: string, call: Call, policy: Document | undefined): Promise<boolean> {
  return evaluate(service, [], call, policy);
}

/** Whether a service may take on a role for an account. */
export async function mayAssume(
  service: string,
  stack: DeployedStack,
  role: string,
  forAccount: string,
): Promise<boolean> {
  const call = { action: 'sts:AssumeRole', resource: stack.arn(role), context: { 'aws:SourceAccount': forAccount } };
  return evaluate(service, [], call, stack.trust(role));
}

async function evaluate(
  principal: string,
  identity: readonly Document[],
  { action, resource, context = {} }: Call,
  policy: Document | undefined,
): Promise<boolean> {
  const response = await runSimulation(
    {
      request: {
        action,
        principal,
        resource: { resource, accountId: ownerOf(resource) },
        contextVariables: { 'aws:SecureTransport': 'true', ...context },
      },
      identityPolicies: identity.map((document, nth) => ({ name: `policy${nth}`, policy: document })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(policy === undefined ? {} : { resourcePolicy: policy }),
    },
    {},
  );
  if (response.resultType === 'error') throw new Error(`${action} on ${resource}: ${JSON.stringify(response.errors)}`);
  return response.overallResult === 'Allowed';
}

function ownerOf(resource: string): string {
  return resource.split(':')[4] || account;
}
