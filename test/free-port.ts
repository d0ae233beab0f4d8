/**
 * Ports of 127.0.0.1 that stay free. The kernel gives the ports of its range to clients, and to servers that ask for any: one of
 * those that was free a moment ago is taken by the next connection. These are below that range. Processes of tests that run at the
 * same time look in different parts of it: between the look and the start of a server another one would find the same port free.
 */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';

const LOWEST = 10_240;
/** Where the kernel does not say: the default of Linux. */
const BEGIN_OF_RANGE = 32_768;
const TRIES = 200;
const PARTS = 16;

/** Nobody listens on it. */
export async function freePort(): Promise<number> {
  const [port] = await freePortsOf(1);
  if (port === undefined) throw new Error('no port');
  return port;
}

/** All different. */
export async function freePortsOf(count: number): Promise<readonly number[]> {
  const held = new Map<number, Server>();
  for (let tries = 0; held.size < count && tries < TRIES; tries++) {
    const port = randomPort();
    const server = held.has(port) ? null : await hold(port);
    if (server !== null) held.set(port, server);
  }
  await Promise.all([...held.values()].map((server) => new Promise((closed) => server.close(closed))));
  if (held.size < count) throw new Error(`only ${held.size} of ${count} ports are free`);
  return [...held.keys()];
}

function randomPort(): number {
  const length = Math.floor((beginOfRange() - LOWEST) / PARTS);
  return LOWEST + (process.pid % PARTS) * length + Math.floor(Math.random() * length);
}

function beginOfRange(): number {
  try {
    const begin = Number.parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10);
    return begin > LOWEST + PARTS * TRIES ? begin : BEGIN_OF_RANGE;
  } catch {
    return BEGIN_OF_RANGE;
  }
}

/** Null if it is taken. */
function hold(port: number): Promise<Server | null> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(null)).listen(port, '127.0.0.1', () => resolve(server));
  });
}
