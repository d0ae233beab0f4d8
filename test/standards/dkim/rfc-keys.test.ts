/** Key records of the RFCs, and what RFC 6376 3.6.1, RFC 8301 and RFC 8463 say about each tag. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isDkimKeyRecord, parseDkimKeyRecord } from '../../../lambda/standards/dkim/key-record.ts';

/** RFC 6376 C, the key of brisbane._domainkey.example.net: 1024 bits. */
const BRISBANE =
  'MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB';
/** RFC 8463 A.2: the keys of brisbane and of test at football.example.com. */
const FOOTBALL_ED25519 = '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';
const FOOTBALL_RSA =
  'MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB';

test.each<[string, string, object]>([
  [
    'RFC 6376 C',
    `v=DKIM1; p=${BRISBANE}`,
    { key: { kind: 'rsa', bits: 1024 }, hashes: null, testing: false, forMail: true },
  ],
  ['RFC 8463 A.2, Ed25519', `v=DKIM1; k=ed25519; p=${FOOTBALL_ED25519}`, { key: { kind: 'ed25519' }, problems: [] }],
  ['RFC 8463 A.2, RSA', `v=DKIM1; k=rsa; p=${FOOTBALL_RSA}`, { key: { kind: 'rsa', bits: 1024 }, problems: [] }],
  [
    'a folded record',
    `v=DKIM1; p=${BRISBANE.replace(/.{64}/g, '$&\r\n ')}`,
    { key: { kind: 'rsa', bits: 1024 }, publicKey: BRISBANE },
  ],
])('%s', (_, text, expected) => expect(parseDkimKeyRecord(text)).toMatchObject(expected));

describe('RFC 8301 3.2: lengths of RSA keys', () => {
  test.each([512, 768, 1024, 1536, 2048, 3072, 4096])('%i bits', (bits) => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
    for (const type of ['spki', 'pkcs1'] as const) {
      const text = publicKey.export({ type, format: 'der' }).toString('base64');
      expect(parseDkimKeyRecord(`p=${text}`).key).toEqual({ kind: 'rsa', bits });
    }
  });
});

const p = `p=${BRISBANE}`;

describe('the version', () => {
  test.each<[string, boolean, readonly string[]]>([
    [`v=DKIM1; ${p}`, true, []],
    [`v = DKIM1 ; ${p}`, true, []],
    [`v=DKIM1;${p}`, true, []],
    [`V=DKIM1; ${p}`, true, []],
    [p, true, []],
    [`v=dkim1; ${p}`, true, ['v=dkim1 instead of v=DKIM1']],
    [`v=DKIM2; ${p}`, true, ['v=DKIM2 instead of v=DKIM1']],
    [`v=; ${p}`, true, ['v= instead of v=DKIM1']],
    [`k=rsa; v=DKIM1; ${p}`, true, ['v=DKIM1 is not the first tag']],
    [`v=DKIM1; v=DKIM1; ${p}`, true, ['v= is there twice']],
  ])('%s', (text, is, reasons) => {
    expect(isDkimKeyRecord(text)).toBe(is);
    expect(parseDkimKeyRecord(text).problems.map(({ reason }) => reason)).toEqual(reasons);
  });
});

