import { App } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import type { Config } from '../../lambda/config/config.ts';
import { hindrances } from '../../lib/deployable.ts';
import { SmtpQuorum } from '../../lib/smtp-quorum.ts';
import { sampleConfig } from './synthesis.ts';

const config = sampleConfig();
const [mx1, submission] = config.targets;
if (!mx1 || !submission?.auth) throw new Error('the sample has two targets');

const cases: readonly [string, Config, string][] = [
  ['local', { ...config, policy: { ...config.policy, vantages: ['local'] } }, 'local is no AWS region'],
  ['ten seconds', { ...config, policy: { ...config.policy, every: 10_000 } }, 'a round takes whole minutes'],
  [
    'a password by env',
    { ...config, targets: [{ ...submission, auth: { ...submission.auth, password: { env: 'SMTP_PASSWORD' } } }] },
    'put it in Secrets Manager',
  ],
];

test.each(cases)('%s cannot be deployed', (_, hindered, why) => {
  expect(hindrances(hindered)).toEqual([expect.stringContaining(why)]);
  expect(() => new SmtpQuorum(new App(), 'Mail', { config: hindered })).toThrow(why);
});

test('the sample can be deployed', () => {
  expect(hindrances(config)).toEqual([]);
});
