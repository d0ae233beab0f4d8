import { expect, test } from 'vitest';
import type { Endpoint } from '../../../lambda/smtp/endpoint/endpoint.ts';
import { probe } from '../../../lambda/smtp/resolve-and-probe-endpoint.ts';
import { probeScript } from '../probe-script.ts';
import { mailServer, serve } from '../scripted-server.ts';

const auth = { user: 'probe', password: 'open sesame' };

test.each<[string, Partial<Endpoint>]>([
  ['ehloName', { ehloName: 'probe.example.com\r\nMAIL FROM:<x@example.net>' }],
  ['ehloName', { ehloName: 'probe example' }],
  ['ehloName', { ehloName: '' }],
  ['mailFrom', { mailFrom: 'probe@example.com>\r\nDATA' }],
  ['mailFrom', { mailFrom: 'probe@example.com> SIZE=1' }],
  ['rcptTo', { rcptTo: ['ops@example.com', 'ops@example.com\nDATA'] }],
  ['expect.rcpt.accepts', { expect: { rcpt: { accepts: ['ops@example.com\x00'] } } }],
  ['expect.rcpt.rejects', { expect: { rcpt: { rejects: ['x@example.net\x85'] } } }],
  ['mailFrom', { mailFrom: 'grüße@example.com' }],
  ['rcptTo', { rcptTo: ['o’brien@example.com'] }],
  ['auth.user', { auth: { ...auth, user: 'probe\0root' } }],
  ['auth.user', { auth: { ...auth, user: '' } }],
])('a setting that would change a command is rejected: %s: %j', async (setting, endpoint) => {
  const server = await serve(mailServer());
  const where = { host: '127.0.0.1', port: server.port, security: 'none', ehloName: 'probe.example.com' } as const;
  await expect(probe({ ...where, ...endpoint })).rejects.toThrow(new RegExp(`^\`${setting}\` .*"`));
  await server.close();
  expect(server.heard).toEqual([]);
});

test.each<Partial<Endpoint>>([
  { ehloName: '[192.0.2.1]' },
  { ehloName: '[IPv6:2001:db8::1]' },
  { mailFrom: '' },
  { mailFrom: 'probe+quorum@example.com', rcptTo: ["o'brien@example.com"] },
])('%j is accepted', async (endpoint) => {
  const { sample } = await probeScript(mailServer(), endpoint);
  expect(sample.outcome).toBe('pass');
});
