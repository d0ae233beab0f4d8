/** What the posture of a domain costs: questions, time, write units, code. Everything is on loopback. */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dnsOfRun } from '../lambda/dns/records/dns-of-run.ts';
import { writeUnits } from '../lambda/history/table/item-size.ts';
import { RUN_EVERY } from '../lambda/posture-watch/domain-order.ts';
import { makeCertificate } from '../local/demo/certificate.ts';
import { type NameServer, serveNames } from '../test/dns/name-server.ts';
import { type MutableZone, mailZone } from '../test/posture-watch/story/mail-zone.ts';
import { openWorld, postureDomain, start } from '../test/posture-watch/world.ts';
import { weigh } from './bundle.ts';

/** Milliseconds of each answer. */
const DELAY = 20;
const RUNS = 1_000;

export async function run(): Promise<void> {
  const { cert } = await makeCertificate(['mx1.example.com']);
  const zone = zoneOf(cert, 100);
  await withServer(zone, (server, port) => questions(server, port));
  // The command asks the servers of a zone at their addresses, which are not on loopback.
  await withServer(withoutServers(zone), (_, port) => commandLine(port));
  await writes();
  bundleSize();
}

async function withServer(zone: MutableZone, work: (server: NameServer, port: number) => Promise<void>): Promise<void> {
  const server = await serveNames(zone);
  const slow = await startDelay(server, DELAY);
  try {
    await work(server, slow.port);
  } finally {
    slow.close();
    server.close();
  }
}

function withoutServers(zone: MutableZone): MutableZone {
  return Object.fromEntries(Object.entries(zone).map(([name, { NS: _, SOA: _soa, ...records }]) => [name, records]));
}

/** Domains with records of their own, MX hosts of their own and one provider, as customers of one host have them. */
function zoneOf(cert: string, domains: number): MutableZone {
  // No policy host is on loopback.
  const { '_mta-sts.example.com': _, ...zone } = mailZone(cert);
  const own = Object.entries(zone).filter(([name]) => /(?:^|\.)example\.com$/.test(name));
  const copies = Array.from({ length: domains }, (_, nth) =>
    own.map(([name, records]) => [name.replace(/example\.com$/, `d${nth}.example.org`), records] as const),
  );
  return { ...zone, ...Object.fromEntries(copies.flat()) };
}

async function questions(server: NameServer, port: number): Promise<void> {
  for (const count of [1, 100]) {
    const posture = Array.from({ length: count }, (_, nth) => postureDomain(`d${nth}.example.org`));
    const world = openWorld({ config: { posture } });
    const plain = { kind: 'plain', text: `127.0.0.1:${port}`, address: '127.0.0.1', port } as const;
    const timing = { patience: 2_000, retry: 2_000, limit: 5_000 };
    world.ports.openDns = (bounds) => {
      const dns = dnsOfRun([plain], { timing, bounds, port, systemServers: [] });
      return { ...dns, askServer: (_, type, name) => dns.askServer('127.0.0.1', type, name) };
    };
    for (const [what, at] of [
      ['all areas', start],
      ['lists alone', start + RUN_EVERY],
    ] as const) {
      const [before, cpu, began] = [server.queries.length, process.cpuUsage(), performance.now()];
      await world.run(at, 600_000);
      const used = process.cpuUsage(cpu);
      const asked = server.queries.length - before;
      const milliseconds = performance.now() - began;
      console.log(
        `  ${String(count).padStart(3)} ${count === 1 ? 'domain ' : 'domains'}, ${what.padEnd(11)} ${String(asked).padStart(6)} questions (${(asked / count).toFixed(1)} per domain), ${(milliseconds / 1000).toFixed(2)} s, ${((used.user + used.system) / 1000 / count).toFixed(1)} ms of CPU per domain`,
      );
    }
  }
}

