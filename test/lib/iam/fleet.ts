import { App } from 'aws-cdk-lib';
import { Template as Assertions } from 'aws-cdk-lib/assertions';
import { SmtpQuorum, type SmtpQuorumProps } from '../../../lib/smtp-quorum.ts';
import { arnOf, deployed, type Place, type Template } from '../deployed.ts';

export const account = '123456789012';

export interface Document {
  readonly Version?: string;
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

/** A stack as it stands on AWS: every name and ARN in its place. */
export interface DeployedStack {
  readonly place: Place;
  readonly template: Template;
  /** ARN of the resource whose logical id begins so. */
  arn(id: string): string;
  /** What the role, whose logical id begins so, may do. */
  rolePolicies(id: string): readonly Document[];
  /** Who may take the role on. */
  trust(id: string): Document;
  /** The policy of a topic, queue or function. */
  resourcePolicy(id: string): Document | undefined;
  /** The same, by the ARN of the topic, queue or function. */
  policyOn(arn: string): Document | undefined;
}

/** Home, and each vantage by its region. */
export interface DeployedFleet {
  readonly home: DeployedStack;
  readonly probes: ReadonlyMap<string, DeployedStack>;
}

export function deployFleet(props: SmtpQuorumProps): DeployedFleet {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false });
  const mail = new SmtpQuorum(app, 'Mail', props);
  const stackOf = (stack: typeof mail.home | (typeof mail.stacks)[number]) =>
    deployedStack(Assertions.fromStack(stack).toJSON() as Template, {
      stack: stack.stackName,
      region: stack.region,
      account,
    });
  return {
    home: stackOf(mail.home),
    probes: new Map([...mail.probes].map(([vantage, stack]) => [vantage, stackOf(stack)])),
  };
}

function deployedStack(raw: Template, place: Place): DeployedStack {
  const template = deployed(raw, place);
  const full = (id: string) => {
    const found = Object.keys(raw.Resources).filter((each) => each.replace(/[0-9A-F]{8}$/, '') === id);
    if (found.length !== 1) throw new Error(`${found.length} resources ${id} in ${place.stack}`);
    return found[0] as string;
  };
  const properties = (type: string) =>
    Object.values(template.Resources)
      .filter(({ Type }) => Type === type)
      .map(({ Properties }) => Properties as Readonly<Record<string, unknown>>);
  const arn = (id: string) => arnOf(raw, place, full(id));
  return {
    place,
    template,
    arn,
    rolePolicies: (id) => {
      const name = arn(id).split('/').at(-1) ?? '';
      return [...properties('AWS::IAM::Policy'), ...properties('AWS::IAM::ManagedPolicy')]
        .filter(({ Roles = [] }) => (Roles as string[]).includes(name))
        .map(({ PolicyDocument }) => PolicyDocument as Document);
    },
    trust: (id) => template.Resources[full(id)]?.Properties?.AssumeRolePolicyDocument as Document,
    resourcePolicy: (id) => resourcePolicyOf(properties, arn(id)),
    policyOn: (resource) => resourcePolicyOf(properties, resource),
  };
}

type PropertiesOf = (type: string) => readonly Readonly<Record<string, unknown>>[];

function resourcePolicyOf(properties: PropertiesOf, arn: string): Document | undefined {
  const [, , service] = arn.split(':');
  if (service === 'lambda') return permissionsOf(properties, arn);
  const about = (statement: { Resource?: unknown }) => statement.Resource === arn;
  return [...properties('AWS::SNS::TopicPolicy'), ...properties('AWS::SQS::QueuePolicy')]
    .map(({ PolicyDocument }) => PolicyDocument as Document)
    .find(({ Statement }) => Statement.some(about));
}

/** As Lambda writes it from the permissions: https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html */
function permissionsOf(properties: PropertiesOf, arn: string): Document | undefined {
  const statements = properties('AWS::Lambda::Permission')
    .filter(({ FunctionName }) => FunctionName === arn)
    .map(({ Action, Principal, SourceArn }) => ({
      Effect: 'Allow',
      Action,
      Principal: { Service: Principal },
      Resource: arn,
      Condition: { ArnLike: { 'AWS:SourceArn': SourceArn } },
    }));
  return statements.length === 0 ? undefined : { Version: '2012-10-17', Statement: statements };
}
