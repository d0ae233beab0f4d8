import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import type { Config, Target } from '../../lambda/config/config.ts';
import { parseConfig } from '../../lambda/config/parse.ts';
import { formatProblems } from '../../lambda/config/problems/problem.ts';
import { probeRound } from '../../lambda/probe/probe-round.ts';
import type { Sample } from '../../lambda/smtp/sample/sample.ts';
import { freePort, freePortsOf } from '../free-port.ts';
import { target, testPorts } from '../ports.ts';
import { mailServer, serve } from '../smtp/scripted-server.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Served {
  readonly port: number;
  readonly greetedAs: readonly string[];
  /** The mails that were accepted or refused after DATA. */
  readonly mails: readonly string[];
  readonly quits: () => number;
}

interface Serving extends SMTPServerOptions {
  /** Code of the reply to each mail. */
  readonly refusal?: number | undefined;
}

async function server({ refusal, ...options }: Serving = {}): Promise<Served> {
  const greetedAs: string[] = [];
  const mails: string[] = [];
  let quits = 0;
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onMailFrom: (_address, session, done) => {
      greetedAs.push(String(session.hostNameAppearsAs));
      done();
    },
    onData: async (stream, _session, done) => {
      mails.push(await text(stream));
      await pause(5);
      done(refusal === undefined ? null : Object.assign(new Error('no'), { responseCode: refusal }));
    },
    onClose: () => {
      quits += 1;
    },
    ...options,
  });
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => smtp.close(resolve)));
  return { port: (smtp.server.address() as AddressInfo).port, greetedAs, mails, quits: () => quits };
}

const scheduled = '2026-11-22T05:08:41Z';

test('a round is named by the time it was due, and sends EHLO with the name of its vantage', async () => {
  const { port, greetedAs, quits } = await server();
  const { ports, history, events } = testPorts([target('mx1', port, { mailFrom: 'probe@example.com' })]);
  const { round } = await probeRound(ports, { scheduled });
  expect(round).toBe('2026-11-22T05:08:00Z');
  expect(greetedAs).toEqual(['probe-eu-west-1.example.com']);
  await expect.poll(quits).toBe(1);
  const [stored] = await history.rounds('eu-west-1', round);
  expect(stored?.samples.get('mx1')?.outcome).toBe('pass');
  expect(events).toEqual([]);
});

test.each([
  ['nothing', {}],
  ['the release', { release: '0.2.0' }],
  ['the release and the address', { release: '0.2.0', egress: '192.0.2.25' }],
])('a round has the origin that the ports know: %s', async (_, known) => {
  const { port } = await server();
  const { ports, history } = testPorts([target('mx1', port)]);
  const { round } = await probeRound({ ...ports, ...known }, { scheduled });
  const [stored] = await history.rounds('eu-west-1', round);
  expect({ release: stored?.release, egress: stored?.egress }).toEqual({
    release: undefined,
    egress: undefined,
    ...known,
  });
});

test('the time of QUIT is recorded, and compared with its budget if it has one', async () => {
  const { port } = await server();
  const quit = { warn: 0.000_001 };
  const hasty = target('mx2', port, { expect: { latency: { phases: { quit } } } });
  const { ports, history } = testPorts([target('mx1', port), hasty]);
  const { round } = await probeRound(ports, { scheduled });
  const [stored] = await history.rounds('eu-west-1', round);
  expect(stored?.samples.get('mx1')).toMatchObject({ outcome: 'pass', timings: { quit: expect.any(Number) } });
  expect(stored?.samples.get('mx2')).toMatchObject({ outcome: 'warn', phase: 'quit', code: 'slow' });
});

test('a missing reply to QUIT changes neither the outcome nor the total', async () => {
  const silent = await serve(mailServer({ answers: { QUIT: (client) => client.hang() } }));
  closing.push(silent.close);
  const { ports } = testPorts([target('mx1', silent.port)]);
  const { samples } = await probeRound(ports, { scheduled });
  const sample = samples.get('mx1');
  expect(sample?.outcome).toBe('pass');
  expect(sample?.total).toBeLessThan(sample?.timings.quit ?? 0);
});

describe('a target with `deliver` receives a mail each round: it is', () => {
  function delivering(port: number, expected: string): Target {
    const parsed = parseConfig(
      `targets: [{ id: mx1, host: 127.0.0.1, port: ${port}, security: none, mailFrom: probe@example.com,
         rcptTo: [sink@example.com], deliver: true, expect: ${expected} }]`,
      'smtp-quorum.yaml',
      () => '',
    );
    if (!parsed.ok) throw new Error(formatProblems(parsed.problems));
    return parsed.config.targets[0] as Target;
  }

  const slow = '{ latency: { phases: { data: { warn: 1ms } } } }';
  const code = (expected: number) => `{ replies: { data: { code: ${expected} } } }`;

  test.each<[string, string, Partial<Sample>, number?]>([
    ['taken', code(250), { outcome: 'pass', phase: null, code: null }],
    ['refused', '{}', { outcome: 'fail', phase: 'data', code: 'data-refused' }, 554],
    ['slow', slow, { outcome: 'warn', phase: 'data', code: 'slow' }],
    ['taken against expectation', code(554), { outcome: 'fail', phase: 'data', code: 'reply-code-mismatch' }],
  ])('%s', async (_, expected, seen, refusal) => {
    const { port, mails } = await server({ refusal });
    const { ports, history } = testPorts([delivering(port, expected)]);
    const { round } = await probeRound(ports, { scheduled });
    const [stored] = await history.rounds('eu-west-1', round);
    expect(stored?.samples.get('mx1')).toMatchObject(seen);
    expect(stored?.samples.get('mx1')?.timings.data).toBeGreaterThan(0);
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatch(/^From: <probe@example\.com>\r\nTo: <sink@example\.com>\r\n/);
  });
});