/** `posture` for one domain, its process included. */
async function commandLine(port: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'smtp-quorum-posture-'));
  const meter = join(folder, 'meter.cjs');
  writeFileSync(meter, METER);
  const times: { wall: number; cpu: number }[] = [];
  for (let nth = 0; nth < 5; nth++) times.push(await oneCommand(port, meter));
  rmSync(folder, { recursive: true });
  const middle = (key: 'wall' | 'cpu') => times.map((one) => one[key]).sort((a, b) => a - b)[2] ?? Number.NaN;
  console.log(
    `  posture of one domain, resolver at ${DELAY} ms: ${(middle('wall') / 1000).toFixed(2)} s, ${middle('cpu').toFixed(0)} ms of CPU (median of 5, start of Node included)`,
  );
}

/** Writes the CPU time of its process, in milliseconds, when it ends. */
const METER =
  "process.on('exit',()=>{const u=process.cpuUsage();require('node:fs').writeSync(3,String((u.user+u.system)/1000))})";

function oneCommand(port: number, meter: string): Promise<{ wall: number; cpu: number }> {
  const began = performance.now();
  const words = ['posture', 'd1.example.org', '--resolver', `127.0.0.1:${port}`, '--selector', 's1', '--no-sessions'];
  const child = spawn(process.execPath, ['--require', meter, 'bin/smtp-quorum.js', ...words, '--json'], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let cpu = '';
    child.stdio[3]?.on('data', (part) => {
      cpu += part;
    });
    child.on('error', reject);
    child.on('close', () => resolve({ wall: performance.now() - began, cpu: Number(cpu) }));
  });
}

/** Of a calm domain, and of one whose address is listed and taken off again each day. */
async function writes(): Promise<void> {
  for (const [what, isListed] of [
    ['nothing changes', () => false],
    ['listed for 6 hours of each day', (at: number) => new Date(at).getUTCHours() < 6],
  ] as const) {
    let at = start;
    const dns = () => (isListed(at) ? { '25.2.0.192.zen.spamhaus.org': { A: ['127.0.0.2'] } } : {});
    const world = openWorld({ dns });
    for (let nth = 0; nth < RUNS; nth++) {
      at = start + nth * RUN_EVERY;
      await world.run(at);
    }
    const units = (items: typeof world.writes) => items.reduce((sum, item) => sum + writeUnits(item), 0);
    const items = world.writes.filter(({ pk }) => pk.startsWith('posture#'));
    console.log(
      `  ${RUNS} runs, ${what}: ${units(world.writes)} write units: ${items.length} items of the domain with ${units(items)} units, and a note of each run; ${world.events.length} events`,
    );
  }
}

function bundleSize(): void {
  const folder = mkdtempSync(join(tmpdir(), 'smtp-quorum-bundle-'));
  const { minified, zipped, evaluators } = weigh('posture-watch', folder);
  rmSync(folder, { recursive: true });
  const kilobytes = (octets: number) => `${(octets / 1000).toFixed(1)} KB`;
  console.log(
    `  bundle ${kilobytes(minified)} minified, ${kilobytes(zipped)} zipped with its config; standards and checks ${kilobytes(evaluators)}`,
  );
}

/** A relay in front of the name server, which holds each answer back. */
async function startDelay({ plain }: NameServer, delay: number) {
  const target = plain.kind === 'plain' ? plain.port : 53;
  const front = createSocket('udp4');
  const open = new Set<ReturnType<typeof createSocket>>();
  front.on('message', (query, from) => {
    const back = createSocket('udp4');
    open.add(back);
    back.on('message', async (answer) => {
      back.close();
      open.delete(back);
      await sleep(delay);
      front.send(answer, from.port, from.address, () => {});
    });
    back.send(query, target, '127.0.0.1');
  });
  await new Promise<void>((resolve) => front.bind(0, '127.0.0.1', resolve));
  return {
    port: front.address().port,
    close: () => {
      front.close();
      for (const socket of open) socket.close();
    },
  };
}
