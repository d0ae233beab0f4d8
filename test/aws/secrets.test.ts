import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, describe, expect, test, vi } from 'vitest';
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

const HOUR = 3_600_000;

test('a password is cached for an hour, then read again, because it may have been rotated', async () => {
  let now = 0;
  const send = answering('first', 'second');
  const read = secretReader('us-east-1', () => now);
  expect(await Promise.all([read({ secret: 'smtp/probe' }), read({ secret: 'smtp/probe' })])).toEqual([
    'first',
    'first',
  ]);
  now = HOUR - 1;
  expect(await read({ secret: 'smtp/probe' })).toBe('first');
  now = HOUR;
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

describe('a password that a server refused', () => {
  const refusedAt = async (at: number, ...answers: string[]) => {
    let now = 0;
    const send = answering(...answers);
    const read = secretReader('us-east-1', () => now);
    const first = await read({ secret: 'smtp/probe' });
    now = at;
    const again = await Promise.all([1, 2].map(() => read({ secret: 'smtp/probe' }, first)));
    return { again, reads: send.mock.calls.length };
  };

  test('is read again, once for all that ask: it may have been rotated', async () => {
    expect(await refusedAt(60_000, 'old', 'new')).toEqual({ again: ['new', 'new'], reads: 2 });
  });

  test('is not, where that was just done: then it is wrong', async () => {
    expect(await refusedAt(59_999, 'wrong')).toEqual({ again: ['wrong', 'wrong'], reads: 1 });
  });

  test('and was replaced meanwhile is not read again', async () => {
    let now = 0;
    const send = answering('old', 'new');
    const read = secretReader('us-east-1', () => now);
    await read({ secret: 'smtp/probe' });
    now = HOUR;
    expect(await read({ secret: 'smtp/probe' })).toBe('new');
    now += 60_000;
    expect(await read({ secret: 'smtp/probe' }, 'old')).toBe('new');
    expect(send).toHaveBeenCalledTimes(2);
  });
});

test('a password from an environment variable is refused on AWS', async () => {
  await expect(secretReader('us-east-1', () => 0)({ env: 'PASSWORD' })).rejects.toThrow('one machine only');
});

test.each([
  ['smtp/probe', undefined],
  ['arn:aws:secretsmanager:eu-west-1:123456789012:secret:smtp/probe-AbCdEf', 'eu-west-1'],
])('the region of %s is %s', (secret, region) => {
  expect(regionOf(secret)).toBe(region);
});
