/** `posture` against a real TLS server on loopback: what sessions add, and the story of a renewal that left TLSA behind. */
import { createHash } from 'node:crypto';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { postureCommand } from '../../../bin/commands/posture.ts';
import { postureSchema } from '../../../docs/posture.ts';
import { type NameServer, type Records, serveNames } from '../../dns/name-server.ts';
import { type Issued, issue } from '../../smtp/certificates.ts';
import { mailServer, type Script, type ScriptedServer, serve } from '../../smtp/scripted-server.ts';
import { onTerminal } from '../terminal.ts';

const host = 'mx1.example.com';
const tlsaOf = `_25._tcp.${host}`;
let root: Issued;
let first: Issued;
let second: Issued;
beforeAll(async () => {
  root = await issue({ subject: 'CN=Root', authority: true });
  [first, second] = await Promise.all([issue({ names: [host] }, root), issue({ names: [host] }, root)]);
});

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
  process.exitCode = undefined;
});

async function keyDigest({ keys }: Issued): Promise<string> {
  const key = Buffer.from(await crypto.subtle.exportKey('spki', keys.publicKey));
  return createHash('sha256').update(key).digest('hex');
}

const withTls = ({ key, pem }: Issued): Script => mailServer({ tls: { key, cert: pem + root.pem } });

interface World {
  readonly zone: Record<string, Records>;
  readonly names: NameServer;
  readonly server: ScriptedServer;
  script: Script;
  /** Called with each text that the command writes. */
  onWritten?: () => void;
}

/** A signed domain with one MX host on loopback. */
async function world(script: Script): Promise<World> {
  const zone: Record<string, Records> = {
    'example.com': { MX: [`10 ${host}`] },
    [host]: { A: ['127.0.0.1'] },
    '1.0.0.127.in-addr.arpa': { PTR: [host] },
  };
  const names = await serveNames(zone, { authenticated: true });
  const state = { zone, names, script };
  const server = await serve((client) => state.script(client));
  open.push(names.close, () => void server.close());
  return Object.assign(state, { server });
}

async function run(
  { names, server, onWritten }: Pick<World, 'names' | 'server' | 'onWritten'>,
  ...args: readonly string[]
) {
  vi.stubEnv('NO_COLOR', '1');
  const written: { readonly text: string }[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written.push({ text: String(chunk) });
    onWritten?.();
    return true;
  });
  try {
    const command = postureCommand({ port: server.port, mxAddresses: 'any' });
    await command.parseAsync(['example.com', '--resolver', names.address, '--no-lists', ...args], { from: 'user' });
  } finally {
    spy.mockRestore();
    vi.unstubAllEnvs();
  }
  return { written, text: written.map(({ text }) => text).join(''), code: process.exitCode };
}

async function checks(of: World, area: string, ...args: readonly string[]) {
  const { text } = await run(of, '--json', ...args);
  return postureSchema.parse(JSON.parse(text)).checks.filter((one) => one.area === area);
}

test('a renewal that leaves TLSA behind is a failure with the record to paste, which mends it', async () => {
  const of = await world(withTls(first));
  of.zone[tlsaOf] = { TLSA: [`3 1 1 ${await keyDigest(first)}`] };
  expect(await checks(of, 'dane')).toMatchObject([{ code: 'dane-valid', detail: expect.stringContaining('they fit') }]);

  of.script = withTls(second);
  const [left, ...others] = await checks(of, 'dane');
  expect(others).toEqual([]);
  const record = `${tlsaOf}. IN TLSA 3 1 1 ${await keyDigest(second)}`;
  expect(left).toMatchObject({ code: 'dane-mismatch', outcome: 'fail', publish: [record] });

  const [, data = ''] = /IN TLSA (.*)$/.exec(left?.publish[0] ?? '') ?? [];
  of.zone[tlsaOf] = { TLSA: [`3 1 1 ${await keyDigest(first)}`, data] };
  expect(await checks(of, 'dane')).toMatchObject([{ code: 'dane-valid' }]);

  of.script = mailServer({ answers: { EHLO: `250-${host}\r\n250 PIPELINING` } });
  expect(await checks(of, 'dane')).toMatchObject([{ code: 'dane-no-starttls', outcome: 'fail' }]);

  await of.server.close();
  expect(await checks(of, 'dane')).toMatchObject([{ code: 'dane-not-compared', outcome: 'unable' }]);
});

