import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assertCommandArguments } from '../../../lambda/smtp/endpoint/command-arguments.ts';
import { probeScript } from '../probe-script.ts';
import type { Client } from '../scripted-server.ts';

/** Takes one message, and collects its lines up to the final dot. */
function receiver(lines: string[], reply: string) {
  return async (client: Client) => {
    client.say('220 mx.example.com ESMTP\r\n');
    await client.hear('EHLO');
    client.say('250 mx.example.com\r\n');
    await client.hear('MAIL FROM:<canary@example.com>');
    client.say('250 ok\r\n');
    await client.hear('RCPT TO:<seed@example.net>');
    client.say('250 ok\r\n');
    await client.hear('DATA');
    client.say('354 go on\r\n');
    for (let line = await client.hear(); line !== '.'; line = await client.hear()) lines.push(line);
    client.say(reply);
    await client.hear('QUIT');
    client.say('221 bye\r\n');
    await client.hang();
  };
}

async function send(message: string, reply = '250 2.0.0 Ok: queued as 4XyZ\r\n') {
  const lines: string[] = [];
  const endpoint = { mailFrom: 'canary@example.com', rcptTo: ['seed@example.net'], deliver: true, message };
  const { sample } = await probeScript(receiver(lines, reply), endpoint);
  return { sample, lines };
}

test('the message of the caller is sent with its dots stuffed, and the transcript does not have it', async () => {
  const { sample, lines } = await send('Subject: a\r\n\r\n.\r\n..\r\n.dot\r\nnot.this\r\n');
  expect(lines).toEqual(['Subject: a', '', '..', '...', '..dot', 'not.this']);
  expect(sample).toMatchObject({ outcome: 'pass', acceptance: '2.0.0 Ok: queued as 4XyZ' });
  expect(sample.transcript.join('\n')).toContain('C: (the mail)');
  expect(sample.transcript.join('\n')).not.toContain('Subject');
  expect(sample.timings.data).toBeGreaterThanOrEqual(0);
});

test('a refused message was not accepted', async () => {
  const { sample } = await send('Subject: a\r\n\r\ntext\r\n', '554 5.7.1 no\r\n');
  expect(sample).toMatchObject({ outcome: 'fail', phase: 'data', reply: '554 5.7.1 no' });
  expect(sample).not.toHaveProperty('acceptance');
});

test('any message in ASCII arrives as it was given', async () => {
  const line = fc.string({ unit: fc.constantFrom('.', 'a', ' ', '\t', '='), maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 8 }), async (given) => {
      const { lines } = await send(`${given.join('\r\n')}\r\n`);
      expect(lines.map((one) => one.replace(/^\./, ''))).toEqual(given);
    }),
    { numRuns: 20 },
  );
});

test.each([
  ['a bare LF', 'a\nb\r\n'],
  ['a bare CR', 'a\rb\r\n'],
  ['no end of the last line', 'a\r\nb'],
  ['a long line', `${'a'.repeat(999)}\r\n`],
  ['an umlaut', 'ä\r\n'],
  ['nothing', ''],
])('a message with %s is an error of the caller', (_, message) => {
  expect(() => assertCommandArguments({ ehloName: 'probe.example.com', message })).toThrow(TypeError);
});
