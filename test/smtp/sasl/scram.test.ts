import { describe, expect, test } from 'vitest';
import { startScram } from '../../../lambda/smtp/sasl/scram.ts';

const credentials = { user: 'user', password: 'pencil' };

/** The examples of RFC 5802 5 and RFC 7677 3. */
const EXAMPLES = {
  sha1: {
    nonce: 'fyko+d2lbbFgONRv9qkxdawL',
    first: 'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096',
    final: 'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
    signature: 'v=rmF9pqV8S7suAoZWja4dJRkFsKQ=',
  },
  sha256: {
    nonce: 'rOprNGfwEbeRWgbNEkqO',
    first: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
    final: 'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    signature: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
  },
} as const;

describe.each(['sha1', 'sha256'] as const)('%s', (hash) => {
  const { nonce, first, final, signature } = EXAMPLES[hash];

  test('the example of the RFC', () => {
    const exchange = startScram(hash, credentials, nonce);
    expect(exchange.first).toBe(`n,,n=user,r=${nonce}`);
    expect(exchange.answer(first)).toBe(final);
    expect(exchange.serverProof()).toBe('missing');
    expect(exchange.answer(signature)).toBe('');
    expect(exchange.serverProof()).toBe('valid');
  });

  test.each([
    ['v=AAAA', 'wrong'],
    ['v=', 'wrong'],
    [signature.replace('v=', 'v=A'), 'wrong'],
    ['', 'missing'],
    ['x=1', 'missing'],
  ])('the final message %j is refused: the signature is %s', (message, proof) => {
    const exchange = startScram(hash, credentials, nonce);
    exchange.answer(first);
    expect(exchange.answer(message)).toBeNull();
    expect(exchange.serverProof()).toBe(proof);
  });

  test.each([
    first.replace(/^r=../, 'r='),
    first.replace(/^(r=.{20}).*?,/, '$1,'),
    `m=ext,${first}`,
    first.replace('i=4096', 'i=0'),
    first.replace('i=4096', 'i=-1'),
    first.replace('i=4096', 'i=200001'),
    first.replace(/,i=.*/, ''),
    first.replace(/s=[^,]*/, 's='),
    '',
    ',,,',
  ])('the first message %j is malformed', (malformed) => {
    expect(startScram(hash, credentials, nonce).answer(malformed)).toBeNull();
  });

  test('an error of the server has an empty response, and verifies nothing', () => {
    const exchange = startScram(hash, credentials, nonce);
    exchange.answer(first);
    expect(exchange.answer('e=invalid-proof')).toBe('');
    expect(exchange.serverProof()).toBe('missing');
  });
});

test('characters of a user name that have a meaning are escaped, and each nonce is new', () => {
  const names = [1, 2].map(() => startScram('sha256', { user: 'a=b,c', password: '' }).first);
  expect(names[0]).toMatch(/^n,,n=a=3Db=2Cc,r=.{24}$/);
  expect(names[0]).not.toBe(names[1]);
});
