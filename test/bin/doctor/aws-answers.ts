import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SNSClient } from '@aws-sdk/client-sns';
import { ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { marshall } from '@aws-sdk/util-dynamodb';
import { type Mock, vi } from 'vitest';
import type { Diagnosis, ReachAnswer, ReachQuestion } from '../../../lambda/probe/diagnose-for-doctor.ts';

/** The answer of AWS to a command in a region; an error is thrown. */
export type Answer = (input: Readonly<Record<string, unknown>>, region: string) => unknown;
/** By the name of the command. */
export type Answers = Readonly<Record<string, Answer>>;

const CLIENTS = [
  CloudFormationClient,
  CloudWatchClient,
  DynamoDBClient,
  LambdaClient,
  SchedulerClient,
  SNSClient,
  SSMClient,
  STSClient,
];

interface Sender {
  readonly config: { region(): Promise<string> };
}

interface Sent {
  readonly constructor: { readonly name: string };
  readonly input: Readonly<Record<string, unknown>>;
}

/** Replaces `send` of every AWS client. A command without an answer is an error of the test. */
export function mockAws(answers: Answers): void {
  for (const { prototype } of CLIENTS) {
    const send = vi.spyOn(prototype, 'send') as unknown as Mock<(this: Sender, command: Sent) => Promise<unknown>>;
    send.mockImplementation(async function (this: Sender, command: Sent) {
      const name = command.constructor.name;
      const answer = answers[name];
      if (!answer) throw new Error(`the test has no answer to ${name}`);
      const answered = answer(command.input, await this.config.region());
      if (answered instanceof Error) throw answered;
      return answered;
    });
  }
}

export function errorNamed(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

export const denied = (action: string): Error =>
  errorNamed(
    'AccessDeniedException',
    `User: arn:aws:iam::123456789012:user/ops is not authorized to perform: ${action} on resource: *`,
  );

export const unknownParameter = (): Error => new ParameterNotFound({ message: 'no', $metadata: {} });

/** An answer of the probe: it reaches every server except those that `unreached` returns a failure for. */
export function probeAnswers(
  unreached: (question: ReachQuestion) => Partial<ReachAnswer> | null,
  secrets: Diagnosis['secrets'] = [],
): Answer {
  return (input, region) => {
    const { diagnose }: { diagnose: readonly ReachQuestion[] } = JSON.parse(String(input.Payload));
    const knocks = diagnose.map((one) => ({ ...one, reached: true, code: null, detail: null, ...unreached(one) }));
    return { Payload: Buffer.from(JSON.stringify({ vantage: region, knocks, secrets })) };
  };
}

/** An answer to a query, by its partition. */
export function queryAnswer(items: (partition: string) => readonly object[]): Answer {
  return (input) => {
    const values = Object.values((input.ExpressionAttributeValues ?? {}) as Record<string, { S?: string }>);
    const partition = values
      .map(({ S = '' }) => S)
      .find((value) => ['verdicts', 'channels'].includes(value) || value.startsWith('round#'));
    return { Items: items(partition ?? '').map((item) => marshall(item, { removeUndefinedValues: true })) };
  };
}
