import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sample } from '../../../lambda/smtp/sample/sample.ts';
import { makeCertificate } from '../../../local/demo/certificate.ts';
import { type DemoServers, demoHost, startDemoServers } from '../../../local/demo/servers.ts';
import { cli, inProcess } from '../cli.ts';

let servers: DemoServers;
let submission: SMTPServer;
let folder: string;
let trust: string[];

beforeAll(async () => {
  servers = await startDemoServers();
  folder = mkdtempSync(path.join(tmpdir(), 'smtp-quorum-'));
  const ca = path.join(folder, 'ca.pem');
  writeFileSync(ca, servers.ca);
  const { key, cert, ca: authority } = await makeCertificate([demoHost]);
  writeFileSync(path.join(folder, 'submission.pem'), authority);
  const onAuth: SMTPServerOptions['onAuth'] = ({ username, password }, _, done) =>
    done(password === 'xyzzy-secret' ? null : new Error('wrong password'), { user: username });
  submission = new SMTPServer({ key, cert, secure: true, onAuth });
  await new Promise<void>((done) => submission.listen(0, '127.0.0.1', () => done()));
  trust = ['--ca', ca, '--server-name', demoHost];
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all([servers.close(), new Promise<void>((done) => submission.close(done))]);
});

const at = (port: keyof DemoServers['ports']) => `127.0.0.1:${servers.ports[port]}`;

describe('a healthy server', () => {
  test('passes, and prints the facts of the session', async () => {
    const { code, stdout, stderr } = await cli(['probe', at('starttls'), ...trust]);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^PASS {2}127\.0\.0\.1:\d+ {2}STARTTLS, [\d.]+ ms\n/);
    for (const phase of ['connect', 'greeting', 'ehlo', 'starttls', 'tls', 'ehlo2']) {
      expect(stdout).toMatch(new RegExp(`^ {2}${phase} +[\\d.]+ ms +#+$`, 'm'));
    }
    expect(stdout).toMatch(/^ {2}TLS +TLSv1\.3, /m);
    expect(stdout).toMatch(/^ {2}Certificate +.*mail\.example\.com/m);
    expect(stdout).toMatch(/^ {2}In TLS +.*8BITMIME/m);
    expect(stdout).not.toContain('Transcript');
    expect(code).toBe(0);
  });

  test('prints the transcript with --transcript', async () => {
    const { stdout } = await cli([
      'probe',
      at('plain'),
      '--security',
      'none',
      '--transcript',
      '--ehlo-name',
      'probe.example.com',
    ]);
    expect(stdout).toMatch(/^ {2}C: EHLO probe\.example\.com$/m);
  });

  test('is probed over each address family with -4 -6', async () => {
    const args = ['probe', `localhost:${servers.ports.plain}`, '--security', 'none', '-4', '-6'];
    const { parts } = JSON.parse((await inProcess([...args, '--json'])).stdout) as Sample;
    expect(parts?.map(({ name }) => name)).toEqual(['IPv4', 'IPv6']);
    expect(parts?.[0]?.sample).toMatchObject({ outcome: 'pass', address: '127.0.0.1' });
    expect((await inProcess(args)).stdout).toMatch(/^PASS {2}IPv4, port \d+, [\d.]+ ms$/m);
  });

  test('accepts a mail with --deliver', async () => {
    const where = ['probe', at('plain'), '--security', 'none', '--rcpt-to', 'sink@example.com'];
    const { code, stdout } = await inProcess([...where, '--deliver', '--transcript']);
    expect(stdout).toMatch(/^ {2}data +[\d.]+ ms/m);
    expect(stdout).toContain('C: (the mail)');
    expect(code).toBe(0);
    expect((await inProcess([...where, '--transcript'])).stdout).not.toContain('DATA');
  });

  test('is printed as one line of JSON', async () => {
    const { code, stdout } = await cli(['probe', at('tls'), '--security', 'tls', ...trust, '--json']);
    expect(stdout.trimEnd()).not.toContain('\n');
    const sample = JSON.parse(stdout) as Sample;
    expect(sample).toMatchObject({ outcome: 'pass', phase: null, code: null, reply: null, host: '127.0.0.1' });
    expect(sample.timings.tls).toBeGreaterThan(0);
    expect(sample.tls?.version).toBe('TLSv1.3');
    expect(sample.transcript.length).toBeGreaterThan(2);
    expect(code).toBe(0);
  });
});

