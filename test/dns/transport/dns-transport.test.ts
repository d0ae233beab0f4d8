import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { resolutionFailure } from '../../../lambda/dns/dns-failure.ts';
import { plainQuestion } from '../../../lambda/dns/messages/query-message.ts';
import type { DnsServer } from '../../../lambda/dns/transport/dns-server.ts';
import { type DnsTransport, dnsTransport } from '../../../lambda/dns/transport/dns-transport.ts';
import { makeCertificate, type ServerCertificate } from '../../../local/demo/certificate.ts';
import { type EncryptedNameServer, serveOverHttps, serveOverTls } from '../encrypted-name-server.ts';
import { serveNames } from '../name-server.ts';
import type { Zone } from '../zone-answers.ts';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});
const opened = <One extends { close(): void }>(one: One): One => {
  open.push(one);
  return one;
};

const name = 'example.com';
/** Milliseconds: for an answer that comes, and for one that does not. */
const PATIENT = 20_000;
const SOON = 500;
const withinOf = (expected: object) => ('kind' in expected && expected.kind === 'timeout' ? SOON : PATIENT);
const ask = (transport: DnsTransport, server: DnsServer, within = PATIENT, of = name) =>
  transport.ask(server, plainQuestion(of, 'A'), within).catch((error: unknown) => resolutionFailure(of, error));

describe('over UDP and TCP', () => {
  test.each<[string, Zone, object]>([
    ['an answer', { [name]: { A: ['192.0.2.1'] } }, { rcode: 0, answers: [{ data: '192.0.2.1', ttl: 60 }] }],
    ['no such name', {}, { rcode: 3 }],
    ['SERVFAIL', { [name]: 'servfail' }, { rcode: 2 }],
    ['REFUSED', { [name]: 'refused' }, { rcode: 5 }],
    ['NOTIMP', { [name]: 'notimp' }, { rcode: 4 }],
    ['a late answer', { [name]: { A: { after: 100, records: ['192.0.2.1'] } } }, { answers: [{ data: '192.0.2.1' }] }],
    ['an answer too late', { [name]: { A: { after: 900, records: ['192.0.2.1'] } } }, { kind: 'timeout' }],
    ['silence', { [name]: 'silence' }, { kind: 'timeout' }],
    ['an answer with another ID', { [name]: 'other-id' }, { kind: 'timeout' }],
    ['an answer to another question', { [name]: 'other-question' }, { kind: 'timeout' }],
    ['an answer without the question', { [name]: 'no-question' }, { kind: 'timeout' }],
    ['an answer from another port', { [name]: 'other-port' }, { kind: 'timeout' }],
    ['garbage', { [name]: 'garbage' }, { kind: 'failed', detail: /damaged/ }],
    ['a server that does not know EDNS', { [name]: 'no-edns' }, { rcode: 0, answers: [{ data: '192.0.2.1' }] }],
    ['truncated, and no TCP', { [name]: 'truncated' }, { kind: 'failed', detail: /closed/ }],
    ['1,000 aliases', { [name]: 'endless' }, { rcode: 0 }],
  ])('%s', async (_, zone, { detail, ...expected }: { detail?: RegExp }) => {
    const server = opened(await serveNames(zone));
    const answer = await ask(opened(dnsTransport()), server.plain, withinOf(expected));
    expect(answer).toMatchObject(expected);
    if (detail !== undefined) expect('detail' in answer ? answer.detail : '').toMatch(detail);
  });

  test('nobody listens', async () => {
    const server = await serveNames({});
    server.close();
    expect(await ask(opened(dnsTransport()), server.plain)).toMatchObject({ kind: 'refused' });
  });

  test('no route to the address', async () => {
    // A link-local address needs a zone, so that nothing can be sent.
    const server: DnsServer = { kind: 'plain', text: 'fe80::1', address: 'fe80::1', port: 53 };
    expect(await ask(opened(dnsTransport()), server)).toMatchObject({ kind: 'refused' });
  });

  test('1,000 MX hosts come over TCP', async () => {
    const hosts = Array.from({ length: 1_000 }, (_, nth) => `10 mx${nth}.example.com`);
    const server = opened(await serveNames({ [name]: { MX: hosts } }));
    const { answers } = await dnsTransport().ask(server.plain, plainQuestion(name, 'MX'), PATIENT);
    expect(answers).toHaveLength(1_000);
    expect(server.queries).toEqual([`MX ${name}`]);
  });

  test('each query has an ID and a port of its own, at random', async () => {
    const server = opened(await serveNames({ [name]: { A: ['192.0.2.1'] } }));
    const transport = opened(dnsTransport());
    for (let nth = 0; nth < 30; nth++) await ask(transport, server.plain);
    const ids = server.datagrams.map(({ octets }) => octets.readUInt16BE(0));
    const ports = server.datagrams.map(({ port }) => port);
    for (const numbers of [ids, ports]) {
      expect(new Set(numbers).size).toBeGreaterThan(25);
      const steps = numbers.slice(1).map((number, nth) => Math.abs(number - (numbers[nth] ?? 0)));
      expect(steps.filter((step) => step <= 2).length).toBeLessThan(10);
    }
  });

  test('a query asks for AD and says how much it takes; DO, CD and RD as the question has them', async () => {
    const server = opened(await serveNames({ [name]: { A: ['192.0.2.1'] } }));
    const transport = opened(dnsTransport());
    await ask(transport, server.plain);
    const question = { name, type: 'A', recursion: false, signatures: true, unchecked: true } as const;
    await transport.ask(server.plain, question, PATIENT);
    const [plain, signed] = server.datagrams.map(({ octets }) => ({
      flags: octets.readUInt16BE(2),
      size: octets.readUInt16BE(octets.length - 8),
      dnssec: octets.readUInt16BE(octets.length - 4),
    }));
    expect(plain).toEqual({ flags: 0x0120, size: 1_232, dnssec: 0 });
    expect(signed).toEqual({ flags: 0x0010, size: 1_232, dnssec: 0x8000 });
  });
});

