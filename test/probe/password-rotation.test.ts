import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { probeRound } from '../../lambda/probe/probe-round.ts';
import { target, testPorts } from '../ports.ts';

let server: SMTPServer;
let sessions = 0;

beforeAll(async () => {
  server = new SMTPServer({
    logger: false,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    onConnect: (_session, done) => {
      sessions += 1;
      done();
    },
    onAuth: ({ password }, _session, done) =>
      password === 'new'
        ? done(null, { user: 'probe' })
        : done(Object.assign(new Error('5.7.8 no'), { responseCode: 535 })),
  });
  server.on('error', () => undefined);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});

afterAll(() => new Promise<void>((done) => server.close(done)));

/** A round against the server, with these passwords: the cached one, and the one that is read after a refusal. */
async function roundWith(cached: string, readAgain: string | Error) {
  sessions = 0;
  const { port } = server.server.address() as AddressInfo;
  const auth = { user: 'probe', password: { secret: 'smtp/probe' } };
  const { ports } = testPorts([target('submission', port, { auth, security: 'none' })]);
  const asked: (string | undefined)[] = [];
  const secret = async (_: unknown, refused?: string) => {
    asked.push(refused);
    if (refused === undefined) return cached;
    if (readAgain instanceof Error) throw readAgain;
    return readAgain;
  };
  const { samples } = await probeRound({ ...ports, secret }, { scheduled: '2026-11-22T05:08:00Z' });
  const sample = samples.get('submission');
  return { outcome: sample?.outcome, code: sample?.code, sessions, asked };
}

test.each([
  ['a rotated password is read again and used in the same round', 'old', 'new', 'pass', null, 2],
  ['a password that is wrong is read again, and its refusal stands', 'old', 'old', 'fail', 'auth-rejected', 1],
  ['a password that cannot be read again is taken as wrong', 'old', new Error('denied'), 'fail', 'auth-rejected', 1],
  ['a password that is accepted is not read again', 'new', 'other', 'pass', null, 1],
] as const)('%s', async (_, cached, readAgain, outcome, code, count) => {
  const round = await roundWith(cached, readAgain);
  expect(round).toMatchObject({ outcome, code, sessions: count });
  expect(round.asked).toEqual(cached === 'new' ? [undefined] : [undefined, 'old']);
});
