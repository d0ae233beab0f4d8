/**
 * What `vantage-silent` watches: the metric is written after the round is recorded, so that a lost home region is silence in
 * every other region.
 */
import { afterEach, expect, test, vi } from 'vitest';
import { metricNames } from '../../lambda/aws/metric-names.ts';
import { awsProbePorts } from '../../lambda/aws/probe-ports.ts';
import { handler } from '../../lambda/probe/handler.ts';
import { target, testPorts } from '../ports.ts';
import { mailServer, serve } from '../smtp/scripted-server.ts';

vi.mock('../../lambda/aws/probe-ports.ts');
afterEach(() => vi.restoreAllMocks());

/** Whether a round writes the metric; how the handler ends. */
async function probeOnce(isHomeLost: boolean) {
  const server = await serve(mailServer());
  const { ports } = testPorts([target('mx1', server.port)]);
  const lost = () => Promise.reject(new Error('connect ETIMEDOUT'));
  const history = isHomeLost ? { ...ports.history, recordRound: lost } : ports.history;
  vi.mocked(awsProbePorts).mockResolvedValue({ ...ports, history });
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  const ended = await handler({ scheduled: '2026-11-26T00:00:00Z' }).then(
    () => 'well',
    (error) => String(error),
  );
  await server.close();
  return { ended, metrics: written.filter((line) => line.includes(metricNames.failed)).length };
}

test('a recorded round writes it', async () => {
  expect(await probeOnce(false)).toEqual({ ended: 'well', metrics: 1 });
});

test('a round that cannot be recorded in the home region does not', async () => {
  expect(await probeOnce(true)).toEqual({ ended: expect.stringContaining('ETIMEDOUT'), metrics: 0 });
});
