/** The probe on the Node that Lambda runs, whose OpenSSL has other defaults: the same samples as here. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sample } from '../../lambda/smtp/sample/sample.ts';
import { type Certificates, makeCertificates } from '../smtp/certificates.ts';
import { authCases } from '../smtp/faults/auth-cases.ts';
import { certificateCases } from '../smtp/faults/certificate-cases.ts';
import { tlsCases } from '../smtp/faults/tls-cases.ts';
import type { Case } from '../smtp/probe-script.ts';
import { serve } from '../smtp/scripted-server.ts';
import { lambdaNode } from './lambda-node.ts';

let certificates: Certificates;
let child: ChildProcess;
let lines: Interface;

beforeAll(async () => {
  certificates = await makeCertificates();
  const program = ['--import', 'tsx', join(import.meta.dirname, 'lambda-probe.ts')];
  child = spawn(await lambdaNode(), program, { stdio: ['pipe', 'pipe', 'inherit'] });
  lines = createInterface({ input: child.stdout as NonNullable<typeof child.stdout> });
});
afterAll(() => void child.kill());

async function probeThere({ script, endpoint, limits }: Case): Promise<Sample> {
  const server = await serve(script(certificates));
  try {
    const base = { host: '127.0.0.1', port: server.port, security: 'none', ehloName: 'probe.example.com' };
    const settings = { ca: certificates.ca, serverName: 'mx1.example.com', ...endpoint };
    const answer = once(lines, 'line');
    child.stdin?.write(`${JSON.stringify({ endpoint: { ...base, ...settings }, limits: { quit: 200, ...limits } })}\n`);
    return JSON.parse(String(await answer));
  } finally {
    await server.close();
  }
}

describe.each([
  ['TLS', tlsCases],
  ['certificate', certificateCases],
  ['AUTH', authCases],
] as const)('%s', (_, cases: readonly Case[]) => {
  test.each(cases)('$name', async (row) => {
    const { outcome, phase = null, code = null, detail = '' } = row;
    const sample = await probeThere(row);
    expect(sample).toMatchObject({ outcome, phase, code });
    expect(sample.detail ?? '').toContain(detail);
  });
});
