import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Config } from '../../lambda/config/config.ts';
import { parseConfig } from '../../lambda/config/parse.ts';
import { SmtpQuorum, type SmtpQuorumProps } from '../../lib/smtp-quorum.ts';

const sample = `
home: us-east-1
vantages: [us-east-1, eu-west-1, ap-southeast-1]
ehloName: probe.example.com
control: mail.example.net:25
notify:
  - email: ops@example.com
  - sms: "+15555550100"
    when: [down, recovered]
  - webhook: https://hooks.example.com/mail
    when: [down]
posture:
  - { domain: example.com, selectors: [s1] }
listKeys: { spamhaus: { secret: lists/spamhaus } }
bounces: { sources: [{ ses: true }] }
answers: { linkKey: { secret: alerts/links } }
targets:
  - id: mx1
    host: mx1.example.com
  - id: submission
    host: smtp.example.com
    port: 587
    auth: { user: probe@example.com, password: { secret: smtp/probe } }
`;

const mail = `
bounces:
  sources:
    - ses: true
    - mailbox: { host: imap.example.com, user: bounces@example.com, password: { secret: bounces/mailbox } }
roundTrips:
  - id: out
    send: { via: submission, from: canary@example.com, to: seed@example.net }
    receive: { host: imap.example.net, auth: { user: seed@example.net, password: { secret: trips/seed } } }
    key: { secret: trips/key }
`;

/** The sample with a bounce mailbox and a round trip, too. */
export function mailConfig(): Config {
  return sampleConfig(sample.replace(/^bounces: .*\n/m, '') + mail);
}

/** A config of three vantages, each channel once, a domain whose posture is watched, bounces of SES, links to acknowledge, and a secret of each kind; `yaml` takes its place. */
export function sampleConfig(yaml = sample): Config {
  const parsed = parseConfig(yaml, 'smtp-quorum.yaml', () => '');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

export interface Synthesis {
  readonly home: Template;
  readonly probes: ReadonlyMap<string, Template>;
}

/** Templates of a fleet. No handler is bundled: what is in the code does not matter here. */
export function synthesise(config: Config, props: Partial<SmtpQuorumProps> = {}): Synthesis {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false });
  const mail = new SmtpQuorum(app, 'Mail', { config, ...props });
  return {
    home: Template.fromStack(mail.home),
    probes: new Map([...mail.probes].map(([vantage, stack]) => [vantage, Template.fromStack(stack)])),
  };
}

export interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** Statements of the policies of the role that the function of this name bears. */
export function statementsOf(template: Template, functionName: string): readonly Statement[] {
  const [lambda] = Object.values(
    template.findResources('AWS::Lambda::Function', { Properties: { FunctionName: functionName } }),
  );
  const role = lambda?.Properties.Role['Fn::GetAtt'][0];
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => Properties.Roles.some((each: { Ref: string }) => each.Ref === role))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

/** The statements without what every function has: writing its own log group. */
export function grantsOf(template: Template, functionName: string): readonly string[] {
  return statementsOf(template, functionName)
    .flatMap(({ Action }) => Action)
    .filter((action) => !action.startsWith('logs:'))
    .sort();
}
