import { partitionOf } from '../../lib/naming/partition.ts';

/** A template as CDK writes it. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** Where a template is deployed to. */
export interface Place {
  readonly stack: string;
  readonly region: string;
  readonly account: string;
}

/** The properties that name a resource of each type, where the template names it. */
const names: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::Events::EventBus': 'Name',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::CloudWatch::Alarm': 'AlarmName',
};

/** `nobody`: neither a region nor an account. */
type ArnForm = (name: string) => readonly [service: string, region: 'here' | 'none' | 'nobody', resource: string];

const forms: Readonly<Record<string, ArnForm>> = {
  'AWS::Lambda::Function': (name) => ['lambda', 'here', `function:${name}`],
  'AWS::DynamoDB::GlobalTable': (name) => ['dynamodb', 'here', `table/${name}`],
  'AWS::SNS::Topic': (name) => ['sns', 'here', name],
  'AWS::SQS::Queue': (name) => ['sqs', 'here', name],
  'AWS::Events::EventBus': (name) => ['events', 'here', `event-bus/${name}`],
  'AWS::Logs::LogGroup': (name) => ['logs', 'here', `log-group:${name}:*`],
  'AWS::CloudWatch::Alarm': (name) => ['cloudwatch', 'here', `alarm:${name}`],
  'AWS::IAM::Role': (name) => ['iam', 'none', `role/${name}`],
  'AWS::IAM::ManagedPolicy': (name) => ['iam', 'none', `policy/${name}`],
  'AWS::S3::Bucket': (name) => ['s3', 'nobody', name],
  'AWS::CloudFront::KeyValueStore': (name) => ['cloudfront', 'none', `key-value-store/${name}`],
};

/** Values that `Ref` gives as ARNs. */
const refersByArn = new Set(['AWS::SNS::Topic', 'AWS::IAM::ManagedPolicy']);

/** The template with every reference in its place, as CloudFormation would have it; names that it makes up are as long. */
export function deployed(template: Template, place: Place): Template {
  return resolve(template, template, place) as Template;
}

/** ARN of a resource of the template, by its logical id. */
export function arnOf(template: Template, place: Place, id: string): string {
  const resource = template.Resources[id];
  if (!resource) throw new Error(`no resource ${id}`);
  if (resource.Type === 'AWS::Events::Rule') return ruleArn(resource, place, nameOf(template, place, id));
  const form = forms[resource.Type]?.(nameOf(template, place, id));
  if (!form) throw new Error(`no ARN of ${resource.Type}`);
  const [service, region, rest] = form;
  const account = region === 'nobody' ? '' : place.account;
  return `arn:${partitionOf(place.region)}:${service}:${region === 'here' ? place.region : ''}:${account}:${rest}`;
}

function ruleArn({ Properties }: Resource, { region, account }: Place, name: string): string {
  const bus = Properties?.EventBusName === undefined ? '' : 'bus/';
  return `arn:${partitionOf(region)}:events:${region}:${account}:rule/${bus}${name}`;
}

function nameOf(template: Template, place: Place, id: string): string {
  const { Type, Properties } = template.Resources[id] as Resource;
  const named = Properties?.[names[Type] ?? ''];
  if (named !== undefined) return String(resolve(named, template, place));
  const madeUp = `${place.stack.slice(0, 40)}-${id.slice(0, 24)}-${'x'.repeat(12)}`;
  return Type.startsWith('AWS::IAM::Role') ? madeUp.slice(0, 64) : madeUp;
}

const pseudo: Readonly<Record<string, (place: Place) => string>> = {
  'AWS::Partition': ({ region }) => partitionOf(region),
  'AWS::Region': ({ region }) => region,
  'AWS::AccountId': ({ account }) => account,
  'AWS::StackName': ({ stack }) => stack,
  'AWS::URLSuffix': ({ region }) => (region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'),
};

function resolve(value: unknown, template: Template, place: Place): unknown {
  if (Array.isArray(value)) return value.map((each) => resolve(each, template, place));
  if (typeof value !== 'object' || value === null) return value;
  const [[key, of] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0 && key === 'Ref') return refer(String(of), template, place);
  if (others.length === 0 && key === 'Fn::GetAtt') return attribute(of as readonly [string, string], template, place);
  if (others.length === 0 && key === 'Fn::Join') {
    const [separator, parts] = of as readonly [string, readonly unknown[]];
    return parts.map((part) => resolve(part, template, place)).join(separator);
  }
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, resolve(each, template, place)]));
}

function refer(id: string, template: Template, place: Place): unknown {
  const known = pseudo[id];
  if (known) return known(place);
  const resource = template.Resources[id];
  if (!resource) return { Ref: id };
  return refersByArn.has(resource.Type) ? arnOf(template, place, id) : nameOf(template, place, id);
}

function attribute([id, name]: readonly [string, string], template: Template, place: Place): unknown {
  return name === 'Arn' || name === 'TopicArn' ? arnOf(template, place, id) : { 'Fn::GetAtt': [id, name] };
}
