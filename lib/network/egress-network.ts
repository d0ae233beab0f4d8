import { Aws, CfnOutput, Fn, Validations } from 'aws-cdk-lib';
import {
  CfnEIP,
  IpProtocol,
  type ISecurityGroup,
  type ISubnet,
  type IVpc,
  NatProvider,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Effect, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { FunctionProps } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Config } from '../../lambda/config/config.ts';
import { grant } from '../iam/statements.ts';
import { type Egress, egressName, hasIpv6, isOwnVpc } from './egress-setting.ts';
import { port25Form, port25Warning } from './port-25.ts';
import { portsOfVantage } from './ports-of-vantage.ts';

/** What a function needs to leave by it. */
export interface EgressNetwork {
  /** `default`, `vpc` or `existingVpc`. */
  readonly name: string;
  /** The IPv4 address that mail servers see, where the stack makes it. */
  readonly address?: string;
  readonly props: Pick<FunctionProps, 'vpc' | 'vpcSubnets' | 'securityGroups' | 'ipv6AllowedForDualStack'>;
  /** Allows Lambda to make the network interfaces of this function. */
  permit(role: Role, functionName: string): void;
}

/** One for all functions of a vantage that talk to mail servers: they leave by the same address, for which AWS opens port 25. */
export function egressNetwork(scope: Construct, egress: Egress, config: Config): EgressNetwork {
  const name = egressName(egress);
  if (egress === 'default') return { name, props: {}, permit: permitToLeave };
  const { vpc, subnets, ...address } = isOwnVpc(egress) ? ownVpc(scope, egress) : existingVpc(scope, egress);
  return {
    name,
    ...address,
    props: {
      vpc,
      vpcSubnets: { subnets: [...subnets] },
      securityGroups: [probesOnly(scope, vpc, config)],
      ipv6AllowedForDualStack: hasIpv6(egress),
    },
    permit: (role, functionName) => permitNetworkInterfaces(role, functionName, [...TO_JOIN, ...TO_LEAVE]),
  };
}

interface Network {
  readonly vpc: IVpc;
  readonly subnets: readonly ISubnet[];
  readonly address?: string;
}

/**
 * One zone: a vantage is one witness of several, and a second gateway would double its price. IPv6 leaves by an
 * egress-only gateway, which is free. The Elastic IP goes with its stack, for kept it would be billed and never used
 * again: who must not lose it chooses an existing VPC.
 */
function ownVpc(scope: Construct, egress: 'vpc' | { readonly zone: string }): Network {
  const address = new CfnEIP(scope, 'ProbeAddress', { domain: 'vpc' });
  const vpc = new Vpc(scope, 'Vpc', {
    ipProtocol: IpProtocol.DUAL_STACK,
    ...(egress === 'vpc' ? { maxAzs: 1 } : { availabilityZones: [egress.zone] }),
    natGateways: 1,
    natGatewayProvider: NatProvider.gateway({ eipAllocationIds: [address.attrAllocationId] }),
    // CDK would do it by one more function, with a role that may change security groups. Nothing here is in that group.
    restrictDefaultSecurityGroup: false,
    subnetConfiguration: [
      { name: 'Gateway', subnetType: SubnetType.PUBLIC, cidrMask: 28 },
      { name: 'Probe', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 24 },
    ],
  });
  Validations.of(vpc).acknowledge({
    id: 'AwsSolutions-VPC7',
    reason: 'Flow logs would cost more than the probes; each session is recorded with its address and outcome',
  });
  new CfnOutput(scope, 'ProbeIp', {
    value: address.ref,
    description: `Set its PTR record, then ask AWS to open port 25: ${port25Form}`,
  });
  // CDK's classes and interfaces differ on properties that may be undefined.
  return { vpc: vpc as IVpc, subnets: vpc.privateSubnets, address: address.ref };
}

type ExistingVpc = Extract<Egress, { readonly existingVpc: string }>;

function existingVpc(scope: Construct, { existingVpc: vpcId, subnets }: ExistingVpc): Network {
  const vpc = Vpc.fromVpcAttributes(scope, 'Vpc', {
    vpcId,
    availabilityZones: subnets.map((_, index) => Fn.select(index, Fn.getAzs())),
    privateSubnetIds: [...subnets],
  });
  return { vpc, subnets: vpc.privateSubnets };
}

/** Out to the ports that are probed, to those of round trips, and to AWS by HTTPS; nothing in. A new description would be a new group. */
function probesOnly(scope: Construct, vpc: IVpc, config: Config): ISecurityGroup {
  const group = new SecurityGroup(scope, 'ProbeSecurityGroup', {
    vpc,
    description: 'SMTP to what is probed, HTTPS to AWS',
    allowAllOutbound: false,
  });
  for (const port of portsOfVantage(config)) {
    group.addEgressRule(Peer.anyIpv4(), Port.tcp(port));
    group.addEgressRule(Peer.anyIpv6(), Port.tcp(port));
  }
  return group;
}

/**
 * Lambda makes the network interfaces with the function's role, and these actions know no narrower resource. The code
 * itself is denied them.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
function permitNetworkInterfaces(role: Role, functionName: string, actions: string[]): void {
  const code = `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:${functionName}`;
  role.addToPolicy(grant(actions, ['*']));
  role.addToPolicy(
    new PolicyStatement({
      effect: Effect.DENY,
      actions,
      resources: ['*'],
      conditions: { ArnEquals: { 'lambda:SourceFunctionArn': code } },
    }),
  );
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'Lambda makes network interfaces with this role, which know no narrower resource; the code is denied them',
  });
}

/** Actions to create and use network interfaces, and to delete them. */
const TO_JOIN = ['ec2:CreateNetworkInterface', 'ec2:DescribeSubnets', 'ec2:AssignPrivateIpAddresses'];
const TO_LEAVE = ['ec2:DescribeNetworkInterfaces', 'ec2:DeleteNetworkInterface', 'ec2:UnassignPrivateIpAddresses'];

/**
 * After a function leaves a VPC, Lambda deletes its network interfaces with the function's role, up to 20 minutes later. Without
 * these actions the interfaces remain, and CloudFormation cannot delete the subnets and security groups. The template does not
 * know whether there was a VPC before, so the role always has the actions.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
function permitToLeave(role: Role, functionName: string): void {
  permitNetworkInterfaces(role, functionName, [...TO_LEAVE]);
}

/** Warns of what is probed in vain by this way: port 25 where it is blocked, IPv6 where there is none. */
export function warnOfEgress(scope: Construct, vantage: string, egress: Egress, config: Config): void {
  const port25 = port25Warning(config, vantage, egress);
  if (port25 !== null) Validations.of(scope).addWarning('smtp-quorum:port-25', port25);
  const six = config.targets.filter(({ family }) => family === 6 || family === 'each').map(({ id }) => id);
  if (six.length === 0 || hasIpv6(egress)) return;
  Validations.of(scope).addWarning(
    'smtp-quorum:ipv6',
    `${six.join(', ')}: IPv6, which the probe has none of in ${vantage}. Choose egress vpc for it, or an existing VPC with ipv6 (docs/deploy.md#ipv6).`,
  );
}
