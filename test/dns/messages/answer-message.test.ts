import packet from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AnswerMessage, readAnswer } from '../../../lambda/dns/messages/answer-message.ts';
import { plainQuestion, type QueryMessage, queryMessage } from '../../../lambda/dns/messages/query-message.ts';
import { type DataType, TYPE_NUMBERS } from '../../../lambda/dns/messages/record-data.ts';
import { leastCpuTime } from '../../cpu-time.ts';

const name = 'example.com';
const queryFor = (type: DataType) => queryMessage(plainQuestion(name, type), 4_711);

/** The answer as dns-packet writes it. */
function answerTo(query: QueryMessage, answers: packet.Answer[], more: Partial<packet.Packet> = {}): Buffer {
  const { type } = query.question;
  return packet.encode({ type: 'response', id: query.id, questions: [{ name, type, class: 'IN' }], answers, ...more });
}

function read(query: QueryMessage, octets: Buffer): AnswerMessage {
  const answer = readAnswer(query, octets);
  if (answer.kind !== 'answer') throw new Error(answer.kind);
  return answer;
}

const key = Buffer.from('AwEAAQ==', 'base64');

test.each<[DataType, unknown, unknown]>([
  ['A', '192.0.2.1', '192.0.2.1'],
  ['AAAA', '2001:db8::1', '2001:db8::1'],
  ['NS', 'ns1.example.com', 'ns1.example.com'],
  ['CNAME', 'www.example.com', 'www.example.com'],
  ['PTR', 'p.example.com', 'p.example.com'],
  ['MX', { preference: 10, exchange: 'mx1.example.com' }, { preference: 10, host: 'mx1.example.com' }],
  ['TXT', ['v=spf1 ', '-all'], 'v=spf1 -all'],
  [
    'SOA',
    {
      mname: 'ns1.example.com',
      rname: 'ops.example.com',
      serial: 4_294_967_295,
      refresh: 1,
      retry: 2,
      expire: 3,
      minimum: 4,
    },
    {
      primary: 'ns1.example.com',
      contact: 'ops.example.com',
      serial: 4_294_967_295,
      refresh: 1,
      retry: 2,
      expire: 3,
      minimum: 4,
    },
  ],
  [
    'TLSA',
    { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.from('abcd', 'hex') },
    { usage: 3, selector: 1, matching: 1, data: 'abcd' },
  ],
  [
    'DS',
    { keyTag: 4_711, algorithm: 13, digestType: 2, digest: Buffer.from('ab'.repeat(32), 'hex') },
    { keyTag: 4_711, algorithm: 13, digestType: 2, digest: 'ab'.repeat(32) },
  ],
  // 257 + (3 << 8 | 13) + 0x0301 + 0x0001.
  ['DNSKEY', { flags: 257, algorithm: 13, key }, { flags: 257, algorithm: 13, key: 'AwEAAQ==', keyTag: 1_808 }],
  [
    'RRSIG',
    {
      typeCovered: 'SOA',
      algorithm: 13,
      labels: 2,
      originalTTL: 60,
      expiration: 1_800_000_000,
      inception: 1_700_000_000,
      keyTag: 4_711,
      signersName: 'example.com',
      signature: Buffer.alloc(64),
    },
    {
      covered: TYPE_NUMBERS.SOA,
      algorithm: 13,
      keyTag: 4_711,
      signer: 'example.com',
      expiration: 1_800_000_000_000,
      inception: 1_700_000_000_000,
    },
  ],
])('a record of type %s', (type, data, expected) => {
  const query = queryFor(type);
  const record = { name: 'Example.com', type, ttl: 300, data } as packet.Answer;
  expect(read(query, answerTo(query, [record])).answers).toEqual([{ name, type, ttl: 300, data: expected }]);
});

/** RFC 4034 5.4 has the key and the DS record of dskey.example.com. */
test('the key tag of the example of RFC 4034', () => {
  const query = queryFor('DNSKEY');
  const example =
    'AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==';
  const data = { flags: 256, algorithm: 5, key: Buffer.from(example, 'base64') };
  const [record] = read(query, answerTo(query, [{ name, type: 'DNSKEY', ttl: 1, data }])).answers;
  expect(record?.data).toMatchObject({ keyTag: 60_485 });
});