describe('a failing server', () => {
  test('gives exit code 2 with phase, code, hint and transcript', async () => {
    const { code, stdout } = await cli(['probe', at('plain')]);
    expect(stdout).toMatch(/^FAIL {2}/);
    expect(stdout).toMatch(/^ {2}fail at starttls: starttls-not-offered$/m);
    expect(stdout).toMatch(/^ {2}Hint +\S/m);
    expect(stdout).toContain('Transcript');
    expect(code).toBe(2);
  });

  test('with an untrusted certificate fails', async () => {
    const { code, stdout } = await inProcess(['probe', at('starttls'), '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'fail', phase: 'certificate' });
    expect(code).toBe(2);
  });

  test('passes with --insecure', async () => {
    const { code } = await inProcess(['probe', at('starttls'), '--insecure', '--json']);
    expect(code).toBe(0);
  });

  test('cannot write control sequences to the terminal', async () => {
    const hostile = createServer((socket) => {
      socket.on('error', () => {});
      socket.end('554 \x1b[2J\x1b]0;owned\x07\u202eevil\r\n');
    });
    await new Promise<void>((done) => hostile.listen(0, '127.0.0.1', done));
    const { port } = hostile.address() as AddressInfo;
    const { code, stdout } = await inProcess(['probe', `127.0.0.1:${port}`]);
    hostile.close();
    expect(stdout).toContain('\\x1b[2J\\x1b]0;owned\\x07\\u{202e}evil');
    expect(stdout).toMatch(/^[\n -~]*$/);
    expect(code).toBe(2);
  });
});

describe('a target of the config', () => {
  const config = () => {
    const file = path.join(folder, 'smtp-quorum.yaml');
    const { plain } = servers.ports;
    const { port } = submission.server.address() as AddressInfo;
    const security = 'security: none, mailFrom: "", rcptTo: [sink@example.com], deliver: true';
    writeFileSync(
      file,
      `ehloName: probe-{vantage}.example.com
targets:
  - { id: mx1, host: 127.0.0.1, port: ${plain}, ${security}, expect: { greeting: { matches: nobody } } }
  - id: submission
    host: 127.0.0.1
    port: ${port}
    security: tls
    ca: submission.pem
    serverName: ${demoHost}
    auth: { user: probe, password: { env: MX_PASSWORD } }
`,
    );
    return file;
  };

  test('is probed by its id, with its expectations, without sending mail', async () => {
    const { code, stdout } = await inProcess(['probe', 'mx1', '--config', config(), '--transcript']);
    expect(stdout).toMatch(/^FAIL {2}127\.0\.0\.1:\d+ {2}no TLS/);
    expect(stdout).toContain('C: EHLO probe-local.example.com');
    expect(stdout).toContain('C: RCPT TO:<sink@example.com>');
    expect(stdout).not.toContain('C: DATA');
    expect(code).toBe(2);
  });

  test('is found in the config of the folder, and probed with its password', async () => {
    config();
    const env = { MX_PASSWORD: 'xyzzy-secret' };
    const { code, stdout } = await cli(['probe', 'submission', '--transcript'], { env, cwd: folder });
    expect(stdout).toMatch(/^ {2}auth /m);
    expect(stdout).not.toContain('xyzzy');
    expect(code).toBe(0);
  });

  test('has the settings that options change', async () => {
    const args = ['probe', 'mx1', '--config', config(), '--greeting', 'smtp', '--ehlo-name', 'x.example.com'];
    const { code, stdout } = await inProcess([...args, '--transcript']);
    expect(stdout).toContain('C: EHLO x.example.com');
    expect(code).toBe(0);
  });

  test.each([
    ['an id that is not in the config', ['mx2'], "has no target 'mx2'; did you mean 'mx1'?"],
    ['--mx', ['mx1', '--mx'], '--mx: the config has `domain`'],
    [
      'a password that is not set',
      ['submission'],
      'password of target submission cannot be read: environment variable',
    ],
  ])('%s is refused', async (_, args, words) => {
    const { code, stderr } = await inProcess(['probe', ...args, '--config', config()]);
    expect(stderr).toContain(words);
    expect(code).toBe(3);
  });

  test('a folder as the config is named with the file in it', async () => {
    const { code, stderr } = await inProcess(['probe', 'mx1', '--config', folder]);
    expect(stderr).toContain(`is a folder; name the file in it: --config ${folder}/smtp-quorum.yaml`);
    expect(code).toBe(3);
  });
});

describe('the deadline is that of the process', () => {
  /** Greets, and does not answer EHLO, QUIT or a FIN. */
  const hangs = (socket: Socket) => void socket.on('error', () => {}).write('220 mx1.example.com ESMTP\r\n');
  /** Answers EHLO just before the deadline, so that QUIT is sent with it. */
  const late = (socket: Socket) => {
    hangs(socket);
    socket.once('data', () => setTimeout(() => socket.write('250 mx1.example.com\r\n'), 1_500));
  };

  /** A byte at a time, and no end. */
  const drips = (socket: Socket) => {
    const timer = setInterval(() => socket.write('2'), 100);
    socket.on('error', () => {}).on('close', () => clearInterval(timer));
  };
  const clear = ['--security', 'none'];

  test.each<[string, (socket: Socket) => void, number, readonly string[]]>([
    ['hangs after its greeting', hangs, 2, clear],
    ['hangs after QUIT', late, 0, clear],
    ['never greets', () => {}, 2, clear],
    ['sends a byte at a time', drips, 2, [...clear, '--json']],
    ['hangs in the TLS handshake', () => {}, 2, ['--security', 'tls', '--json']],
  ])('a server that %s', async (_, serve, exitCode, options) => {
    const server = createServer({ allowHalfOpen: true }, serve);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const beforeStart = performance.now();
    await cli(['--version']);
    const started = performance.now();
    const args = ['probe', `127.0.0.1:${port}`, ...options, '--timeout', '3s'];
    const { code } = await cli(args);
    server.close();
    expect(code).toBe(exitCode);
    // A machine on which a process takes long to start takes as long to end one.
    expect(performance.now() - started).toBeLessThan(3_300 + (started - beforeStart));
  });
});

describe('on the command line', () => {
  test.each([
    [['probe'], "missing required argument 'host[:port] | id'"],
    [['probe', 'mx1.example.com', '--securty', 'none'], 'Did you mean --security?'],
    [['probe', 'mx1.example.com', '--security', 'ssl'], 'Allowed choices are none, starttls, starttls-if-offered, tls'],
    [['probe', 'mx1.example.com:0'], "port '0' is not a number from 1 to 65535"],
    [['prob', 'mx1.example.com'], 'Did you mean probe?'],
  ])('%j is rejected with exit code 3 and a message', async (args, words) => {
    const { code, stdout, stderr } = await inProcess(args);
    expect(stderr).toContain(words);
    expect(stdout).toBe('');
    expect(code).toBe(3);
  });

  test.each([
    [['--help'], 'Examples:'],
    [['probe', '--help'], 'Exit codes'],
    [['--version'], /^\d+\.\d+\.\d+\n$/],
  ])('%j prints text and exits with 0', async (args, words) => {
    const { code, stdout, stderr } = await inProcess(args);
    expect(stdout).toMatch(words);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  test('prints colour on terminals, and with FORCE_COLOR', async () => {
    const { stdout } = await cli(['probe', at('plain'), '--security', 'none'], { env: { FORCE_COLOR: '1' } });
    expect(stdout).toContain('\x1b[32m');
    const quiet = await cli(['probe', at('plain'), '--security', 'none'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
    expect(quiet.stdout).not.toContain('\x1b');
  });

  test('reads a password from the environment, and never prints it', async () => {
    const args = [
      'probe',
      at('starttls'),
      ...trust,
      '--user',
      'probe',
      '--password-env',
      'PROBE_PASSWORD',
      '--transcript',
    ];
    const { stdout } = await cli(args, { env: { PROBE_PASSWORD: 'xyzzy-secret' } });
    expect(stdout).toMatch(/AUTH/);
    expect(stdout).not.toContain('xyzzy-secret');
    expect(stdout).not.toContain(Buffer.from('\0probe\0xyzzy-secret').toString('base64'));
  });
});
