import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { createContext, runInContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isInRanges, parseAddressRange } from '../../../lambda/config/schema/page/address-range.ts';
import { allowedRange } from '../../../lib/page/allowed-ranges.ts';
import { type ReaderRules, readerCheckCode } from '../../../lib/page/reader-check.ts';

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html */
interface ViewerRequest {
  readonly version: '1.0';
  readonly context: { readonly eventType: 'viewer-request' };
  readonly viewer: { readonly ip: string };
  readonly request: {
    readonly method: string;
    readonly uri: string;
    readonly querystring: object;
    readonly headers: Record<string, { readonly value: string }>;
    readonly cookies: object;
  };
}

function eventOf(authorization: string | null, ip = '192.0.2.7'): ViewerRequest {
  return {
    version: '1.0',
    context: { eventType: 'viewer-request' },
    viewer: { ip },
    request: {
      method: 'GET',
      uri: '/targets/mx1.html',
      querystring: {},
      // CloudFront writes names of headers in lower case.
      headers: {
        host: { value: 'd111111abcdef8.cloudfront.net' },
        ...(authorization === null ? {} : { authorization: { value: authorization } }),
      },
      cookies: {},
    },
  };
}

type Answer = {
  readonly statusCode?: number;
  readonly uri?: string;
  readonly headers: Record<string, { value: string }>;
};

/** Runs the text as it is, but for its import, with a store of these keys. */
function running(rules: ReaderRules, keys: readonly string[] | 'broken' = [], code = readerCheckCode(rules)) {
  const kvs = () => ({
    exists: async (key: string) => {
      if (keys === 'broken') throw new Error('no store');
      return keys.includes(key);
    },
  });
  const context = createContext({ require: createRequire(import.meta.url), Buffer, cf: { kvs } });
  runInContext(code.replace("import cf from 'cloudfront';", ''), context);
  return async (event: ViewerRequest): Promise<Answer> => {
    const text = await runInContext(`handler(${JSON.stringify(event)}).then(JSON.stringify)`, context);
    return JSON.parse(text);
  };
}

const digest = (password: string) => createHash('sha256').update(password).digest('hex');
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
const PASSWORD = 'k6J&:ü long';
const byPassword = { allow: null, password: true } as const;

describe('a password', () => {
  test.each([
    ['with any user', basic(`ops:${PASSWORD}`), true],
    ['with no user', basic(`:${PASSWORD}`), true],
    ['with the scheme in capitals', basic(`ops:${PASSWORD}`).replace('Basic', 'BASIC'), true],
    ['with more spaces', basic(`ops:${PASSWORD}`).replace(' ', '   '), true],
    ['wrong', basic('ops:wrong'), false],
    ['without a colon', basic(PASSWORD.replaceAll(':', '')), false],
    ['empty', basic('ops:'), false],
    ['as the user', basic(`${PASSWORD}:ops`), false],
    ['its digest', basic(`ops:${digest(PASSWORD)}`), false],
    ['no header', null, false],
    ['an empty header', '', false],
    ['no base64', 'Basic %%%', false],
    ['base64 that is no UTF-8', 'Basic //79/Pv6', false],
    ['another scheme', `Bearer ${digest(PASSWORD)}`, false],
    ['a name of an object', basic('ops:__proto__'), false],
    ['64 KB', basic(`ops:${'x'.repeat(65_536)}`), false],
  ])('%s', async (_, header, passes) => {
    const answer = await running(byPassword, [digest(PASSWORD)])(eventOf(header));
    expect(answer.uri).toBe(passes ? '/targets/mx1.html' : undefined);
    if (passes) expect(answer.headers).not.toHaveProperty('authorization');
  });

  test('every refusal is the same answer, byte for byte', async () => {
    const refusals = [null, 'Basic %%%', basic('ops:wrong'), basic('ops:')].map((header) => eventOf(header));
    const ask = running(byPassword, [digest(PASSWORD)]);
    const texts = await Promise.all(refusals.map(async (event) => JSON.stringify(await ask(event))));
    const broken = JSON.stringify(await running(byPassword, 'broken')(eventOf(basic(`ops:${PASSWORD}`))));
    expect(new Set([...texts, broken]).size).toBe(1);
    expect(JSON.parse(broken)).toMatchObject({
      statusCode: 401,
      headers: {
        'www-authenticate': { value: 'Basic realm="Status page", charset="UTF-8"' },
        'cache-control': { value: 'no-store' },
      },
    });
  });

  test('each of several is taken', async () => {
    const ask = running(byPassword, [digest('one'), digest('two')]);
    for (const password of ['one', 'two']) expect((await ask(eventOf(basic(`a:${password}`)))).uri).toBeDefined();
  });
});

