import type { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { byProtocol, publishAlert, topicSender } from '../../../lambda/alert/channels/sns.ts';
import { alertTexts } from '../../../lambda/alert/words/alert-texts.ts';
import { PLAIN } from '../../../lambda/alert/words/late-delivery-note.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { foldAlerts } from '../../../lambda/consensus/incident/fold-alerts-into-digest.ts';
import { alert, context } from '../alerts.ts';

const notify: Config['notify'] = [
  { kind: 'email', address: 'ops@example.com', when: ['down', 'recovered'] },
  { kind: 'sms', number: '+15555550100', when: ['down'] },
  { kind: 'webhook', url: 'https://hooks.example.com/a', when: ['down'] },
];

async function published(changed: Parameters<typeof alert>): Promise<PublishCommand['input']> {
  const sent: PublishCommand['input'][] = [];
  const client = { send: async (command: PublishCommand) => sent.push(command.input) };
  await publishAlert(client as unknown as SNSClient, 'arn:aws:sns:us-east-1:123456789012:alerts', alert(...changed), {
    ...context,
    notify,
  });
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

test.each([
  [['down'], /^\["email:[0-9a-f]{8}","sms:[0-9a-f]{8}"\]$/],
  [['recovered', { was: 'down', is: 'up' }], /^\["email:[0-9a-f]{8}"\]$/],
  [['changed'], /^\[\]$/],
] as const)('the attribute `channels` of %j names the addresses that it is for', async (changed, names) => {
  const { MessageAttributes } = await published([...changed] as unknown as Parameters<typeof alert>);
  expect(MessageAttributes?.channels).toEqual({ DataType: 'String.Array', StringValue: expect.stringMatching(names) });
});

test('a refusal of SNS is words, not an error', async () => {
  const client = { send: async () => Promise.reject(new Error('Rate exceeded')) };
  const send = topicSender(client as unknown as SNSClient, 'arn', { ...context, notify });
  const result = await send({ alert: alert('down'), ...PLAIN }, new AbortController().signal);
  expect(result).toEqual({ taken: false, words: 'Error: Rate exceeded', retryAfter: null });
});

test('a digest is published with the topics of all its alerts, so that every filter on one of them matches', async () => {
  const folded = foldAlerts([alert('down'), alert('recovered', { id: 'a2', was: 'down', is: 'up' })]);
  const { MessageAttributes } = await published(['digest', folded]);
  expect(MessageAttributes?.topic).toEqual({ DataType: 'String.Array', StringValue: '["down","recovered"]' });
});
