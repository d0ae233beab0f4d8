import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { beforeAll, describe, expect, test } from 'vitest';
import { FAILURES, type FailureCode } from '../../lambda/smtp/failures/failures.ts';
import { probe } from '../../lambda/smtp/resolve-and-probe-endpoint.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { authCases } from './faults/auth-cases.ts';
import { certificateCases } from './faults/certificate-cases.ts';
import { ehloCases } from './faults/ehlo-cases.ts';
import { expectationCases } from './faults/expectation-cases.ts';
import { greetingCases } from './faults/greeting-cases.ts';
import { mailCases } from './faults/mail-cases.ts';
import { pipeliningCases } from './faults/pipelining-cases.ts';
import { hang } from './faults/scripts.ts';
import { tlsCases } from './faults/tls-cases.ts';
import { serverWithFullBacklog } from './full-backlog-server.ts';
import { type Case, probeScript } from './probe-script.ts';
import { serve } from './scripted-server.ts';

let certificates: Certificates;
beforeAll(async () => {
  certificates = await makeCertificates();
});

describe.concurrent.each([
  ['greeting', greetingCases],
  ['EHLO', ehloCases],
  ['STARTTLS and TLS', tlsCases],
  ['certificate', certificateCases],
  ['AUTH', authCases],
  ['mail transaction', mailCases],
  ['pipelining', pipeliningCases],
  ['expectation', expectationCases],
] as const)('%s', (_, cases: readonly Case[]) => {
  test.each(cases)('$name', async ({ script, endpoint, limits, outcome, phase, code, detail }) => {
    const withCa = { ca: certificates.ca, serverName: 'mx1.example.com', ...endpoint };
    const { sample } = await probeScript(script(certificates), withCa, { quit: 200, ...limits });
    expect(sample).toMatchObject({ outcome, phase: phase ?? null, code: code ?? null });
    if (detail !== undefined) expect(sample.detail).toContain(detail);
  });
});

const ALL: readonly Case[] = [
  ...greetingCases,
  ...ehloCases,
  ...tlsCases,
  ...certificateCases,
  ...authCases,
  ...mailCases,
  ...pipeliningCases,
  ...expectationCases,
];

test('the table has the code of each case, and allows its phase', () => {
  for (const { code, phase } of ALL) {
    if (code === undefined) continue;
    const tablePhase = FAILURES[code as FailureCode].phase;
    if (tablePhase === 'any') continue;
    expect([tablePhase, ...(tablePhase === 'ehlo' ? ['ehlo2'] : [])], code).toContain(phase);
  }
});

/** Codes that no session with one server can cause, and the tests that cause them. */
const ELSEWHERE: Readonly<Record<string, readonly RegExp[]>> = {
  'probe-failures.test.ts': [/^connect-(refused|unreachable|timeout)$/, /^aborted$/],
  'connect-failure.test.ts': [/^connect-failed$/, /^no-(route|resources)$/],
  '../consensus/vote/deferrals.test.ts': [/^deferred-too-long$/],
  'target.test.ts': [/^dns-/, /^mx-/, /^address-down$/],
  '../probe/probe-round.test.ts': [/^secret-unreadable$/, /^probe-error$/],
  '../probe/control-target.test.ts': [/^control-unreachable$/, /^port-blocked$/],
};

test.each(Object.keys(FAILURES))('a test causes %s', (code) => {
  if (ALL.some((one) => one.code === code)) return;
  const places = Object.entries(ELSEWHERE).filter(([, codes]) => codes.some((pattern) => pattern.test(code)));
  const texts = places.map(([place]) => readFileSync(new URL(place, import.meta.url), 'utf8'));
  expect(texts.some((text) => text.includes(`'${code}'`))).toBe(true);
});

describe('no connection', () => {
  const endpoint = { security: 'none', ehloName: 'probe.example.com' } as const;

  test('refused', async () => {
    const server = await serve(hang);
    await server.close();
    const sample = await probe({ ...endpoint, host: '127.0.0.1', port: server.port });
    expect(sample).toMatchObject({ outcome: 'fail', phase: 'connect', code: 'connect-refused' });
  });

  test('unreachable', async () => {
    // For a broadcast address the kernel returns ENETUNREACH without a packet.
    const sample = await probe({ ...endpoint, host: '127.255.255.255', port: 25 });
    const connected = Object.values(networkInterfaces())
      .flat()
      .some((address) => address?.family === 'IPv4' && !address.internal);
    expect(sample.code).toBe(connected ? 'connect-unreachable' : 'no-route');
  });

  test('no answer to SYN', async ({ skip }) => {
    const server = await serverWithFullBacklog();
    try {
      if (server === null) return skip('this kernel answers SYNs beyond the backlog');
      const sample = await probe({ ...endpoint, host: '127.0.0.1', port: server.port }, { limits: { connect: 500 } });
      expect(sample).toMatchObject({ outcome: 'fail', phase: 'connect', code: 'connect-timeout' });
    } finally {
      await server?.close();
    }
  });

  test('aborted', async () => {
    const stop = new AbortController();
    const server = await serve(async (client) => {
      // The client knows that it is connected.
      await client.pause(100);
      stop.abort();
      await client.hang();
    });
    const sampled = probe({ ...endpoint, host: '127.0.0.1', port: server.port }, { signal: stop.signal });
    expect(await sampled).toMatchObject({ outcome: 'unable', code: 'aborted', phase: 'greeting' });
    await server.close();
  });

  test('aborted before the start', async () => {
    const sample = await probe({ ...endpoint, host: '127.0.0.1', port: 1 }, { signal: AbortSignal.abort() });
    expect(sample).toMatchObject({ outcome: 'unable', code: 'aborted' });
  });
});
