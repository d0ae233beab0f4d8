import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Limits } from '../../lambda/smtp/bounds/limits.ts';
import { probe } from '../../lambda/smtp/resolve-and-probe-endpoint.ts';
import type { Sample } from '../../lambda/smtp/sample/sample.ts';
import { CASES, type Case, type Expected, MISMATCHES } from './cases.ts';
import { describeServer } from './describe-server.ts';
import { dovecot } from './dovecot.ts';
import { exim } from './exim.ts';
import { complaints } from './guest.ts';
import { haraka } from './haraka.ts';
import { opensmtpd } from './opensmtpd.ts';
import { postfix } from './postfix.ts';
import { type Door, makeOptions, type Server, type ServerKind, WORLD } from './server.ts';
import { type ExpectedLine, unexpectedLines } from './trips/log-reasons.ts';

/** A busy machine is no server in trouble: a client that does not wait for the reply to QUIT is in its log. */
const PATIENT: Partial<Limits> = { deadline: 60_000, connect: 30_000, handshake: 30_000, reply: 30_000, quit: 30_000 };

/** Doors with servers in trouble, and logins that are wrong on purpose. */
const EXPECTED_HERE: readonly ExpectedLine[] = [
  {
    server: 'Postfix',
    line: /warning: localhost\[127\.0\.0\.1\]: SASL \S+ authentication failed: /,
    reason: 'Cases log in with a wrong password or token.',
  },
  { server: 'Postfix', line: /warning: not enough free space in mail queue/, reason: 'The disk of a door is full.' },
  {
    server: 'Postfix',
    line: /postfix\/bounce\[\d+\]: warning: \w+: undeliverable postmaster notification discarded/,
    reason: 'It reports the full disk to its postmaster, and the disk is full.',
  },
  { server: 'Postfix', line: /warning: haproxy read: timeout error/, reason: 'A door waits for a PROXY header.' },
  {
    server: 'Postfix',
    line: /warning: (?:connect to Milter service|milter) inet:\S+: (?:Connection refused|can't read SMFIC_RCPT reply)/,
    reason: 'The filters of four doors are absent, die, or hang.',
  },
  {
    server: 'Postfix',
    line: /Connect to Dovecot auth socket 'inet:127\.0\.0\.1:9' failed|fatal: no SASL authentication mechanisms|smtpd pid \d+ exit status 1|smtpd: bad command startup -- throttling/,
    reason: 'The processes of a door die before they greet.',
  },
  {
    server: 'OpenSMTPD',
    line: /^warn: purge_task: opendir: No such file or directory$/,
    reason: 'It looks for what it purges before the folder is made.',
  },
];

/** Doors whose greeting, if there is one, does not name the software. */
const ANONYMOUS: ReadonlySet<string> = new Set(['crashing', 'proxied'] satisfies Door[]);

for (const kind of [postfix, exim, opensmtpd, dovecot, haraka]) {
  describeServer(kind.name, kind.missing(), () => testSessions(kind));
}

function testSessions(kind: ServerKind): void {
  const rows = (cases: readonly Case[]) => cases.filter(({ door }) => kind.doors.includes(door));
  const goodbyes: Promise<void>[] = [];
  let options: Awaited<ReturnType<typeof makeOptions>>;
  let server: Server;

  beforeAll(async () => {
    options = await makeOptions();
    server = await kind.start(options);
  });
  afterAll(async () => {
    await server?.stop();
    await options?.remove();
  });

  function probeOf({ door, security, with: more }: Case, limits: Partial<Limits> = {}): Promise<Sample> {
    const { certificate } = options;
    const port = server.ports[door] ?? 0;
    const base = { host: '127.0.0.1', port, security, ehloName: 'probe.example.com', serverName: WORLD.host };
    return probe(
      { ...base, ca: certificate.ca, ...more },
      { limits: { ...PATIENT, ...limits }, onQuit: (over) => goodbyes.push(over) },
    );
  }

  test.each(rows(CASES))('$what', async (row) => {
    const sample = await probeOf(row);
    expectSample(sample, row.except?.[kind.name] ?? row.seen);
    if (!ANONYMOUS.has(row.door) && sample.phase !== 'tls') expect(sample.software).toBe(kind.name);
  });

  test('its log knows the probe for a good guest', async () => {
    await Promise.all(goodbyes);
    expect(server.log().length).toBeGreaterThan(0);
    expect(unexpectedLines(kind.name, server.log(), EXPECTED_HERE)).toEqual([]);
  });

  test('its log tells of a client that is none', async () => {
    await leaveAfterEhlo(server.ports.mail ?? 0);
    await vi.waitFor(() => expect(complaints(kind.name, server.log())).not.toEqual([]), { timeout: 100_000 });
  });

  test.each(rows(MISMATCHES))('$what', async (row) => expectSample(await probeOf(row, { greeting: 2_000 }), row.seen));
}

function expectSample(sample: Sample, { reply, ...seen }: Expected): void {
  const said = sample.transcript.join('\n');
  expect(sample, said).toMatchObject(seen);
  if (reply !== undefined) expect(sample.reply, said).toMatch(reply);
}

async function leaveAfterEhlo(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'data');
  socket.write('EHLO rude.example.com\r\n');
  await once(socket, 'data');
  socket.destroy();
}