test('a round from the stagger queue has the same name', async () => {
  const { port } = await server();
  const { ports } = testPorts([target('mx1', port)]);
  const { round } = await probeRound(ports, { Records: [{ body: JSON.stringify({ scheduled }) }] });
  expect(round).toBe('2026-11-22T05:08:00Z');
});

test('a second opinion probes the requested targets and no others', async () => {
  const { port } = await server();
  const { ports } = testPorts([target('mx1', port), target('mx2', port)]);
  const detail = { round: '2026-11-22T05:08:09Z', targets: ['mx2', 'gone'] };
  const { round, samples } = await probeRound(ports, { 'detail-type': 'Second Opinion Wanted', detail });
  expect([round, [...samples.keys()]]).toEqual(['2026-11-22T05:08:09Z', ['mx2']]);
});

test('an event starts the judge after a failure, and after the first pass that follows', async () => {
  const { port } = await server();
  const down = await freePort();
  const failing = testPorts([target('mx1', down)]);
  await probeRound(failing.ports, { scheduled });
  const detail = { vantage: 'eu-west-1', round: '2026-11-22T05:08:00Z' };
  expect(failing.events).toEqual([{ type: 'Round Recorded', detail }]);
  const passing = testPorts([target('mx1', port)]);
  await probeRound(passing.ports, { scheduled });
  await probeRound(passing.ports, { scheduled: '2026-11-22T05:09:00Z' });
  expect(passing.events).toEqual([{ type: 'Round Recorded', detail }]);
});

test('a password that cannot be read makes the sample of that target unable, and no other', async () => {
  const { port } = await server();
  const auth = { user: 'probe@example.com', password: { secret: 'smtp/probe' } };
  const { ports } = testPorts([target('mx1', port), target('submission', port, { auth })]);
  const { samples } = await probeRound(ports, { scheduled });
  expect(samples.get('mx1')?.outcome).toBe('pass');
  expect(samples.get('submission')).toMatchObject({ outcome: 'unable', code: 'secret-unreadable' });
});

test('an error in the settings of one target does not affect the others', async () => {
  const { port } = await server();
  const broken = target('mx2', port, { security: 'starttls', ca: 'no certificate' });
  const { ports } = testPorts([target('mx1', port), broken]);
  const { samples } = await probeRound(ports, { scheduled });
  expect(samples.get('mx1')?.outcome).toBe('pass');
  expect(samples.get('mx2')).toMatchObject({ outcome: 'unable', code: 'probe-error' });
});

test.each([
  { control: 'reached', expected: ['fail', 'fail', 'pass'] },
  { control: 'not reached', expected: ['unable', 'fail', 'pass'] },
])('with the control target $control, what fails on its port is $expected.0', async ({ control, expected }) => {
  const { port } = await server();
  const [blocked = 0, other = 0] = await freePortsOf(2);
  // The control target must have the port of the target that fails: only its host differs.
  const host = control === 'reached' ? '127.0.0.1' : '127.0.0.2';
  const reached = { host, port: control === 'reached' ? port : blocked };
  const { ports } = testPorts([target('mx1', blocked), target('mx2', other), target('mx3', port)], {
    control: reached,
  });
  const { samples } = await probeRound(ports, { scheduled });
  expect([...samples.values()].map(({ outcome }) => outcome)).toEqual(expected);
});

test('facts are recorded with the first round of an hour, and when they change', async () => {
  const [plain, other] = [await server(), await server({ size: 1024 })];
  const { history, ports } = testPorts([target('facts', plain.port)]);
  const dues = ['05:00', '05:01', '05:02', '05:03'].map((time) => `2026-11-22T${time}:00Z`);
  for (const [n, due] of dues.entries())
    await probeRound(
      { ...ports, config: { ...ports.config, targets: [target('facts', n < 2 ? plain.port : other.port)] } },
      { scheduled: due },
    );
  const rounds = await history.rounds('eu-west-1', '2026-11-22T05:00:00Z');
  expect(rounds.map(({ samples }) => samples.get('facts')?.facts)).toEqual([
    { starttls: 'not offered', inClear: expect.any(String) },
    undefined,
    { inClear: expect.stringContaining('SIZE=1024') },
    undefined,
  ]);
});

test.each([
  [[{ domain: 'example.com' }], true],
  [[], false],
  [undefined, false],
])('what a session was served is recorded only where a domain is watched: %j', async (domains, expected) => {
  const plain = await server();
  const { history, ports } = testPorts([target('served', plain.port)]);
  const posture = domains as unknown as Config['posture'] & object;
  const config = { ...ports.config, ...(posture === undefined ? {} : { posture }) };
  await probeRound({ ...ports, config }, { scheduled: '2026-11-22T05:00:00Z' });
  const [round] = await history.rounds('eu-west-1', '2026-11-22T05:00:00Z');
  expect(round?.samples.get('served')?.served !== undefined).toBe(expected);
});

test('facts that could not be written are recorded with the next round', async () => {
  const { port } = await server();
  const { ports, history } = testPorts([target('unwritten', port)]);
  const throttled = { ...history, recordRound: async () => Promise.reject(new Error('throttled')) };
  const due = { scheduled: '2026-11-22T05:01:00Z' };
  await expect(probeRound({ ...ports, history: throttled }, due)).rejects.toThrow('throttled');
  await probeRound(ports, due);
  const [round] = await history.rounds('eu-west-1', '2026-11-22T05:01:00Z');
  expect(round?.samples.get('unwritten')?.facts).toMatchObject({ starttls: 'not offered' });
});
