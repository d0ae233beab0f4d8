import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, vi } from 'vitest';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';
import { target, testPorts } from '../ports.ts';

const requests: string[] = [];
const service = createServer(({ method, url }, response) => {
  requests.push(`${method} ${url}`);
  response.end();
});
service.listen(0, '127.0.0.1');
await once(service, 'listening');
const { port } = service.address() as AddressInfo;
const { ports } = testPorts([target('mx1', 25)], { heartbeat: `http://127.0.0.1:${port}/check` });

const context = { getRemainingTimeInMillis: () => 50_000 };
let isBroken = true;
let now = Date.parse('2026-11-22T05:00:00Z');
const writeJudgement: typeof ports.history.writeJudgement = async (...args) => {
  if (isBroken) throw new Error('ProvisionedThroughputExceededException');
  return ports.history.writeJudgement(...args);
};

// The clients of AWS are the only part that is replaced.
vi.mock('../../lambda/aws/ports.ts', () => ({
  logUnreadable: () => {},
  awsPorts: async () => ({ ...ports, history: { ...ports.history, writeJudgement }, now: () => now }),
}));
vi.mock('../../lambda/aws/environment-ports.ts', () => ({ homeTable: () => openInMemoryTable() }));

test('the judge on AWS sends a heartbeat after a complete pass, and none after another', async () => {
  const { handler } = await import('../../lambda/judge/handler.ts');
  const log = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await expect(handler({ scheduled: '2026-11-22T05:00:00Z' }, context)).rejects.toThrow('not done in this pass: mx1');
    expect(requests).toEqual([]);
    isBroken = false;
    const spent = { getRemainingTimeInMillis: () => 9_000 };
    await expect(handler({ scheduled: '2026-11-22T05:00:30Z' }, spent)).rejects.toThrow('not done in this pass: time');
    expect(requests).toEqual([]);
    now += 60_000;
    await handler({ scheduled: '2026-11-22T05:01:00Z' }, context);
    expect(requests).toEqual(['GET /check']);
  } finally {
    log.mockRestore();
    service.close();
  }
});