test('one session with each host, which ends with QUIT', async () => {
  const of = await world(withTls(first));
  await checks(of, 'dane');
  const commands = () => of.server.heard.map((line) => line.split(' ')[0]);
  await expect.poll(commands).toEqual(['EHLO', 'STARTTLS', 'EHLO', 'QUIT']);
});

test('--no-sessions: none', async () => {
  const of = await world(withTls(first));
  of.zone[tlsaOf] = { TLSA: [`3 1 1 ${await keyDigest(second)}`] };
  expect(await checks(of, 'dane', '--no-sessions')).toMatchObject([
    { code: 'dane-valid', detail: expect.stringContaining('not compared') },
  ]);
  const { text } = await run(of, '--no-sessions');
  expect(text).not.toContain('ession');
  expect(of.server.heard).toEqual([]);
});

test('another name in the greeting than that of the address', async () => {
  const of = await world(
    mailServer({ answers: { greeting: '220 inside.example.org ESMTP', EHLO: '250 inside.example.org' } }),
  );
  expect(await checks(of, 'fcrdns')).toContainEqual(
    expect.objectContaining({
      code: 'fcrdns-greeting',
      subject: host,
      detail: expect.stringContaining('greets as inside.example.org'),
    }),
  );
});

test('DNS is printed at once, and what a slow session adds follows', async () => {
  let printed = () => {};
  const isPrinted = new Promise<void>((resolve) => {
    printed = resolve;
  });
  const of = await world(async (client) => {
    await isPrinted;
    await withTls(second)(client);
  });
  of.onWritten = printed;
  of.zone[tlsaOf] = { TLSA: [`3 1 1 ${await keyDigest(first)}`] };
  const { written, code } = await onTerminal(80, () => run(of));
  const [dns, ...later] = written;
  expect(dns?.text).toMatch(/^ok {2}dane {4}3 1 1 .*\n? *.*not compared/m);
  expect(dns?.text).not.toContain('dane-mismatch');
  expect(later.map(({ text }) => text.trim().split('\n')[0])).toEqual([
    'Sessions with 1 MX host follow as they end.',
    expect.stringMatching(/^Session with mx1\.example\.com \[127\.0\.0\.1\]: greets as mx1/),
    expect.stringMatching(/./),
  ]);
  const [, session, end] = later;
  expect(session?.text).toContain('fail at dane: dane-mismatch');
  // In parentheses, as a zone file has a record of several lines (RFC 1035 5.1).
  const [, pasted = ''] = /Publish +(_25[^)]*\))/.exec(session?.text ?? '') ?? [];
  expect(pasted.replace(/\s+/g, ' ')).toBe(`${tlsaOf}. IN TLSA 3 1 1 ( ${await keyDigest(second)} )`);
  expect(end?.text).toMatch(/FAIL {2}example\.com {2}.*, with sessions\n$/);
  expect(
    later
      .map(({ text }) => text)
      .join('')
      .split('\n')
      .filter((line) => line.length > 80),
  ).toEqual([]);
  expect(code).toBe(2);
});

test('a blocked port is unable, and no failure of the domain', async () => {
  const of = await world(withTls(first));
  await of.server.close();
  const found = await checks(of, 'fcrdns');
  expect(found).toContainEqual(
    expect.objectContaining({ code: 'fcrdns-not-compared', outcome: 'unable', subject: host }),
  );
  expect(found.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
});

test('a hostile server: its names are escaped, and the output is printable', async () => {
  const of = await world(
    mailServer({ answers: { greeting: '220 \xff\xfe"\\$(x).example ESMTP', EHLO: '250 \u0085\u009b31m' } }),
  );
  const { text } = await onTerminal(80, () => run(of, '--all'));
  expect(text).toContain('fcrdns-greeting');
  expect(text).toMatch(/^[\n -~\u2026\u00a0-\u00ff]*$/);
});
