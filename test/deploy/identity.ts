import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  type Role,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Where and as whom a client of the SDK calls. */
export interface Caller {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly maxAttempts: number;
}

/** Of anybody, while access is not enforced. */
export function anybody(endpoint: string, region = 'us-east-1'): Caller {
  return { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 };
}

/** A user that may do everything, made while access is not enforced. */
export async function administrator(caller: Caller): Promise<Caller> {
  const iam = new IAMClient(caller);
  const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  await iam.send(new CreateUserCommand({ UserName: 'admin' }));
  await iam.send(
    new PutUserPolicyCommand({ UserName: 'admin', PolicyName: 'all', PolicyDocument: JSON.stringify(policy) }),
  );
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'admin' }));
  return {
    ...caller,
    credentials: { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' },
  };
}

/** The role whose name begins so. */
async function roleOf(caller: Caller, name: string): Promise<Role> {
  const { Roles = [] } = await new IAMClient(caller).send(new ListRolesCommand({}));
  const role = Roles.find(({ RoleName }) => RoleName?.startsWith(name));
  if (!role) throw new Error(`no role ${name} among ${Roles.map(({ RoleName }) => RoleName).join(' ')}`);
  return role;
}

/** As the role whose name begins so: what a function of ours could do beyond what it does. */
export async function inRole(caller: Caller, name: string): Promise<Caller> {
  const role = await roleOf(caller, name);
  const { Credentials } = await new STSClient(caller).send(
    new AssumeRoleCommand({ RoleArn: role.Arn, RoleSessionName: 'test' }),
  );
  return {
    ...caller,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  };
}

/** What becomes of something while the role whose name begins so may do nothing. */
export async function withoutPolicies(caller: Caller, name: string, something: () => Promise<void>): Promise<void> {
  const iam = new IAMClient(caller);
  const { RoleName } = await roleOf(caller, name);
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const policies = await Promise.all(
    PolicyNames.map((PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))),
  );
  for (const PolicyName of PolicyNames) await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
  await something();
  for (const { PolicyName, PolicyDocument = '' } of policies) {
    const restored = new PutRolePolicyCommand({
      RoleName,
      PolicyName,
      PolicyDocument: decodeURIComponent(PolicyDocument),
    });
    await iam.send(restored);
  }
}
