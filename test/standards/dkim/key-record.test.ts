import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isDkimKeyRecord, parseDkimKeyRecord } from '../../../lambda/standards/dkim/key-record.ts';

function rsa(bits: number, type: 'spki' | 'pkcs1' = 'spki'): string {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  return publicKey.export({ type, format: 'der' }).toString('base64');
}

const key = rsa(1024);
/** RFC 8463 A.2. */
const ed25519 = '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';
const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const elliptic = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

test.each<[string, string, object]>([
  ['RSA', `v=DKIM1; k=rsa; p=${key}`, { kind: 'rsa', bits: 1024 }],
  ['RSA by default', `p=${key}`, { kind: 'rsa', bits: 1024 }],
  ['RSA as RFC 6376 has it', `v=DKIM1; p=${rsa(2048, 'pkcs1')}`, { kind: 'rsa', bits: 2048 }],
  ['a short RSA key', `v=DKIM1; p=${rsa(512)}`, { kind: 'rsa', bits: 512 }],
  ['spaces in the key', `v=DKIM1; p=${key.slice(0, 60)} \t${key.slice(60)}`, { kind: 'rsa', bits: 1024 }],
  ['Ed25519 (RFC 8463)', `v=DKIM1; k=ed25519; p=${ed25519}`, { kind: 'ed25519' }],
  ['no key', 'v=DKIM1; p=', { kind: 'revoked' }],
  ['a revoked key of any type', 'v=DKIM1; k=x; p=', { kind: 'revoked' }],
  ['another type', `v=DKIM1; k=dsa; p=${key}`, { kind: 'unknown-type', type: 'dsa' }],
  ['no p=', 'v=DKIM1; k=rsa', { kind: 'invalid', reason: 'there is no p=' }],
  [
    'a key that is cut off',
    `v=DKIM1; p=${key.slice(0, 100)}`,
    { kind: 'invalid', reason: expect.stringContaining('cut off') },
  ],
  ['odd characters', 'v=DKIM1; p=MIG-', { kind: 'invalid', reason: expect.stringContaining("'-'") }],
  [
    'missing characters',
    `v=DKIM1; p=${key.slice(0, 101)}`,
    { kind: 'invalid', reason: expect.stringContaining('missing') },
  ],
  ['an elliptic key as RSA', `v=DKIM1; k=rsa; p=${elliptic}`, { kind: 'invalid' }],
  [
    'an RSA key as Ed25519',
    `v=DKIM1; k=ed25519; p=${key}`,
    { kind: 'invalid', reason: expect.stringContaining('32 octets') },
  ],
])('%s', (_, text, expected) => expect(parseDkimKeyRecord(text).key).toMatchObject(expected));

describe('flags', () => {
  test.each<[string, object]>([
    ['', { testing: false, hashes: null, forMail: true, problems: [] }],
    ['t=y;', { testing: true }],
    ['t=s:y;', { testing: true }],
    ['t=s;', { testing: false }],
    ['h=sha1;', { hashes: ['sha1'] }],
    ['h=sha1:SHA256;', { hashes: ['sha1', 'sha256'] }],
    ['s=*;', { forMail: true }],
    ['s=email;', { forMail: true }],
    ['s=tlsrpt;', { forMail: false }],
    ['n=note;', { problems: [] }],
    ['x y;', { problems: [{ column: 9, reason: expect.stringContaining('not a tag') }] }],
  ])('%s', (flags, expected) => {
    expect(parseDkimKeyRecord(`v=DKIM1;${flags} p=${key}`)).toMatchObject(expected);
  });

  test.each([
    [`p=${key}; v=DKIM1`, /not the first/],
    [`v=DKIM2; p=${key}`, /instead of v=DKIM1/],
    [`p=${key}; p=${key}`, /twice/],
  ])('%s', (text, reason) => expect(parseDkimKeyRecord(text).problems[0]?.reason).toMatch(reason));
});

test.each([
  ['v=DKIM1; p=', true],
  ['k=rsa; p=abc', true],
  ['v=spf1 -all', false],
  ['', false],
])('%j is a key record: %j', (text, expected) => expect(isDkimKeyRecord(text)).toBe(expected));
