import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeploymentCheckContext } from '../../../../bin/doctor/check-context.ts';
import { checkStatusPage, statusPageChecks } from '../../../../bin/doctor/page/check-status-page.ts';
import type { StatusPage } from '../../../../lambda/config/page/status-page.ts';
import { testPorts } from '../../../ports.ts';

const NOW = Date.parse('2026-11-26T09:12:00Z');
let server: Server;
let answer = { status: 200, body: '' };

beforeAll(async () => {
  server = createServer((_, response) => void response.writeHead(answer.status).end(answer.body));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(() => new Promise((done) => server.close(done)));

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const configOf = (statusPage?: StatusPage) => testPorts([], statusPage ? { statusPage } : {}).ports.config;

function contextWith(statusPage: StatusPage, outputs: Record<string, string>): DeploymentCheckContext {
  const stack = async () => ({ status: 'CREATE_COMPLETE', outputs: new Map(Object.entries(outputs)) });
  return { aws: { stack }, config: configOf(statusPage), now: NOW } as unknown as DeploymentCheckContext;
}

const open: StatusPage = { access: 'public' };
const byPassword: StatusPage = { access: 'private', password: { secret: 'page/password' } };
const byAddress: StatusPage = { access: 'private', allow: ['192.0.2.0/24'] };
const fresh = '{"at":"2026-11-26T09:11:30Z"}';

test.each<[string, StatusPage, number, string, string, RegExp]>([
  ['a public page with a fresh round', open, 200, fresh, 'pass', /^http:\/\/127/],
  ['a public page whose judge is silent', open, 200, '{"at":"2026-11-26T08:00:00Z"}', 'warn', /is old/],
  ['a public page that is not written yet', open, 404, '', 'fail', /answers 404/],
  ['a public page that asks for a password', open, 401, '', 'fail', /answers 401/],
  ['a page with a password', byPassword, 401, '', 'pass', /asks for its password.*docs\/deploy\.md#status-page/],
  ['a page with a password that asks for none', byPassword, 200, fresh, 'fail', /without a password/],
  ['a page for other addresses', byAddress, 403, '', 'pass', /not for the address of this machine/],
  ['a page for this address', byAddress, 200, fresh, 'pass', /in `allow`/],
  ['a private page that fails', byPassword, 502, '', 'fail', /answers 502/],
])('%s', async (_, page, status, body, outcome, detail) => {
  answer = { status, body };
  const result = await checkStatusPage(contextWith(page, { PageUrl: url(), PageHost: 'd1.cloudfront.net' }));
  expect(result.outcome).toBe(outcome);
  expect(result.detail).toMatch(detail);
  expect(result.fix === null).toBe(outcome === 'pass');
});

test('a domain name that leads nowhere fails, with where it has to lead', async () => {
  const outputs = { PageUrl: 'http://127.0.0.1:1', PageHost: 'd1.cloudfront.net' };
  const result = await checkStatusPage(contextWith(open, outputs));
  expect(result).toMatchObject({ outcome: 'fail', fix: expect.stringContaining('d1.cloudfront.net') });
});

test('a stack without the page fails, and without a page in the config nothing is asked', async () => {
  expect(await checkStatusPage(contextWith(open, {}))).toMatchObject({ outcome: 'fail' });
  expect(statusPageChecks(configOf())).toEqual([]);
  expect(statusPageChecks(configOf({ access: 'off' }))).toEqual([]);
  expect(statusPageChecks(configOf(open))).toHaveLength(1);
});
