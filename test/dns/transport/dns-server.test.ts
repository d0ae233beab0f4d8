import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { trustedServers } from '../../../lambda/dns/records/ask-resolvers.ts';
import { type DnsServer, isOnLoopback, parseDnsServer } from '../../../lambda/dns/transport/dns-server.ts';
import { systemServers } from '../../../lambda/dns/transport/system-servers.ts';

test.each<[string, object]>([
  ['192.0.2.53', { kind: 'plain', address: '192.0.2.53', port: 53 }],
  ['192.0.2.53:5353', { kind: 'plain', address: '192.0.2.53', port: 5_353 }],
  ['2001:db8::53', { kind: 'plain', address: '2001:db8::53', port: 53 }],
  ['[2001:db8::53]', { kind: 'plain', address: '2001:db8::53', port: 53 }],
  ['[2001:db8::53]:5353', { kind: 'plain', address: '2001:db8::53', port: 5_353 }],
  ['fe80::53%eth0', { kind: 'plain', address: 'fe80::53%eth0', port: 53 }],
  ['tls://dns.example.com', { kind: 'tls', host: 'dns.example.com', port: 853, serverName: 'dns.example.com' }],
  ['TLS://dns.example.com:8853', { kind: 'tls', host: 'dns.example.com', port: 8_853 }],
  ['tls://192.0.2.53', { kind: 'tls', host: '192.0.2.53', serverName: '192.0.2.53' }],
  ['tls://192.0.2.53#dns.example.com', { kind: 'tls', host: '192.0.2.53', port: 853, serverName: 'dns.example.com' }],
  [
    'tls://[2001:db8::53]:8853#dns.example.com',
    { kind: 'tls', host: '2001:db8::53', port: 8_853, serverName: 'dns.example.com' },
  ],
  [
    'https://dns.example.com/dns-query',
    { kind: 'https', url: 'https://dns.example.com/dns-query', serverName: 'dns.example.com' },
  ],
  ['https://[2001:db8::53]:8443/q', { kind: 'https', serverName: '2001:db8::53' }],
])('%s', (text, expected) => {
  expect(parseDnsServer(text)).toMatchObject({ ...expected, text });
});

test.each<[string, RegExp]>([
  ['', /is not the address of a resolver/],
  ['dns', /is not the address of a resolver/],
  ['dns.example.com', /write its address, or `tls:\/\/dns\.example\.com`/],
  ['dns.example.com:53', /write its address/],
  ['192.0.2.53:0', /is not the address/],
  ['192.0.2.53:65536', /is not the address/],
  ['192.0.2.530', /is not the address/],
  ['192.0.2.0/24', /is not the address/],
  ['udp://192.0.2.53', /is not the address/],
  ['http://dns.example.com/dns-query', /write `https:/],
  ['https://dns.example.com', /\/dns-query/],
  ['https://dns.example.com/', /\/dns-query/],
  ['https://user@dns.example.com/dns-query', /\/dns-query/],
  ['https://dns.example.com/dns-query?ct=1', /\/dns-query/],
  ['https://', /\/dns-query/],
  ['tls://', /DNS over TLS/],
  ['tls://192.0.2.53#', /DNS over TLS/],
  ['tls://dns.example.com:99999', /DNS over TLS/],
  ['tls://dns.example.com/path', /DNS over TLS/],
])('%s is not a server', (text, message) => {
  const fault = parseDnsServer(text);
  expect(fault.kind === 'fault' ? fault.message : fault).toMatch(message);
});

test('no text throws', () => {
  const part = fc.constantFrom(
    'tls://',
    'https://',
    '192.0.2.53',
    ':',
    '53',
    '#',
    '[',
    ']',
    '::1',
    'dns.example.com',
    '/',
    '%',
    ' ',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(part, { maxLength: 8 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (one) => void parseDnsServer(one)),
    { numRuns: 5_000 },
  );
});

function server(text: string): DnsServer {
  const parsed = parseDnsServer(text);
  if (parsed.kind === 'fault') throw new Error(parsed.message);
  return parsed;
}

test.each<[string, boolean]>([
  ['127.0.0.1', true],
  ['127.0.0.53:53', true],
  ['::1', true],
  // The forwarder of Docker, and the proxy of systemd-resolved.
  ['127.0.0.11', false],
  ['127.0.0.54', false],
  ['192.0.2.53', false],
  ['10.0.0.2', false],
  ['tls://127.0.0.1#dns.example.com', false],
])('%s on loopback: %s', (text, expected) => {
  expect(isOnLoopback(server(text))).toBe(expected);
});

describe('the servers that can authenticate', () => {
  const a = 'https://dns.example.com/dns-query';
  const b = 'tls://192.0.2.53#dns.example.net';
  test.each<[string, readonly string[], readonly string[]]>([
    ['none', [], []],
    ['plain ones', ['192.0.2.53', '192.0.2.54'], []],
    ['one with HTTPS', [a, '192.0.2.53'], []],
    ['two with one name', [a, 'tls://dns.example.com'], []],
    ['two with two names', ['192.0.2.53', a, b], [a, b]],
    ['one on loopback', [a, '127.0.0.1', b], ['127.0.0.1']],
  ])('%s', (_, texts, trusted) => {
    expect(trustedServers(texts.map(server)).map(({ text }) => text)).toEqual(trusted);
  });
});

test('the servers of the machine', () => {
  for (const one of systemServers()) expect(one.kind).toBe('plain');
});
