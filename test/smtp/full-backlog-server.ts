import { createConnection, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** A thread that listens and then blocks: the kernel queues connections up to the backlog, and drops further SYNs. */
const LISTENER = `
  const { createServer } = require('node:net');
  const { parentPort } = require('node:worker_threads');
  const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });
`;

/** Null if the kernel accepts connections beyond the backlog. */
export async function serverWithFullBacklog(): Promise<{ port: number; close(): Promise<void> } | null> {
  const worker = new Worker(LISTENER, { eval: true });
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  const sockets: Socket[] = [];
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await worker.terminate();
  };
  for (let attempt = 0; attempt < 8; attempt++) {
    const socket = createConnection({ port, host: '127.0.0.1' }).on('error', () => {});
    sockets.push(socket);
    if (!(await connects(socket))) return { port, close };
  }
  await close();
  return null;
}

function connects(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), 1_500);
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