let localhost: ServerCertificate;
let expired: ServerCertificate;
let other: ServerCertificate;
beforeAll(async () => {
  const names = ['localhost', 'dns.example.com'];
  const monthsAgo = Date.now() - 100 * 86_400_000;
  [localhost, expired, other] = await Promise.all([
    makeCertificate(names),
    makeCertificate(names, monthsAgo),
    makeCertificate(['www.example.com']),
  ]);
});

describe.each([
  ['TLS', serveOverTls],
  ['HTTPS', serveOverHttps],
] as const)('over %s', (_, serve) => {
  const transportTo = ({ ca }: EncryptedNameServer) => opened(dnsTransport(ca));

  test.each<[string, Zone, object]>([
    ['an answer', { [name]: { A: ['192.0.2.1'] } }, { rcode: 0, validated: false, answers: [{ data: '192.0.2.1' }] }],
    ['no such name', {}, { rcode: 3 }],
    ['SERVFAIL', { [name]: 'servfail' }, { rcode: 2 }],
    ['silence', { [name]: 'silence' }, { kind: 'timeout' }],
    ['an answer to another question', { [name]: 'other-question' }, { kind: 'failed' }],
    ['garbage', { [name]: 'garbage' }, { kind: 'failed' }],
    ['the TC bit', { [name]: 'truncated' }, { kind: 'failed' }],
  ])('%s', async (__, zone, expected) => {
    const server = opened(await serve(zone, { certificate: localhost }));
    expect(await ask(transportTo(server), server.server, withinOf(expected))).toMatchObject(expected);
  });

  test('many questions share one connection, and each gets its own answer', async () => {
    const names = Array.from({ length: 60 }, (__, nth) => `a${nth}.example.com`);
    const zone = Object.fromEntries(names.map((one, nth) => [one, { A: [`192.0.2.${nth}`] }]));
    const server = opened(await serve(zone, { certificate: localhost }));
    const transport = transportTo(server);
    const answers = await Promise.all(names.map((one) => ask(transport, server.server, PATIENT, one)));
    const data = answers.map((answer) => ('answers' in answer ? answer.answers[0]?.data : answer));
    expect(data).toEqual(names.map((__, nth) => `192.0.2.${nth}`));
    expect(server.connections()).toBe(1);
  });

  test('a connection that the server closed is made again', async () => {
    const server = opened(await serve({ [name]: { A: ['192.0.2.1'] } }, { certificate: localhost }));
    const transport = transportTo(server);
    expect(await ask(transport, server.server)).toMatchObject({ rcode: 0 });
    server.disconnect();
    expect(await ask(transport, server.server)).toMatchObject({ rcode: 0 });
    expect(server.connections()).toBe(2);
  });

  test.each<[string, () => ServerCertificate, (one: EncryptedNameServer) => string | undefined, RegExp]>([
    ['of an authority that is not trusted', () => localhost, () => undefined, /certificate/],
    ['that expired', () => expired, ({ ca }) => ca, /expired/],
    ['of another name', () => other, ({ ca }) => ca, /altnames/],
  ])('a certificate %s', async (__, certificate, ca, detail) => {
    const server = opened(await serve({ [name]: { A: ['192.0.2.1'] } }, { certificate: certificate() }));
    const answer = await ask(opened(dnsTransport(ca(server))), server.server);
    expect(answer).toMatchObject({ kind: 'refused' });
    expect('detail' in answer ? answer.detail : '').toMatch(detail);
    expect(server.queries).toEqual([]);
  });

  test('nobody listens', async () => {
    const server = await serve({}, { certificate: localhost });
    server.close();
    expect(await ask(transportTo(server), server.server)).toMatchObject({ kind: 'refused' });
  });
});

