import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Config } from '../../../lambda/config/config.ts';
import { policyDefaults } from '../../../lambda/consensus/judgement/policy.ts';
import { startMonitor } from '../../../local/monitor.ts';
import { servePages } from '../../../local/web/page-server.ts';
import { openPublisher } from '../../../local/web/publisher.ts';
import type { SiteFile } from '../../../web/site.ts';
import { freePort } from '../../free-port.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';
import { target, testPorts } from '../../ports.ts';
import { mailServer, serve } from '../../smtp/scripted-server.ts';

test('the page of a running monitor shows an outage with its evidence, and no answer waits for the history', async () => {
  const healthy = await serve(mailServer());
  const folder = await mkdtemp(path.join(tmpdir(), 'smtp-quorum-page-'));
  const targets = [target('mx1', healthy.port), target('mx2', await freePort())];
  const policy = { ...policyDefaults(1), vantages: ['local'], every: 1000 };
  const config: Config = { ...testPorts(targets).ports.config, home: 'local', policy };
  const errors: string[] = [];
  const server = await servePages({ host: '127.0.0.1', port: 0 });
  const read = async (file: string) => (await fetch(`${server.url}/${file}`)).text();
  try {
    const listener = {
      onRoundStart: () => {},
      onRoundEnd: () => {},
      showAlert: () => {},
      onError: (what: string, error: unknown) => void errors.push(`${what}: ${error}`),
      onGaps: () => {},
      onHistoryNotice: () => {},
      onLog: () => {},
    };
    const monitor = await startMonitor(config, folder, listener, Date.now, server, '0.2.0');
    await expect.poll(() => read('index.html')).toContain('1 of 2 mail servers is down');
    const summary = JSON.parse(await read('api/v2/summary.json'));
    expect(summary.components).toMatchObject([{ status: 'operational' }, { status: 'major_outage' }]);
    const [incident] = JSON.parse(await read('snapshot.json')).incidents;
    expect(incident).toMatchObject({
      target: 'mx2',
      closed: null,
      witnesses: [{ vantage: 'local', phase: 'connect' }],
    });
    const [, page = ''] = /href="(incidents\/[^"]+\.html)"/.exec(await read('index.html')) ?? [];
    expect(await read(page)).toContain('Failed at connect');
    expect(await read('reports.html')).toMatch(/href="reports\/\d{4}-\d\d\.html"/);
    expect(await read('vantages.html')).toContain('1 failed, 1 passed');
    expect(await read('metrics')).toContain('smtp_quorum_vantage_info{vantage="local",version="0.2.0",egress=""} 1');
    await monitor.stop();
    expect(errors).toEqual([]);
    expect(await read('index.html')).toContain('is down');
  } finally {
    await server.close();
    await healthy.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test('a table that fails leaves the page as it was, so that it turns old; the next publication that can be read replaces it', async () => {
  const memory = openInMemoryTable();
  let isBroken = false;
  const table = {
    ...memory,
    query: (...asked: Parameters<typeof memory.query>) =>
      isBroken ? Promise.reject(new Error('the disk cannot be read')) : memory.query(...asked),
  };
  const published: ReadonlyMap<string, SiteFile>[] = [];
  const { config } = testPorts([target('mx1', 25)]).ports;
  let elapsed = 0;
  const server = {
    url: 'http://127.0.0.1:8080',
    publish: (files: ReadonlyMap<string, SiteFile>) => void published.push(files),
  };
  const { publish } = openPublisher(config, table, server, Date.now, { elapsed: () => elapsed });
  await publish();
  expect(published).toHaveLength(1);
  expect(published[0]?.get('index.html')?.body).toContain('1 of 1 mail server is not known');
  isBroken = true;
  elapsed += 1;
  await expect(publish()).rejects.toThrow('the disk cannot be read');
  expect(published).toHaveLength(1);
  isBroken = false;
  elapsed += 1;
  await publish();
  expect(published).toHaveLength(2);
});

test.each([
  ['twenty times as long as it took', 100, 2_000],
  ['at most half of the time after which the page is old', 60_000, 90_000],
])('after a publication none follows for %s', async (_, took, pause) => {
  const memory = openInMemoryTable();
  let elapsed = 0;
  let published = 0;
  const server = {
    url: 'http://127.0.0.1:8080',
    publish: () => {
      published++;
      elapsed += took;
    },
  };
  const { config } = testPorts([target('mx1', 25)]).ports;
  const { publish } = openPublisher(config, memory, server, Date.now, { elapsed: () => elapsed });
  await publish();
  elapsed += pause - 1;
  await publish();
  expect(published).toBe(1);
  elapsed += 1;
  await publish();
  expect(published).toBe(2);
});
