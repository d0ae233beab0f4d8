import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, expect, test, vi } from 'vitest';
import { regionOf, secretReader } from '../../lambda/aws/secrets.ts';

afterEach(() => vi.restoreAllMocks());

/** Makes Secrets Manager give these answers in turn. Returns the mock. */
function answering(...answers: (string | Error | undefined)[]) {
  const send = vi.spyOn(SecretsManagerClient.prototype, 'send');
  for (const answer of answers) {
    if (answer instanceof Error) send.mockRejectedValueOnce(answer as never);
    else send.mockResolvedValueOnce({ SecretString: answer } as never);
  }
  return send;
}

test('a password is cached for five minutes, then read again, because it may have been rotated', async () => {
  let now = 0;
  const send = answering('first', 'second');
  const read = secretReader('us-east-1', () => now);
  expect(await Promise.all([read({ secret: 'smtp/probe' }), read({ secret: 'smtp/probe' })])).toEqual([
    'first',
    'first',
  ]);
  now = 299_999;
  expect(await read({ secret: 'smtp/probe' })).toBe('first');
  now = 300_000;
  expect(await read({ secret: 'smtp/probe' })).toBe('second');
  expect(send).toHaveBeenCalledTimes(2);
});

test('a failed read is repeated', async () => {
  answering(new Error('throttled'), 'password');
  const read = secretReader('us-east-1', () => 0);
  await expect(read({ secret: 'smtp/probe' })).rejects.toThrow('throttled');
  expect(await read({ secret: 'smtp/probe' })).toBe('password');
});

test('the error names a secret without a text value', async () => {
  answering(undefined);
  await expect(secretReader('us-east-1', () => 0)({ secret: 'smtp/probe' })).rejects.toThrow(
    'smtp/probe has no text value',
  );
});

test('a password from an environment variable is refused on AWS', () => {
  expect(() => secretReader('us-east-1', () => 0)({ env: 'PASSWORD' })).toThrow('one machine only');
});

test.each([
  ['smtp/probe', undefined],
  ['arn:aws:secretsmanager:eu-west-1:123456789012:secret:smtp/probe-AbCdEf', 'eu-west-1'],
])('the region of %s is %s', (secret, region) => {
  expect(regionOf(secret)).toBe(region);
});
