import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { connectFailure } from '../../lambda/smtp/connect-failure.ts';
import { probe } from '../../lambda/smtp/resolve-and-probe-endpoint.ts';

test.each([
  ['ECONNREFUSED', 'connect-refused', 'fail'],
  ['ETIMEDOUT', 'connect-timeout', 'fail'],
  ['ENETDOWN', 'no-route', 'unable'],
  ['EAFNOSUPPORT', 'no-route', 'unable'],
  ['EMFILE', 'no-resources', 'unable'],
  ['EADDRNOTAVAIL', 'no-resources', 'unable'],
  ['EINVAL', 'connect-failed', 'fail'],
])('%s is %s', (errno, code, outcome) => {
  const error = Object.assign(new Error(errno), { code: errno });
  expect(connectFailure('192.0.2.1', 25, error)).toMatchObject({
    ...{ code, outcome, phase: 'connect' },
    detail: `192.0.2.1 port 25: ${errno}`,
  });
});

test.each(['4', '6'])(
  'an unreachable IPv%s address is no-route if this machine has no address of the family',
  (family) => {
    const error = Object.assign(new Error(), { code: 'ENETUNREACH' });
    const has = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .some((one) => one.family === `IPv${family}` && !one.internal && !one.address.startsWith('fe80:'));
    const { code } = connectFailure(family === '4' ? '192.0.2.1' : '2001:db8::1', 25, error);
    expect(code).toBe(has ? 'connect-unreachable' : 'no-route');
  },
);

test('a link-local address without its link cannot be connected to', async () => {
  const where = { host: 'fe80::1', port: 25, security: 'none', ehloName: 'probe.example.com' } as const;
  expect(await probe(where)).toMatchObject({ outcome: 'fail', phase: 'connect', code: 'connect-failed' });
});