describe('the key', () => {
  const reason = (text: string) => ({ kind: 'invalid', reason: expect.stringMatching(text) });
  test.each<[string, object]>([
    ['v=DKIM1', reason('there is no p=')],
    ['v=DKIM1; P=abcd', reason('there is no p=')],
    ['v=DKIM1; p=', { kind: 'revoked' }],
    ['v=DKIM1; p=;', { kind: 'revoked' }],
    ['v=DKIM1; p= \t', { kind: 'revoked' }],
    ['v=DKIM1; k=ed25519; p=', { kind: 'revoked' }],
    [`v=DKIM1; k=rsa; p=${FOOTBALL_ED25519}`, reason('is not an RSA key')],
    ['v=DKIM1; k=ed25519; p=HbawiMnQXTCopHTkR0jlKQ==', reason('32 octets, this one 16')],
    [`v=DKIM1; k=ed25519; p=${FOOTBALL_ED25519}AAAA`, reason('missing, or too many')],
    [`v=DKIM1; k=ed25519; ${p}`, reason('32 octets')],
    [`v=DKIM1; k=RSA; ${p}`, { kind: 'rsa', bits: 1024 }],
    [`v=DKIM1; k=Ed25519; p=${FOOTBALL_ED25519}`, { kind: 'ed25519' }],
    [`v=DKIM1; k=ecdsa; ${p}`, { kind: 'unknown-type', type: 'ecdsa' }],
    [`v=DKIM1; k=; ${p}`, { kind: 'unknown-type', type: '' }],
    [`v=DKIM1; p=${BRISBANE.slice(0, 150)}`, reason('missing, or too many')],
    [`v=DKIM1; p=${BRISBANE.slice(0, 152)}`, reason('cut off')],
    [`v=DKIM1; p=${BRISBANE}!`, reason("'!'")],
    [`v=DKIM1; p=${BRISBANE.replace('+', '-')}`, reason("'-'")],
    [`v=DKIM1; p="${BRISBANE}"`, reason("'\"'")],
    ['v=DKIM1; p=====', reason('missing, or too many')],
    ['v=DKIM1; p=AAAA', reason('is not an RSA key')],
    [`v=DKIM1; p=-----BEGIN PUBLIC KEY-----${BRISBANE}`, reason("'-'")],
  ])('%s', (text, expected) => expect(parseDkimKeyRecord(text).key).toEqual(expected));
});

describe('h=: hash algorithms (RFC 8301 3.1)', () => {
  test.each<[string, readonly string[] | null]>([
    ['', null],
    ['h=sha256;', ['sha256']],
    ['h=sha1;', ['sha1']],
    ['h=sha1:sha256;', ['sha1', 'sha256']],
    ['h = SHA256 : unknown ;', ['sha256', 'unknown']],
    ['h=:sha256:;', ['sha256']],
    ['h=;', []],
  ])('%s', (tag, hashes) => expect(parseDkimKeyRecord(`v=DKIM1; ${tag} ${p}`).hashes).toEqual(hashes));
});

describe('s=: services', () => {
  test.each([
    ['', true],
    ['s=*;', true],
    ['s=email;', true],
    ['s=EMAIL;', true],
    ['s= email : tlsrpt ;', true],
    ['s=tlsrpt;', false],
    ['s=other:more;', false],
    ['s=;', true],
  ])('%s', (tag, forMail) => expect(parseDkimKeyRecord(`v=DKIM1; ${tag} ${p}`).forMail).toBe(forMail));
});

describe('t=: flags', () => {
  test.each([
    ['', false],
    ['t=y;', true],
    ['t=Y;', true],
    ['t=s;', false],
    ['t=y:s;', true],
    ['t = s : y ;', true],
    ['t=yes;', false],
    ['t=;', false],
  ])('%s', (tag, testing) => expect(parseDkimKeyRecord(`v=DKIM1; ${tag} ${p}`).testing).toBe(testing));
});

describe('tags that say nothing about the key', () => {
  test.each([
    [`v=DKIM1; n=notes...; ${p}`, []],
    [`v=DKIM1; n=a=b; ${p}`, []],
    // g= is of RFC 4871, which RFC 6376 replaced.
    [`v=DKIM1; g=*; ${p}`, []],
    [`v=DKIM1; unknown = bogus; ${p}`, []],
    [`v=DKIM1;; ${p};;`, []],
    [`v=DKIM1; k=rsa; k=ed25519; ${p}`, ['k= is there twice']],
    [`v=DKIM1; =x; ${p}`, ["'=x' is not a tag such as name=value"]],
    [`v=DKIM1; 1=x; ${p}`, ["'1=x' is not a tag such as name=value"]],
  ])('%s', (text, reasons) => {
    const { problems, key } = parseDkimKeyRecord(text);
    expect(problems.map(({ reason }) => reason)).toEqual(reasons);
    expect(key).toEqual({ kind: 'rsa', bits: 1024 });
  });
});

test.each([
  ['v=DKIM1', true],
  [' v = DKIM1; x=y', true],
  ['p=', true],
  ['k=rsa; p=abc', true],
  ['V=DKIM1', true],
  ['sp=abc', false],
  ['v=spf1 include:p=x', false],
  ['note', false],
])('%j is a key record: %j', (text, is) => expect(isDkimKeyRecord(text)).toBe(is));