describe('what is not an answer to the query', () => {
  const query = queryFor('A');
  const good = answerTo(query, [{ name, type: 'A', ttl: 1, data: '192.0.2.1' }]);
  const changed = (change: (octets: Buffer) => void) => {
    const copy = Buffer.from(good);
    change(copy);
    return copy;
  };
  test.each<[string, Buffer, string]>([
    ['the same', good, 'answer'],
    ['a name in other letters', changed((octets) => octets.write('EXAMPLE', 13)), 'answer'],
    ['another ID', changed((octets) => octets.writeUInt16BE(1, 0)), 'foreign'],
    ['a query', changed((octets) => octets.writeUInt16BE(0, 2)), 'foreign'],
    ['another name', changed((octets) => octets.write('exbmple', 13)), 'foreign'],
    ['another type', changed((octets) => octets.writeUInt16BE(28, 25)), 'foreign'],
    ['another class', changed((octets) => octets.writeUInt16BE(3, 27)), 'foreign'],
    ['two questions', changed((octets) => octets.writeUInt16BE(2, 4)), 'foreign'],
    ['no question', changed((octets) => octets.writeUInt16BE(0, 4)), 'foreign'],
    ['a header alone', good.subarray(0, 12), 'damaged'],
    ['half of a header', good.subarray(0, 6), 'foreign'],
    ['nothing', Buffer.alloc(0), 'foreign'],
    ['the TC bit', changed((octets) => octets.writeUInt16BE(0x8200, 2)), 'truncated'],
    ['more records than there are', changed((octets) => octets.writeUInt16BE(2, 6)), 'damaged'],
    ['a record that is cut', good.subarray(0, good.length - 1), 'damaged'],
    ['an address of 3 octets', changed((octets) => octets.writeUInt16BE(3, good.length - 6)), 'damaged'],
  ])('%s', (_, octets, kind) => {
    expect(readAnswer(query, octets).kind).toBe(kind);
  });
});

test('flags, and a response code with the bits of EDNS', () => {
  const query = queryFor('A');
  const flags = packet.AUTHORITATIVE_ANSWER | packet.AUTHENTIC_DATA | packet.RECURSION_AVAILABLE;
  const opt = {
    type: 'OPT',
    name: '.',
    udpPayloadSize: 1_232,
    extendedRcode: 1,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  } as const;
  expect(read(query, answerTo(query, [], { flags, additionals: [{ ...opt, options: [] }] }))).toMatchObject({
    rcode: 16,
    authoritative: true,
    validated: true,
    recursive: true,
    edns: true,
  });
  expect(read(query, answerTo(query, [], { flags: 3 }))).toMatchObject({ rcode: 3, validated: false, edns: false });
});

test('records of types and classes that are not read are skipped', () => {
  const query = queryFor('A');
  const records: packet.Answer[] = [
    { name, type: 'CAA', ttl: 1, data: { tag: 'issue', value: 'ca.example.net' } },
    { name, type: 'A', class: 'CH', ttl: 1, data: '192.0.2.9' },
    { name, type: 'A', ttl: 0xffffffff, data: '192.0.2.1' },
  ];
  expect(read(query, answerTo(query, records)).answers).toEqual([{ name, type: 'A', ttl: 0, data: '192.0.2.1' }]);
});

describe('hostile answers of 64 KB', () => {
  const query = queryFor('MX');
  const head = answerTo(query, []);
  const message = (count: number, rest: Buffer) => {
    const copy = Buffer.from(head);
    copy.writeUInt16BE(count, 6);
    return Buffer.concat([copy, rest]).subarray(0, 65_535);
  };
  const fixed = (type: number, length: number) => {
    const octets = Buffer.alloc(10);
    octets.writeUInt16BE(type, 0);
    octets.writeUInt16BE(1, 2);
    octets.writeUInt16BE(length, 8);
    return octets;
  };
  const pointer = (to: number) => Buffer.from([0xc0 | (to >> 8), to & 0xff]);
  /** Pointers, each to the one before it, inside the data of a record that is not read. */
  const pointers = (count: number, from: number) =>
    Buffer.concat(Array.from({ length: count }, (_, nth) => pointer(nth === 0 ? 12 : from + 2 * (nth - 1))));
  const chained = (() => {
    const from = head.length + 1 + 10;
    const chain = pointers(8_000, from);
    const records = Array.from({ length: 3_400 }, (_, nth) => [
      pointer(from + 2 * (7_999 - nth)),
      fixed(15, 4),
      Buffer.from([0, 10]),
      pointer(from + 15_998),
    ]);
    return message(3_401, Buffer.concat([Buffer.from([0]), fixed(999, chain.length), chain, ...records.flat()]));
  })();
  const labels = (() => {
    const from = head.length + 1 + 10;
    const names = Buffer.concat(
      Array.from({ length: 64 }, () => Buffer.concat([Buffer.from('\x01a'.repeat(126)), Buffer.from([0])])),
    );
    const records = Array.from({ length: 2_600 }, (_, nth) => [
      pointer(from + ((nth * 2) % 250)),
      fixed(15, 4),
      Buffer.from([0, 10]),
      pointer(from + 253 * (nth % 64)),
    ]);
    return message(2_601, Buffer.concat([Buffer.from([0]), fixed(999, names.length), names, ...records.flat()]));
  })();
  const many = message(
    65_535,
    Buffer.concat(
      Array.from({ length: 4_000 }, (_, nth) => [
        pointer(12),
        fixed(15, 4),
        Buffer.from([0, nth & 0xff]),
        pointer(12),
      ]).flat(),
    ),
  );

  test.each<[string, Buffer]>([
    ['a chain of 8,000 pointers', chained],
    ['names of 126 labels', labels],
    ['65,535 records promised', many],
    ['one octet repeated', message(65_535, Buffer.alloc(65_000, 0xc0))],
    ['zeros', message(65_535, Buffer.alloc(65_000))],
  ])('%s', (_, octets) => {
    expect(leastCpuTime(() => readAnswer(query, octets))).toBeLessThan(200);
  });

  test('1,000 MX hosts are read, and no more', () => {
    const records = Array.from({ length: 1_500 }, (_, nth) => ({
      name,
      type: 'MX' as const,
      ttl: 1,
      data: { preference: nth, exchange: `mx${nth}.example.com` },
    }));
    const { answers } = read(query, answerTo(query, records));
    expect(answers).toHaveLength(1_000);
    expect(answers.at(-1)?.data).toEqual({ host: 'mx999.example.com', preference: 999 });
  });

  test('a TXT record of 64 KB', () => {
    const text = 'a'.repeat(255);
    const texts = queryFor('TXT');
    const octets = answerTo(texts, [{ name, type: 'TXT', ttl: 1, data: Array.from({ length: 255 }, () => text) }]);
    expect(octets.length).toBeGreaterThan(65_000);
    expect(read(texts, octets).answers[0]?.data).toHaveLength(255 * 255);
    expect(leastCpuTime(() => readAnswer(texts, octets))).toBeLessThan(200);
  });
});

