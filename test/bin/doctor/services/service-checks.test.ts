import { expect, test } from 'vitest';
import { checkCalls, serviceChecks } from '../../../../bin/doctor/services/service-checks.ts';
import type { VoiceAccount } from '../../../../bin/doctor/services/voice-account.ts';
import { diagnoseSecrets } from '../../../../lambda/aws/diagnose-secrets.ts';
import { answerReferences } from '../../../../lambda/config/answers/answer-secrets.ts';
import type { Channel } from '../../../../lambda/config/channel.ts';
import type { Config } from '../../../../lambda/config/config.ts';
import { secretsOfCarrier } from '../../../../lambda/deliver/deliver-named-channels.ts';

const from = 'phone-0123456789abcdef0123456789abcdef';
const phone: Channel = {
  kind: 'phone',
  number: '+15555550100',
  from,
  voice: 'AMY',
  mostPerMinute: 0.1,
  when: ['down'],
};
const pager: Channel = {
  kind: 'pagerduty',
  routingKey: { secret: 'pd' },
  url: 'https://events.pagerduty.com',
  when: ['down'],
};
const signed: Channel = {
  kind: 'webhook',
  url: 'https://a.example.com',
  signature: { secret: 'hook' },
  when: ['down'],
};
const account: VoiceAccount = {
  isInSandbox: false,
  verified: [],
  spendLimit: 100,
  numbers: [{ number: '+15555550101', id: from, arn: 'arn', canCall: true, status: 'ACTIVE' }],
  pools: ['pool-1'],
};
const one = account.numbers[0] as VoiceAccount['numbers'][number];

test.each<[string, Partial<VoiceAccount>, string, RegExp]>([
  ['a number that can call', {}, 'pass', /not in the sandbox; spend limit \$100/],
  ['the sandbox', { isInSandbox: true }, 'fail', /does not call \+15555550100/],
  [
    'the sandbox with a verified number',
    { isInSandbox: true, verified: ['+15555550100'] },
    'pass',
    /every number is verified/,
  ],
  ['an unknown number', { numbers: [] }, 'fail', /is no number or pool/],
  ['a number of SMS alone', { numbers: [{ ...one, canCall: false }] }, 'fail', /no VOICE capability/],
  ['a number that is not there yet', { numbers: [{ ...one, status: 'PENDING' }] }, 'fail', /is PENDING/],
  ['hardly any money', { spendLimit: 0.5 }, 'warn', /\$0.5 a month/],
])('%s', (_, changed, outcome, detail) => {
  expect(checkCalls({ notify: [phone] }, { ...account, ...changed })).toMatchObject({
    outcome,
    detail: expect.stringMatching(detail),
  });
});

const config = (...notify: Channel[]) => ({ name: 'mail', home: 'us-east-1', notify }) as unknown as Config;

test('checks are made of what the config has', () => {
  const names = (...notify: Channel[]) => serviceChecks(config(...notify)).map(({ name }) => name);
  expect(names(pager, signed, phone)).toEqual(['secrets of services', 'keys of signatures', 'calls']);
  const answered: Channel = { ...pager, webhookSecret: { secret: 'pd-hook' } };
  expect(names(answered)).toEqual(['secrets of services', 'secrets of answers']);
  expect(names({ kind: 'email', address: 'ops@example.com', when: ['down'] })).toEqual([]);
});

test.each([
  ['notify', [{ secret: 'pd', error: 'AccessDeniedException' }]],
  ['deliver', [{ secret: 'hook', error: null }]],
] as const)('%s reads the secrets of its own channels, and tells no value', async (carrier, secrets) => {
  const read = async (reference: object) => {
    if ('secret' in reference && reference.secret === 'hook') return 'value';
    throw Object.assign(new Error('value'), { name: 'AccessDeniedException' });
  };
  expect(await diagnoseSecrets(secretsOfCarrier(config(pager, signed, phone), carrier), read)).toEqual({ secrets });
});

test('the secrets that acknowledgements are checked with are those of the function that takes them', () => {
  const answered: Channel = { ...pager, webhookSecret: { secret: 'pd-hook' } };
  const slack: Channel = {
    kind: 'slack',
    channel: 'C0123ABCD45',
    token: { secret: 'slack' },
    signingSecret: { secret: 'slack-signing' },
    when: ['down'],
  };
  const all = config(answered, slack);
  expect(secretsOfCarrier(all, 'notify')).toEqual([{ secret: 'pd' }, { secret: 'slack' }]);
  expect(answerReferences(all)).toEqual([{ secret: 'slack-signing' }, { secret: 'pd-hook' }]);
});

test('a secret that cannot be read fails', async () => {
  const [check] = serviceChecks(config(pager));
  const aws = { secretDiagnosis: async () => ({ secrets: [{ secret: 'pd', error: 'AccessDeniedException' }] }) };
  expect(await check?.run({ aws } as never)).toMatchObject({
    outcome: 'fail',
    detail: 'not readable: pd (AccessDeniedException)',
  });
});
