import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checked } from './cases.ts';
import { NOW, servedChain, servedHost, TRANSPORT_CASES, tlsaRecord } from './transport-cases.ts';

describe.each(TRANSPORT_CASES)('%s', (code, title, spoilt, words) => {
  test(title, async () => {
    const { findings } = await checked(spoilt);
    const found = findings.filter((finding) => finding.code === code);
    expect(findings.map((finding) => finding.code)).toContain(code);
    const texts = found.flatMap(({ detail, publish, evidence, subject }) => [subject, detail, ...publish, ...evidence]);
    expect(texts.join('\n')).toMatch(words);
  });
});

test('a healthy domain with sessions has no finding but passes', async () => {
  const { findings } = await checked({
    served: [servedHost()],
    now: NOW,
    signed: { 'TLSA _25._tcp.mx1.example.com': true, 'MX example.com': true },
  });
  expect(findings.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
});

test('each of the four TLS areas says something of a host once', async () => {
  const { findings } = await checked({ served: [servedHost(), servedHost({ address: '192.0.2.11' })], now: NOW });
  const identities = findings.map(({ area, code, subject }) => `${area} ${code} ${subject}`);
  expect(new Set(identities).size).toBe(identities.length);
});

test('without sessions nothing is compared, and nothing is missing', async () => {
  const [none, unknown] = await Promise.all([checked({}), checked({ served: null })]);
  expect(none.findings).toEqual(unknown.findings);
  expect(none.findings.filter(({ outcome }) => outcome === 'unable')).toEqual([]);
});

test('a session that was not held, an answer that was not given: never a failure', async () => {
  const silent = servedHost({ greeting: null, ehlo: null, starttls: null, chain: null, unable: 'connect-timeout' });
  for (const signed of [true, false]) {
    const { findings } = await checked({
      served: [silent],
      dns: { '_25._tcp.mx1.example.com': { TLSA: [tlsaRecord('3 1 1 ee')] } },
      signed: { 'TLSA _25._tcp.mx1.example.com': signed },
      now: NOW,
    });
    expect(findings.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
  }
});

test('whatever sessions saw and policies were: findings with bounded texts, no exception', async () => {
  const text = fc.oneof(fc.string({ maxLength: 40 }), fc.constantFrom('mx1.example.com', '', '-', '*.example.com'));
  const nullable = fc.option(text);
  const digests = fc.record({ sha256: fc.constantFrom('ab'.repeat(32), 'abababababababab', ''), sha512: text });
  const certificate = fc.record({
    certificate: digests,
    key: digests,
    validTo: fc.oneof(text, fc.constant('2026-12-01T00:00:00Z')),
    linked: fc.boolean(),
  });
  const chain = fc.record({
    names: fc.array(text, { maxLength: 3 }),
    moreNames: fc.boolean(),
    publiclyTrusted: fc.option(fc.boolean()),
    certificates: fc.array(certificate, { maxLength: 3 }),
  });
  const served = fc.record({
    name: fc.constantFrom('mx1.example.com', 'mx9.example.com'),
    address: fc.constantFrom(null, '192.0.2.10', '2001:db8::1', 'nonsense'),
    at: text,
    greeting: nullable,
    ehlo: nullable,
    starttls: fc.constantFrom('offered' as const, 'not offered' as const, null),
    chain: fc.option(chain),
    unable: nullable,
  });
  const remembered = fc.record({
    id: text,
    mode: fc.constantFrom('enforce' as const, 'testing' as const, 'none' as const),
    mx: fc.array(text, { maxLength: 3 }),
    maxAge: fc.oneof(fc.integer(), fc.double()),
    lastSeen: fc.oneof(text, fc.constant('2026-11-26T00:00:00Z')),
  });
  const records = fc.array(fc.constantFrom('3 1 1 ab', '2 1 1 ab', '3 1 2 ab', '3 0 0 ab', '1 1 1 ab'), {
    minLength: 1,
    maxLength: 3,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(served, { maxLength: 3 }),
      fc.array(remembered, { maxLength: 3 }),
      records,
      fc.boolean(),
      async (hosts, policyMemory, texts, signed) => {
        const { findings } = await checked({
          served: hosts,
          policyMemory,
          dns: { '_25._tcp.mx1.example.com': { TLSA: texts.map(tlsaRecord) } },
          signed: { 'TLSA _25._tcp.mx1.example.com': signed },
          now: NOW,
        });
        for (const { detail, evidence } of findings)
          expect([detail, ...evidence].every(({ length }) => length <= 400)).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});

test('a chain of which nothing is stored but the beginning of digests is no record to publish', async () => {
  const cut = servedChain({ key: 'cd' });
  const short = cut.certificates.map((one) => ({ ...one, key: { sha256: one.key.sha256.slice(0, 16), sha512: '' } }));
  const { findings } = await checked({
    served: [servedHost({ chain: { ...cut, certificates: short } })],
    now: NOW,
    signed: { 'TLSA _25._tcp.mx1.example.com': true },
  });
  expect(findings.find(({ code }) => code === 'dane-mismatch')?.publish).toEqual([]);
});