const TYPES = Object.keys(TYPE_NUMBERS) as DataType[];

describe.each(TYPES)('%s from octets at random', (type) => {
  const query = queryFor(type);
  const head = answerTo(query, []);
  const record = fc
    .tuple(
      fc.oneof(fc.constant(Buffer.from([0xc0, 12])), fc.uint8Array({ maxLength: 8 })),
      fc.uint8Array({ maxLength: 300 }),
      fc.nat(4),
    )
    .map(([owner, data, wrong]) => {
      const fixed = Buffer.alloc(10);
      fixed.writeUInt16BE(TYPE_NUMBERS[type], 0);
      fixed.writeUInt16BE(1, 2);
      fixed.writeUInt16BE(Math.max(0, data.length + (wrong === 0 ? 1 : 0)), 8);
      return Buffer.concat([owner, fixed, data]);
    });

  test('does not throw', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 5 }), fc.nat(6), fc.nat(65_535), (records, count, flags) => {
        const octets = Buffer.concat([head, ...records]);
        octets.writeUInt16BE(flags | 0x8000, 2);
        octets.writeUInt16BE(count, 6);
        expect(['answer', 'damaged', 'truncated', 'foreign']).toContain(readAnswer(query, octets).kind);
      }),
      { numRuns: 1_000 },
    );
  });

  test('takes a moment of the processor for 64 KB', () => {
    const large = fc.tuple(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 20 }),
      fc.boolean(),
    );
    fc.assert(
      fc.property(large, ([parts, pointed]) => {
        const unit = Buffer.concat(
          parts.map((data) => {
            const fixed = Buffer.alloc(10);
            fixed.writeUInt16BE(TYPE_NUMBERS[type], 0);
            fixed.writeUInt16BE(1, 2);
            fixed.writeUInt16BE(data.length, 8);
            return Buffer.concat([pointed ? Buffer.from([0xc0, 12]) : Buffer.from([0]), fixed, data]);
          }),
        );
        const octets = Buffer.concat([head, ...Array.from({ length: Math.floor(65_000 / unit.length) }, () => unit)]);
        octets.writeUInt16BE(65_535, 6);
        expect(leastCpuTime(() => readAnswer(query, octets))).toBeLessThan(200);
      }),
      { numRuns: 30 },
    );
  });
});

test('whatever dns-packet writes is read as it reads it', () => {
  const host = fc.stringMatching(/^[a-z]{1,20}(\.[a-z]{1,10}){1,3}$/);
  const mx = fc.record({ preference: fc.nat(65_535), exchange: host });
  fc.assert(
    fc.property(fc.array(mx, { maxLength: 50 }), fc.nat(0x7fffffff), (hosts, ttl) => {
      const query = queryFor('MX');
      const octets = answerTo(
        query,
        hosts.map((data) => ({ name, type: 'MX', ttl, data })),
      );
      const theirs = packet.decode(octets).answers?.map((record) => ('data' in record ? record.data : null));
      const ours = read(query, octets).answers.map(({ data }) => data);
      expect(ours).toEqual(
        (theirs as packet.MxData[]).map(({ preference, exchange }) => ({ preference, host: exchange })),
      );
    }),
  );
});
