import fc from 'fast-check';
import { expect, test } from 'vitest';
import { failureOf } from '../../lambda/smtp/failures/failures.ts';
import { probeScript } from './probe-script.ts';
import type { Script } from './scripted-server.ts';

const DEADLINE = 400;
const LIMITS = { greeting: 150, reply: 100, handshake: 100, clientHello: 50, quit: 50, deadline: DEADLINE };

const chunk = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom('220 mx1\r\n', '250-mx1\r\n250 STARTTLS\r\n', '250 mx1\r\n', '220-', '421 bye\r\n', '2')
    .map((text) => Buffer.from(text)),
);

/** Sends each piece after a command, or after 5 ms; then closes, resets or hangs. */
const sayAtRandom =
  (chunks: readonly Buffer[], leave: 'close' | 'reset' | 'hang'): Script =>
  async (client) => {
    for (const piece of chunks) {
      client.say(piece);
      await Promise.race([client.hearSomething(), client.pause(5)]);
    }
    await client[leave]();
  };

test('random servers over sockets: the probe ends by the deadline, with a code, and does not throw', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.array(chunk, { maxLength: 6 }), fc.constantFrom('close', 'reset', 'hang')), {
        minLength: 8,
        maxLength: 8,
      }),
      fc.constantFrom('none', 'starttls', 'tls'),
      async (servers, security) => {
        const results = await Promise.all(
          servers.map(([chunks, leave]) => probeScript(sayAtRandom(chunks, leave), { security }, LIMITS)),
        );
        for (const { sample } of results) {
          expect(sample.outcome === 'pass' || failureOf(sample.code ?? '') !== undefined).toBe(true);
          // Timers fire late on loaded machines, so that the bound is a multiple of the deadline.
          expect(sample.total).toBeLessThan(DEADLINE * 25);
        }
      },
    ),
    { numRuns: 10 },
  );
});
