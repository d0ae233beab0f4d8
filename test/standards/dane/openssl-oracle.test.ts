/** OpenSSL's own DANE verification as an oracle: `openssl s_client` against a real TLS server. Skipped where there is no openssl. */
import { execFile, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chainDigests } from '../../../lambda/smtp/tls/certificate-digests.ts';
import { publicKeyInfoOf } from '../../../lambda/smtp/tls/certificate-fields.ts';
import { authenticate, type DaneVerdict } from '../../../lambda/standards/dane/authenticate.ts';
import type { TlsaData } from '../../../lambda/standards/dane/tlsa.ts';
import { type Issued, issue } from '../../smtp/certificates.ts';
import { digestsOf } from './chains.ts';

const host = 'mx1.example.com';
const isInstalled = spawnSync('openssl', ['version']).status === 0;

type Name = 'leaf' | 'intermediate' | 'root' | 'other' | 'expired' | 'foreign' | 'alone';
let issued: Readonly<Record<Name, Issued>>;
const servers = new Map<string, Promise<Server>>();

beforeAll(async () => {
  const root = await issue({ subject: 'CN=Root', authority: true });
  const intermediate = await issue({ subject: 'CN=Intermediate', authority: true }, root);
  const [leaf, expired, foreign, other, alone] = await Promise.all([
    issue({ names: [host] }, intermediate),
    issue({ names: [host], from: -90, to: -1 }, intermediate),
    issue({ names: ['www.example.org'] }, intermediate),
    issue({ subject: 'CN=Other', authority: true }),
    issue({ names: [host] }),
  ]);
  issued = { root, intermediate, leaf, expired, foreign, other, alone };
});
afterAll(async () => {
  for (const server of servers.values()) (await server).close();
});

function serverOf(chain: readonly Name[]): Promise<Server> {
  const key = chain.join();
  const known = servers.get(key) ?? open(chain);
  servers.set(key, known);
  return known;
}