describe('over HTTPS', () => {
  test('POST of the query with ID 0, as RFC 8484 4.1 has it', async () => {
    const ids: number[] = [];
    const server = opened(
      await serveOverHttps(
        {},
        {
          certificate: localhost,
          respond: (stream, query) => {
            ids.push(query.readUInt16BE(0));
            stream.respond({ ':status': 200, 'content-type': 'application/dns-message' });
            const answer = Buffer.from(query);
            answer.writeUInt16BE(0x8180, 2);
            stream.end(answer);
          },
        },
      ),
    );
    expect(await ask(opened(dnsTransport(server.ca)), server.server)).toMatchObject({ rcode: 0 });
    expect(server.queries).toEqual([`POST /dns-query application/dns-message A ${name}`]);
    expect(ids).toEqual([0]);
  });

  test.each<[string, (stream: import('node:http2').ServerHttp2Stream) => void, RegExp]>([
    [
      'a redirect',
      (stream) => {
        stream.respond({ ':status': 302, location: 'https://localhost/dns-query' });
        stream.end();
      },
      /HTTP status 302/,
    ],
    [
      'an error',
      (stream) => {
        stream.respond({ ':status': 429 });
        stream.end('slow down');
      },
      /HTTP status 429/,
    ],
    [
      'a page',
      (stream) => {
        stream.respond({ ':status': 200, 'content-type': 'text/html' });
        stream.end('<html>');
      },
      /text\/html/,
    ],
    [
      '64 KB and one octet',
      (stream) => {
        stream.respond({ ':status': 200, 'content-type': 'application/dns-message' });
        stream.end(Buffer.alloc(65_536));
      },
      /more than 65535/,
    ],
    [
      'nothing at all',
      (stream) => {
        stream.respond({ ':status': 200, 'content-type': 'application/dns-message' });
        stream.end();
      },
      /another question/,
    ],
    ['a stream that is reset', (stream) => stream.close(2), /closed|no answer/],
  ])('%s', async (_, respond, detail) => {
    const server = opened(await serveOverHttps({}, { certificate: localhost, respond }));
    const answer = await ask(opened(dnsTransport(server.ca)), server.server);
    expect('detail' in answer ? answer.detail : answer).toMatch(detail);
    expect(server.queries).toHaveLength(1);
  });

  test('an answer without end is not read to its end', async () => {
    const server = opened(
      await serveOverHttps(
        {},
        {
          certificate: localhost,
          respond: (stream) => {
            stream.respond({ ':status': 200, 'content-type': 'application/dns-message' });
            const more = () => {
              if (!stream.destroyed) stream.write(Buffer.alloc(16_384), () => setTimeout(more, 1));
            };
            more();
          },
        },
      ),
    );
    const answer = await ask(opened(dnsTransport(server.ca)), server.server);
    expect('detail' in answer ? answer.detail : answer).toMatch(/more than 65535/);
  });

  test('an answer that never ends', async () => {
    const server = opened(
      await serveOverHttps(
        {},
        {
          certificate: localhost,
          respond: (stream) => {
            stream.respond({ ':status': 200, 'content-type': 'application/dns-message' });
            stream.write(Buffer.alloc(10));
          },
        },
      ),
    );
    expect(await ask(opened(dnsTransport(server.ca)), server.server, SOON)).toMatchObject({ kind: 'timeout' });
  });
});
