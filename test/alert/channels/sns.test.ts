import type { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { byProtocol, publishAlert } from '../../../lambda/alert/channels/sns.ts';
import { alertTexts } from '../../../lambda/alert/words/alert-texts.ts';
import { alert, context } from '../alerts.ts';

async function published(changed: Parameters<typeof alert>): Promise<PublishCommand['input']> {
  const sent: PublishCommand['input'][] = [];
  const client = { send: async (command: PublishCommand) => sent.push(command.input) };
  await publishAlert(
    client as unknown as SNSClient,
    'arn:aws:sns:us-east-1:123456789012:alerts',
    alert(...changed),
    context,
  );
  const [only] = sent;
  if (!only || sent.length > 1) throw new Error(`${sent.length} messages`);
  return only;
}

test('each protocol has its own text; programs receive the document', async () => {
  const words = alertTexts(alert('down'), context);
  const { Message = '', MessageAttributes, MessageStructure, Subject } = await published(['down']);
  expect(MessageAttributes?.['AWS.SNS.SMS.SMSType']?.StringValue).toBe('Transactional');
  expect([MessageStructure, Subject]).toEqual(['json', words.subject]);
  expect(JSON.parse(Message)).toEqual(byProtocol(words));
  const { default: line, https, http, sqs, lambda } = byProtocol(words);
  expect(line).toBe(words.default);
  for (const program of [https, http, sqs, lambda]) expect(JSON.parse(program ?? '')).toMatchObject({ kind: 'down' });
});

test.each([
  [['down'], 'down'],
  [['recovered', { was: 'down', is: 'up' }], 'recovered'],
  [['update'], 'down'],
  [['flapping'], 'degraded'],
] as const)('the topic attribute of %j is %s', async (changed, topic) => {
  const { MessageAttributes } = await published([...changed] as unknown as Parameters<typeof alert>);
  expect(MessageAttributes?.topic).toEqual({ DataType: 'String', StringValue: topic });
  expect(MessageAttributes?.kind?.StringValue).toBe(changed[0]);
});
