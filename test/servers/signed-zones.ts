/**
 * A root zone of the tests' own with signed zones below it, served by BIND on a port of loopback, and unbound, which validates with
 * that root's key as its trust anchor.
 */

import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from '../../local/demo/certificate.ts';
import { freePorts, missing, startDaemon } from './daemon.ts';

const NAMED = '/usr/sbin/named';
const UNBOUND = '/usr/sbin/unbound';

/** Why they cannot run on this machine; null where they can. */
export function signedZonesMissing(): string | null {
  return missing('bind9', NAMED) ?? missing('unbound', UNBOUND);
}

export interface SignedZone {
  /** Lines of the zone beside SOA and NS. */
  readonly records?: readonly string[];
  /** Days from now; absent: not signed. */
  readonly signed?: { readonly from: number; readonly until: number };
  /** `own`: that of the key. Otherwise a DS record without the name; absent: none. */
  readonly ds?: 'own' | string;
  /** Changes the zone after it was signed. */
  readonly spoil?: (text: string) => string;
}

export interface ZoneServers {
  /** Of BIND, which serves the zones. */
  readonly authoritative: number;
  /** Of unbound: UDP and TCP, DNS over TLS, DNS over HTTPS. */
  readonly resolver: { readonly plain: number; readonly tls: number; readonly https: number };
  readonly ca: string;
  stop(): Promise<void>;
}

/** Serves `.`, `example.`, and each zone below it. */
export async function serveSignedZones(zones: Readonly<Record<string, SignedZone>>): Promise<ZoneServers> {
  const folder = mkdtempSync(join(tmpdir(), 'signed-zones-'));
  const ports = await freePorts('named', 'plain', 'tls', 'https');
  const life = { from: -1, until: 30 };
  const delegations = Object.entries(zones).flatMap(([name, zone]) => makeZone(folder, name, zone));
  const top = makeZone(folder, 'example', { signed: life, ds: 'own', records: delegations });
  makeZone(folder, '.', { signed: life, ds: 'own', records: [...top, 'ns. A 127.0.0.1'] });
  const certificate = await makeCertificate(['localhost', 'dns.example.com']);
  write(folder, 'tls.key', certificate.key);
  write(folder, 'tls.pem', certificate.cert);
  const names = ['.', 'example', ...Object.keys(zones)];
  write(folder, 'named.conf', namedConfig(folder, ports.named, names));
  write(folder, 'unbound.conf', unboundConfig(folder, ports, names));
  const named = await startDaemon([NAMED, '-g', '-c', join(folder, 'named.conf')], [ports.named]);
  const unbound = await startDaemon(
    [UNBOUND, '-d', '-c', join(folder, 'unbound.conf')],
    [ports.plain, ports.tls, ports.https],
  );
  const stop = async () => {
    await unbound.stop();
    await named.stop();
    rmSync(folder, { recursive: true });
  };
  return { authoritative: ports.named, resolver: ports, ca: certificate.ca, stop };
}

function write(folder: string, file: string, text: string): void {
  writeFileSync(join(folder, file), text);
}

const fileOf = (zone: string) => (zone === '.' ? 'root' : zone);
const absolute = (zone: string) => (zone === '.' ? '.' : `${zone}.`);

/** Writes the file of the zone, and returns the records that delegate it. */
function makeZone(folder: string, zone: string, { records = [], signed, ds, spoil }: SignedZone): readonly string[] {
  const file = fileOf(zone);
  const soa = '@ SOA ns. ops.example. 2026112601 7200 3600 1209600 60';
  write(folder, file, [`$ORIGIN ${absolute(zone)}`, '$TTL 60', soa, '@ NS ns.', ...records, ''].join('\n'));
  const own = signed === undefined ? [] : sign(folder, zone, signed);
  if (spoil !== undefined) write(folder, file, spoil(readFileSync(join(folder, file), 'utf8')));
  const delegated = ds === 'own' ? own : ds === undefined ? [] : [`${absolute(zone)} DS ${ds}`];
  return [`${absolute(zone)} NS ns.`, ...delegated];
}

/** Returns the DS record. One key signs all. */
function sign(folder: string, zone: string, { from, until }: { from: number; until: number }): readonly string[] {
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const key = run('dnssec-keygen', '-q', '-a', 'ECDSAP256SHA256', '-f', 'KSK', zone).trim();
  const file = fileOf(zone);
  appendFileSync(join(folder, file), readFileSync(join(folder, `${key}.key`)));
  const times = ['-s', timeIn(from), '-e', timeIn(until)];
  run('dnssec-signzone', '-P', '-z', '-o', zone, ...times, '-f', `${file}.signed`, file, key);
  // In full, a record a line, so that a test can spoil it.
  run('named-compilezone', '-q', '-i', 'none', '-s', 'full', '-o', file, zone, `${file}.signed`);
  if (zone === '.') write(folder, 'anchor', readFileSync(join(folder, `${key}.key`), 'utf8'));
  return [run('dnssec-dsfromkey', '-2', `${key}.key`).trim()];
}

function timeIn(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]/g, '').slice(0, 14);
}

function trustAnchor(folder: string): string {
  return readFileSync(join(folder, 'anchor'), 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith(';'))
    .join('')
    .trim();
}

function namedConfig(folder: string, port: number, zones: readonly string[]): string {
  return `
options {
  directory "${folder}";
  pid-file none;
  session-keyfile none;
  listen-on port ${port} { 127.0.0.1; };
  listen-on-v6 { none; };
  recursion no;
  dnssec-validation no;
  check-integrity no;
};
controls { };
logging { category default { default_stderr; }; };
${zones.map((zone) => `zone "${zone}" { type primary; file "${fileOf(zone)}"; notify no; check-names ignore; };`).join('\n')}
`;
}

function unboundConfig(
  folder: string,
  ports: Record<'named' | 'plain' | 'tls' | 'https', number>,
  zones: readonly string[],
): string {
  return `
server:
  username: ""
  chroot: ""
  directory: "${folder}"
  pidfile: ""
  use-syslog: no
  num-threads: 1
  interface: 127.0.0.1@${ports.plain}
  interface: 127.0.0.1@${ports.tls}
  interface: 127.0.0.1@${ports.https}
  tls-port: ${ports.tls}
  https-port: ${ports.https}
  tls-service-key: "${folder}/tls.key"
  tls-service-pem: "${folder}/tls.pem"
  do-ip6: no
  do-not-query-localhost: no
  # It cannot send a query to another machine.
  outgoing-interface: 127.0.0.1
  module-config: "validator iterator"
  trust-anchor: "${trustAnchor(folder)}"
${zones.map((zone) => `stub-zone:\n  name: "${zone}"\n  stub-addr: 127.0.0.1@${ports.named}`).join('\n')}
remote-control:
  control-enable: no
`;
}