const RANGES = ['192.0.2.0/24', '198.51.100.7', '2001:db8::/33', '2001:db8:ffff::5/128', '203.0.113.128/25'];

describe('addresses', () => {
  const ask = running({ allow: RANGES.map(allowedRange), password: false });
  test.each([
    ['192.0.2.255', true],
    ['192.0.3.0', false],
    ['198.51.100.7', true],
    ['198.51.100.8', false],
    ['203.0.113.127', false],
    ['203.0.113.128', true],
    ['2001:db8::1', true],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', true],
    ['2001:DB8:7fff:ffff::', true],
    ['2001:db8:8000::', false],
    ['2001:db8:ffff::5', true],
    ['2001:db8:ffff:0:0:0:0:6', false],
    ['::1', false],
    ['', false],
    ['nonsense', false],
  ])('%s: %s', async (ip, passes) => {
    const answer = await ask(eventOf(null, ip));
    expect(answer.uri !== undefined).toBe(passes);
    if (!passes) expect(answer).toMatchObject({ statusCode: 403 });
  });

  test('agree with the config for any address and range', async () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6());
    const near = fc.tuple(fc.constantFrom('192.0.2.', '2001:db8::'), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          address,
          near.map(([head, tail]) => head + tail),
        ),
        fc.oneof(
          address,
          near.map(([head, tail]) => head + tail),
        ),
        fc.integer({ min: 1, max: 128 }),
        async (ip, network, prefix) => {
          fc.pre(!/\d\.\d.*:|:.*\d\.\d/.test(ip + network) || !`${ip} ${network}`.includes(':'));
          const text = `${network}/${network.includes(':') ? prefix : Math.ceil(prefix / 4)}`;
          const range = parseAddressRange(text);
          fc.pre(range !== null);
          const answer = await running({ allow: [allowedRange(text)], password: false })(eventOf(null, ip));
          expect(answer.uri !== undefined).toBe(isInRanges(range === null ? [] : [range], ip));
        },
      ),
      { numRuns: 300 },
    );
  });
});

test('with both, a reader needs both', async () => {
  const ask = running({ allow: [allowedRange('192.0.2.0/24')], password: true }, [digest(PASSWORD)]);
  const right = basic(`ops:${PASSWORD}`);
  expect((await ask(eventOf(right))).uri).toBeDefined();
  expect((await ask(eventOf(null))).statusCode).toBe(401);
  expect((await ask(eventOf(right, '198.51.100.1'))).statusCode).toBe(401);
});

test('a private page without a way in lets nobody in', async () => {
  expect((await running({ allow: null, password: false })(eventOf(basic('a:b')))).statusCode).toBe(403);
});

test('what is written is of runtime 2.0, and small', () => {
  const code = readerCheckCode({ allow: RANGES.map(allowedRange), password: true });
  expect(code.startsWith("import cf from 'cloudfront';\n")).toBe(true);
  // Not in the list of https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
  expect(code).not.toMatch(/\?\.|\?\?|\.\.\.|\bclass\b|\bof \w|\*\*=|#\w|\(\{ \w+|=> \(\{/);
  expect(Buffer.byteLength(code)).toBeLessThan(3_000);
});
