import { GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Caller } from './identity.ts';

/** The VPC that each region of an account has from the start, as a setting of `egress`. */
export async function firstVpc({ endpoint, region }: Caller): Promise<object> {
  // Without a client of the SDK: nothing else here would need that of EC2.
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `AWS4-HMAC-SHA256 Credential=test/20000101/${region}/ec2/aws4_request`,
    },
    body: 'Action=DescribeSubnets&Version=2016-11-15',
  });
  const text = await answer.text();
  const [, subnet] = /<subnetId>([^<]+)</.exec(text) ?? [];
  const [, existingVpc] = /<vpcId>([^<]+)</.exec(text) ?? [];
  if (subnet === undefined || existingVpc === undefined) throw new Error(`no subnet in ${region}: ${text}`);
  return { existingVpc, subnets: [subnet] };
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
}

/** What a function has of the network: its subnets, and the actions of EC2 that its role allows. */
export async function networkOf(caller: Caller, FunctionName: string) {
  const { Role = '', VpcConfig } = await new LambdaClient(caller).send(
    new GetFunctionConfigurationCommand({ FunctionName }),
  );
  const iam = new IAMClient(caller);
  const RoleName = Role.split('/').at(-1) ?? '';
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const policies = await Promise.all(
    PolicyNames.map((PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))),
  );
  const statements = policies.flatMap(
    ({ PolicyDocument = '' }) => JSON.parse(decodeURIComponent(PolicyDocument)).Statement as readonly Statement[],
  );
  const allowed = statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
  return { subnets: VpcConfig?.SubnetIds ?? [], actions: allowed.filter((action) => action.startsWith('ec2:')).sort() };
}