async function open(chain: readonly Name[]): Promise<Server> {
  const [leaf = 'leaf'] = chain;
  const cert = chain.map((name) => issued[name].pem).join('');
  const server = createServer({ key: issued[leaf].key, cert }, (socket) => socket.on('error', () => {}));
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function record(text: string): TlsaData {
  const [usage = 0, selector = 0, matching = 0] = text.split(' ').map(Number);
  const { raw } = new X509Certificate(issued[text.split(' ')[3] as Name].pem);
  const whole = (selector === 0 ? raw : publicKeyInfoOf(raw)).toString('hex');
  const { sha256, sha512 } = digestsOf(whole);
  return { usage, selector, matching, data: [whole, sha256, sha512][matching] ?? '' };
}

async function opensslAccepts(records: readonly TlsaData[], chain: readonly Name[]): Promise<boolean> {
  const { port } = (await serverOf(chain)).address() as AddressInfo;
  const rrdata = records.flatMap(({ usage, selector, matching, data }) => [
    '-dane_tlsa_rrdata',
    `${usage} ${selector} ${matching} ${data}`,
  ]);
  // RFC 7672 3.1.1: DANE-EE checks no names.
  const dane = ['-dane_tlsa_domain', host, ...rrdata, '-dane_ee_no_namechecks'];
  const args = [
    's_client',
    '-connect',
    `127.0.0.1:${port}`,
    '-servername',
    host,
    ...dane,
    '-verify_return_error',
    '-brief',
  ];
  return new Promise((resolve) => {
    const child = execFile('openssl', args, { timeout: 300_000 }, (error, stdout, stderr) =>
      resolve(error === null && /^Verification: OK$/m.test(`${stdout}\n${stderr}`)),
    );
    child.stdin?.end();
  });
}

function ourVerdict(records: readonly TlsaData[], chain: readonly Name[]): DaneVerdict['kind'] {
  const [leaf, ...above] = chain.map((name) => new X509Certificate(issued[name].pem));
  if (leaf === undefined) throw new TypeError('a chain without a leaf');
  const certificates = chainDigests([leaf, ...above], Date.now());
  const names = (leaf.subjectAltName ?? '').split(', ').map((name) => name.replace(/^DNS:/, ''));
  return authenticate(records, { names, moreNames: false, certificates }, { names: [host], now: Date.now() }).kind;
}

const whole: readonly Name[] = ['leaf', 'intermediate', 'root'];
const single = [2, 3].flatMap((usage) =>
  [0, 1].flatMap((selector) =>
    [0, 1, 2].flatMap((matching) =>
      (['leaf', 'intermediate', 'root', 'other'] as const).map((name) => `${usage} ${selector} ${matching} ${name}`),
    ),
  ),
);

/** Records, and what the server presents. */
const CASES: readonly (readonly [string, readonly Name[]])[] = [
  ...single.map((text) => [text, whole] as const),
  ...['2 0 1 root', '2 1 1 intermediate', '3 1 1 leaf'].flatMap((text) => [
    [text, ['leaf', 'root', 'intermediate']] as const,
    [text, ['leaf', 'other', 'intermediate', 'root']] as const,
    [text, ['leaf', 'root']] as const,
    [text, ['leaf', 'intermediate']] as const,
    [text, ['leaf']] as const,
  ]),
  ['2 0 0 root', ['leaf', 'intermediate']],
  ['2 1 0 root', ['leaf', 'intermediate']],
  ['3 1 1 expired', ['expired', 'intermediate', 'root']],
  ['3 0 1 expired', ['expired']],
  ['2 1 1 intermediate', ['expired', 'intermediate', 'root']],
  ['2 0 1 root', ['expired', 'intermediate', 'root']],
  ['3 1 1 foreign', ['foreign', 'intermediate', 'root']],
  ['2 1 1 intermediate', ['foreign', 'intermediate', 'root']],
  ['2 0 1 root', ['foreign', 'intermediate', 'root']],
  ['3 1 1 alone', ['alone']],
  ['2 1 1 alone', ['alone']],
  ['2 0 1 alone', ['alone']],
  ['3 1 1 other, 3 1 1 leaf', whole],
  ['3 1 1 other, 2 0 1 root', whole],
  ['3 1 1 leaf, 3 1 2 other', whole],
  ['3 1 1 other, 3 1 2 leaf', whole],
  ['3 1 1 leaf, 3 0 2 other', whole],
  ['3 1 0 leaf, 3 1 2 other', whole],
  ['2 0 1 root, 2 0 2 other', whole],
  ['3 1 1 leaf, 2 0 2 other', whole],
];

/**
 * Where the verdicts differ, and why.
 * - OpenSSL takes an anchor that DNS has whole (`2 0 0`, `2 1 0`) also if the server does not present it, which RFC 7672 3.1.2
 *   requires. Digests cannot show whether it issued the chain: the verdict is `unknown`, and never a failure.
 */
const DIFFERENT: ReadonlySet<string> = new Set(['2 0 0 root / leaf intermediate', '2 1 0 root / leaf intermediate']);

describe.skipIf(!isInstalled)('the verdict is that of OpenSSL', () => {
  test.concurrent.each(CASES.map(([texts, chain]) => [texts, chain.join(' '), chain] as const))(
    '%s / %s',
    async (texts, served, chain) => {
      const records = texts.split(', ').map(record);
      const accepted = await opensslAccepts(records, chain);
      expect(ourVerdict(records, chain) === 'authenticated').toBe(
        DIFFERENT.has(`${texts} / ${served}`) ? !accepted : accepted,
      );
    },
  );

  test('both verdicts occur', async () => {
    expect(await opensslAccepts([record('3 1 1 leaf')], whole)).toBe(true);
    expect(await opensslAccepts([record('3 1 1 other')], whole)).toBe(false);
  });
});
