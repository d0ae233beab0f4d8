import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { NamedCheckResult } from '../../../bin/doctor/check-result.ts';
import { loadConfig } from '../../../lambda/config/load.ts';
import { roundName } from '../../../lambda/consensus/judgement/round-name.ts';
import { releaseOf } from '../../../lib/deployment/release.ts';
import { inProcess } from '../cli.ts';
import { type Answers, mockAws, probeAnswers, queryAnswer } from './aws-answers.ts';

/** A config with an e-mail address, a number, two ports, a secret and a control target. */
export const YAML = `
name: mailwatch
home: us-east-1
vantages: [us-east-1, eu-west-1]
ehloName: probe.example.com
control: gmail-smtp-in.l.google.com:25
notify:
  - email: ops@example.com
  - sms: "+15555550100"
targets:
  - { id: mx1, host: mx1.example.com }
  - id: submission
    host: smtp.example.com
    port: 587
    auth: { user: probe@example.com, password: { secret: smtp/probe } }
`;

export const folder = mkdtempSync(path.join(tmpdir(), 'smtp-quorum-doctor-'));
export const config = path.join(folder, 'mail.yaml');
writeFileSync(config, YAML);
export const remove = (): void => rmSync(folder, { recursive: true });

const parsed = loadConfig(config);
if (!parsed.ok) throw new Error('the config of the test is not valid');
const release = releaseOf(parsed.config);

export const minute = 60_000;
export const readable = [{ secret: 'smtp/probe', error: null }];
export const confirmed = (Protocol: string, Endpoint: string) => ({
  Protocol,
  Endpoint,
  SubscriptionArn: 'arn:aws:sns:x',
});
export const stack = (StackStatus: string, deployed = release) => ({
  Stacks: [{ StackStatus, Outputs: [{ OutputKey: 'Release', OutputValue: deployed }] }],
});
export const round = (age: number, vantage: string) => [
  { pk: `round#${vantage}`, sk: roundName(Date.now() - age, minute), packing: 1, phases: 'dns', samples: {} },
];
export const owed = (age: number) => {
  const at = new Date(Date.now() - age).toISOString();
  const alert = {
    id: 'mx1@1',
    kind: 'down',
    subject: 'mx1',
    at,
    was: 'up',
    is: 'down',
    incident: null,
    votes: [],
    reason: '',
  };
  const judgement = {
    target: 'mx1',
    verdict: 'down',
    since: at,
    incident: null,
    owed: [alert],
    version: 1,
    lease: null,
  };
  return [{ pk: 'verdicts', sk: 'mx1', ...judgement }];
};
/** Rounds of the vantages of the config, and of others. */
export const rounds = (age: number, others: readonly string[] = []) =>
  queryAnswer((partition) =>
    ['us-east-1', 'eu-west-1', ...others].flatMap((vantage) =>
      partition === `round#${vantage}` ? round(age, vantage) : [],
    ),
  );

const deployedStacks = [
  'mailwatch-home us-east-1',
  'mailwatch-probe-us-east-1 us-east-1',
  'mailwatch-probe-eu-west-1 eu-west-1',
];

/** Answers of AWS if everything is in place. */
export function healthyAnswers(): Answers {
  return {
    GetCallerIdentityCommand: () => ({ Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/ops' }),
    GetParameterCommand: () => ({ Parameter: { Value: '21' } }),
    DescribeStacksCommand: ({ StackName }, at) => {
      if (deployedStacks.includes(`${StackName} ${at}`)) return stack('UPDATE_COMPLETE');
      throw new Error(`Stack with id ${StackName} does not exist`);
    },
    GetAccountSettingsCommand: () => ({ AccountLimit: { UnreservedConcurrentExecutions: 1_000 } }),
    DescribeStackResourcesCommand: () => ({
      StackResources: [
        { ResourceType: 'AWS::Scheduler::Schedule', PhysicalResourceId: 'tick' },
        { ResourceType: 'AWS::Lambda::Function', PhysicalResourceId: 'probe' },
      ],
    }),
    GetScheduleCommand: () => ({ State: 'ENABLED' }),
    DescribeAlarmsCommand: () => ({ MetricAlarms: [] }),
    InvokeCommand: probeAnswers(() => null, readable),
    ListSubscriptionsByTopicCommand: () => ({
      Subscriptions: [confirmed('email', 'ops@example.com'), confirmed('sms', '+15555550100')],
    }),
    GetSMSSandboxAccountStatusCommand: () => ({ IsInSandbox: false }),
    GetSMSAttributesCommand: () => ({ attributes: { MonthlySpendLimit: '10' } }),
    GetMetricStatisticsCommand: () => ({ Datapoints: [{ Timestamp: new Date(), Maximum: 0.5 }] }),
    QueryCommand: rounds(minute),
  };
}

/** An answer in one region, and the healthy answer in the others. */
export function inRegion(region: string, command: string, answer: () => unknown): Answers {
  return { [command]: (input, at) => (at === region ? answer() : healthyAnswers()[command]?.(input, at)) };
}

/** An answer about the probe stack of a region, and the healthy answer about other stacks. */
export function ofProbeStack(region: string, answer: () => unknown): Answers {
  return {
    DescribeStacksCommand: (input, at) =>
      `${input.StackName} ${at}` === `mailwatch-probe-${region} ${region}`
        ? answer()
        : healthyAnswers().DescribeStacksCommand?.(input, at),
  };
}

/** The results of doctor with these answers of AWS, and healthy ones for the rest. */
export async function doctor(answers: Answers, more: readonly string[] = [], file = config) {
  mockAws({ ...healthyAnswers(), ...answers });
  const { code, stdout, stderr } = await inProcess(['doctor', '--config', file, '--json', ...more]);
  if (stderr !== '') throw new Error(stderr);
  const { checks }: { checks: readonly NamedCheckResult[] } = JSON.parse(stdout);
  return { code, checks, failed: checks.filter(({ outcome }) => outcome !== 'pass') };
}
