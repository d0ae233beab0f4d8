import { execFile } from 'node:child_process';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

interface Round {
  readonly reached: readonly string[];
  readonly outcomes: readonly string[];
  readonly unreached: number;
  readonly stored: number | undefined;
}

/** A server that counts its connections at the same time. */
async function serve(onConnection: (socket: Socket) => void) {
  const open = new Set<Socket>();
  let most = 0;
  const server = createServer((socket) => {
    open.add(socket.on('error', () => {}).on('close', () => open.delete(socket)));
    most = Math.max(most, open.size);
    onConnection(socket);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', 2_000, done));
  closing.push(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const address = server.address();
  return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, most: () => most };
}

const greets = (socket: Socket) => {
  socket.write('220 mx1.example.com ESMTP\r\n');
  socket.on('data', (data) => {
    socket.write(data.toString().startsWith('QUIT') ? '221 bye\r\n' : '250 mx1.example.com\r\n');
  });
};

/** A process of its own, with `descriptors` as by `ulimit -n`. */
async function probeRounds(descriptors: number, ...args: readonly number[]): Promise<readonly Round[]> {
  const script = `ulimit -n ${descriptors} && exec "$0" --import tsx "$@"`;
  const program = [process.execPath, join(import.meta.dirname, 'many-targets.ts'), ...args.map(String)];
  const { stdout } = await promisify(execFile)('sh', ['-c', script, ...program], {
    cwd: join(import.meta.dirname, '../../..'),
  });
  return JSON.parse(stdout);
}

test('with fewer descriptors than targets, every target is probed', async () => {
  const { port, most } = await serve(greets);
  const [round] = await probeRounds(160, port, 500, 5_000, 1);
  expect(round).toMatchObject({ outcomes: ['pass null'], unreached: 0 });
  expect(round?.stored).toBeUndefined();
  expect(round?.reached).toHaveLength(500);
  expect(most()).toBeLessThan(160);
});

test('what has no time is absent, and comes first in the next round', async () => {
  // All sessions of the first wave end after the last moment at which another one may begin, which is 7 s.
  const { port } = await serve((socket) => void setTimeout(greets, 7_500, socket));
  const [first, second] = await probeRounds(160, port, 100, 20_000, 2);
  expect(first?.outcomes).toEqual(['pass null']);
  expect(first?.unreached).toBeGreaterThan(0);
  expect(first?.stored).toBe(first?.unreached);
  expect((first?.reached.length ?? 0) + (first?.unreached ?? 0)).toBe(100);
  const again = second?.reached.filter((id) => first?.reached.includes(id)) ?? [];
  // Fewer than half of the targets fit into a round, so that none is probed twice before all others.
  expect(first?.reached.length).toBeLessThan(50);
  expect(again).toEqual([]);
});
