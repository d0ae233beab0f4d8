/** DNSSEC with real servers: BIND serves signed zones, unbound validates them. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AskServer, type AskValidator, dnsOfRun, type RunDns } from '../../lambda/dns/records/dns-of-run.ts';
import type { RecordLookup } from '../../lambda/dns/records/records.ts';
import { type DnsServer, parseDnsServer } from '../../lambda/dns/transport/dns-server.ts';
import { checkDns } from '../../lambda/posture/checks/dns.ts';
import { checkDnssec } from '../../lambda/posture/checks/dnssec.ts';
import type { PostureFinding } from '../../lambda/posture/finding.ts';
import type { PostureContext } from '../../lambda/posture/posture-context.ts';
import { type SignedZone, serveSignedZones, signedZonesMissing, type ZoneServers } from './signed-zones.ts';

const missing = signedZonesMissing();

const month = { from: -1, until: 30 };
const mail = ['@ MX 10 mx1', 'mx1 A 192.0.2.10', `_25._tcp.mx1 TLSA 3 1 1 ${'ab'.repeat(32)}`];
const otherKey = `4711 13 2 ${'cd'.repeat(32)}`;
const spoilt = (pattern: RegExp, by: string) => (text: string) => {
  if (!pattern.test(text)) throw new Error(`${pattern} is not in the zone`);
  return text.replace(pattern, by);
};

const ZONES: Readonly<Record<string, SignedZone>> = {
  'secure.example': { records: mail, signed: month, ds: 'own' },
  'insecure.example': { records: mail },
  'island.example': { records: mail, signed: month },
  'bogus.example': { records: mail, signed: month, ds: 'own', spoil: spoilt(/2026112601/, '2026112602') },
  'expired.example': { records: mail, signed: { from: -60, until: -30 }, ds: 'own' },
  'future.example': { records: mail, signed: { from: 10, until: 30 }, ds: 'own' },
  'soon.example': { records: mail, signed: { from: -30, until: 1 }, ds: 'own' },
  // unbound tolerates a tenth of the lifetime.
  'tolerated.example': { records: mail, signed: { from: -30, until: -0.5 }, ds: 'own' },
  'keyless.example': { records: mail, ds: otherKey },
  'otherkey.example': { records: mail, signed: month, ds: otherKey },
  'unknown.example': { records: mail, ds: `4711 13 99 ${'cd'.repeat(32)}` },
  'partial.example': { records: mail, signed: month, ds: 'own', spoil: spoilt(/MX\s+10 mx1/, 'MX 20 mx1') },
  'tlsa.example': { records: mail, signed: month, ds: 'own', spoil: spoilt(/TLSA\s+3 1 1 ABAB/i, 'TLSA 3 1 1 CDCD') },
  'elsewhere.example': { records: ['@ MX 10 mx1.expired.example.'], signed: month, ds: 'own' },
};

let servers: ZoneServers;
beforeAll(async () => {
  if (missing === null) servers = await serveSignedZones(ZONES);
});
afterAll(() => servers?.stop());

const open: RunDns[] = [];
afterAll(() => {
  for (const one of open) one.close();
});

function server(text: string): DnsServer {
  const parsed = parseDnsServer(text);
  if (parsed.kind === 'fault') throw new Error(parsed.message);
  return parsed;
}

const RESOLVERS = {
  'on loopback': () => [`127.0.0.1:${servers.resolver.plain}`],
  'with DNS over TLS and HTTPS': () => [
    `tls://127.0.0.1:${servers.resolver.tls}#dns.example.com`,
    `https://localhost:${servers.resolver.https}/dns-query`,
  ],
} as const;
type Path = keyof typeof RESOLVERS;

function run(path: Path): RunDns {
  const timing = { patience: 3_000, retry: 5_000, limit: 20_000 };
  const dns = dnsOfRun(RESOLVERS[path]().map(server), {
    timing,
    systemServers: [],
    ca: servers.ca,
    port: servers.authoritative,
  });
  open.push(dns);
  return dns;
}

function contextOf(domain: string, dns: RunDns): PostureContext {
  return { domain, ...dns, selectors: [], senders: [], lists: [], fetchPolicy: async () => ({ kind: 'too-large' }) };
}

const brief = (findings: readonly PostureFinding[]) =>
  findings.map(({ outcome, code, subject }) => `${outcome} ${code} ${subject}`);

describe.skipIf(missing !== null).each(Object.keys(RESOLVERS) as Path[])(`DNSSEC through unbound %s`, (path) => {
  test.each<[string, readonly string[], RegExp]>([
    ['secure.example', ['pass dnssec-valid secure.example'], /algorithm 13 until \d{4}-/],
    ['insecure.example', ['pass dnssec-unsigned insecure.example'], /not signed/],
    ['island.example', ['warn dnssec-no-ds island.example'], /island\.example\. IN DS \d+ 13 2 [0-9a-f]{64}/],
    ['bogus.example', ['fail dnssec-bogus bogus.example'], /SERVFAIL with validation/],
    ['expired.example', ['fail dnssec-expired expired.example'], /ended at/],
    ['future.example', ['fail dnssec-bogus future.example'], /signatures begin at/],
    ['soon.example', ['warn dnssec-expires-soon soon.example'], /end at/],
    ['tolerated.example', ['fail dnssec-expired tolerated.example'], /still tolerates/],
    ['keyless.example', ['fail dnssec-ds-without-key keyless.example'], /no DNSKEY record/],
    ['otherkey.example', ['fail dnssec-ds-without-key otherkey.example'], /IN DS \d+ 13 2/],
    ['unknown.example', ['warn dnssec-not-validated unknown.example'], /digest type 99/],
    [
      'partial.example',
      ['pass dnssec-valid partial.example', 'fail dnssec-bogus MX partial.example'],
      /MX partial\.example/,
    ],
    ['tlsa.example', ['pass dnssec-valid tlsa.example', 'fail dnssec-bogus TLSA _25._tcp.mx1.tlsa.example'], /TLSA/],
    ['elsewhere.example', ['pass dnssec-valid elsewhere.example', 'fail dnssec-expired expired.example'], /ended at/],
  ])('%s', async (domain, expected, text) => {
    const findings = await checkDnssec(contextOf(domain, run(path)));
    expect(brief(findings)).toEqual(expected);
    expect(findings.map(({ detail, publish }) => `${detail} ${publish.join(' ')}`).join('\n')).toMatch(text);
  });

  test('answers are authenticated where the zone is secure, and nowhere else', async () => {
    const { lookup } = run(path);
    const authenticated = async (zone: string) => {
      const answer = await lookup('TLSA', `_25._tcp.mx1.${zone}`);
      return answer.kind === 'found' ? answer.authenticated : answer;
    };
    expect(await authenticated('secure.example')).toBe(true);
    expect(await authenticated('insecure.example')).toBe(false);
    expect(await authenticated('island.example')).toBe(false);
    expect(await authenticated('bogus.example')).toBe(true);
    expect(await authenticated('expired.example')).toMatchObject({ kind: 'failed', failure: { kind: 'servfail' } });
    expect(await lookup('MX', 'gone.secure.example')).toEqual({ kind: 'none', exists: false, authenticated: true });
    expect(await lookup('MX', 'mx1.secure.example')).toEqual({ kind: 'none', exists: true, authenticated: true });
    expect(await lookup('MX', 'gone.insecure.example')).toMatchObject({ kind: 'none', authenticated: false });
  });
});

describe.skipIf(missing !== null)('a resolver that does not validate', () => {
  test('is BIND itself, for the root: it never sets the AD bit', async () => {
    const dns = dnsOfRun([server(`127.0.0.1:${servers.authoritative}`)], {
      timing: { patience: 3_000, retry: 5_000, limit: 20_000 },
      systemServers: [],
    });
    expect(await dns.validator()).toBe('not-validating');
    expect(await checkDnssec(contextOf('secure.example', dns))).toEqual([]);
  });
});

describe.skipIf(missing !== null)('name servers', () => {
  test('BIND answers for its zones, and is lame for another one', async () => {
    const dns = run('on loopback');
    // To the check the name server has a documentation address, because it does not ask an address on loopback.
    const lookup: RecordLookup = (type, name) =>
      dns.lookup(type, name).then((answer) => {
        if (type !== 'A' || name !== 'ns' || answer.kind !== 'found') return answer;
        return { ...answer, values: ['192.0.2.53'] as unknown as typeof answer.values };
      });
    const askServer: AskServer = (address, type, name) => {
      expect(address).toBe('192.0.2.53');
      return dns.askServer('127.0.0.1', type, name);
    };
    expect(brief(await checkDns({ ...contextOf('secure.example', dns), lookup, askServer }))).toEqual([
      'warn dns-single-server secure.example',
      'pass dns-servers-agree secure.example',
      'pass dns-mx-without-ipv6 secure.example',
      'pass dns-servers-without-ipv6 secure.example',
    ]);
    expect(await dns.askServer('127.0.0.1', 'SOA', 'gone.secure.example')).toMatchObject({ rcode: 3 });
    expect(await dns.askServer('127.0.0.1', 'DNSKEY', 'secure.example')).toMatchObject({ authoritative: true });
  });

  test('the validator is asked with and without validation', async () => {
    const validator = (await run('on loopback').validator()) as AskValidator;
    expect(await validator('SOA', 'expired.example', false)).toMatchObject({
      kind: 'failed',
      failure: { kind: 'servfail' },
    });
    expect(await validator('SOA', 'expired.example', true)).toMatchObject({ kind: 'answer', authenticated: false });
  });
});
