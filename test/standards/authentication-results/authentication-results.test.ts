import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  authenticationResults,
  parseAuthenticationResults,
} from '../../../lambda/standards/authentication-results/authentication-results.ts';
import { trustedResults } from '../../../lambda/standards/authentication-results/trusted-results.ts';
import { parseFields } from '../../../lambda/standards/mime/header.ts';
import { cpuTime } from '../../cpu-time.ts';

/** `dkim=pass header.d=example.com`. */
function written(value: string): readonly string[] | null {
  const parsed = parseAuthenticationResults(value);
  if (parsed === null) return null;
  const results = parsed.results.map(({ method, result, properties }) =>
    [`${method}=${result}`, ...[...properties].map(([name, text]) => `${name}=${text}`)].join(' '),
  );
  return [parsed.authservId, ...results];
}

// Appendix B of RFC 8601, and what servers write.
test.each<[name: string, value: string, parsed: readonly string[] | null]>([
  ['B.1: none', 'example.org 1; none', ['example.org']],
  [
    'B.2: SPF',
    'example.com; spf=pass smtp.mailfrom=example.net',
    ['example.com', 'spf=pass smtp.mailfrom=example.net'],
  ],
  [
    'B.3: several',
    'example.com; auth=pass (cram-md5) smtp.auth=sender@example.net; spf=pass smtp.mailfrom=example.net',
    ['example.com', 'auth=pass smtp.auth=sender@example.net', 'spf=pass smtp.mailfrom=example.net'],
  ],
  [
    'B.6: comments',
    "foo.example.net (foobar) 1 (baz); dkim (Because I like it) / 1 (One yay) = (wait for it) fail policy (A dot can go here) . (like that) expired (this surprised me) = (as I wasn't expecting it) 1362471462",
    ['foo.example.net', 'dkim=fail policy.expired=1362471462'],
  ],
  [
    'version of a method',
    'a.example 1; dkim/1=pass header.d=example.com',
    ['a.example', 'dkim=pass header.d=example.com'],
  ],
  [
    'OpenDKIM',
    'mx.example.net;\r\n\tdkim=pass (2048-bit key; unprotected) header.d=example.com header.i=@example.com header.a=rsa-sha256 header.s=s1 header.b="abc/DEF+"',
    [
      'mx.example.net',
      'dkim=pass header.d=example.com header.i=@example.com header.a=rsa-sha256 header.s=s1 header.b=abc/DEF+',
    ],
  ],
  [
    'OpenDMARC',
    'mx.example.net; dmarc=pass (p=reject dis=none) header.from=example.com',
    ['mx.example.net', 'dmarc=pass header.from=example.com'],
  ],
  [
    'Google',
    'mx.google.com; dkim=pass header.i=@example.com header.s=s1 header.b=abc; spf=pass (google.com: domain of canary@example.com designates 192.0.2.1 as permitted sender) smtp.mailfrom=canary@example.com; dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=example.com',
    [
      'mx.google.com',
      'dkim=pass header.i=@example.com header.s=s1 header.b=abc',
      'spf=pass smtp.mailfrom=canary@example.com',
      'dmarc=pass header.from=example.com',
    ],
  ],
  [
    'Microsoft 365, without an identifier',
    'spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.com; dkim=pass (signature was verified) header.d=example.com;dmarc=pass action=none header.from=example.com;compauth=pass reason=100',
    [
      '',
      'spf=pass smtp.mailfrom=example.com',
      'dkim=pass header.d=example.com',
      'dmarc=pass header.from=example.com',
      'compauth=pass',
    ],
  ],
  [
    'quoted identifier and semicolon in quotes',
    '"mx.example.net"; spf=fail reason="a; dkim=pass" smtp.helo=x',
    ['mx.example.net', 'spf=fail smtp.helo=x'],
  ],
  [
    'spaces at =',
    'mx.example.net; spf = softfail smtp.mailfrom = example.com',
    ['mx.example.net', 'spf=softfail smtp.mailfrom=example.com'],
  ],
  [
    '= at the end of a value',
    'mx.example.net; dkim=pass header.b="abc=" header.s=s1',
    ['mx.example.net', 'dkim=pass header.b=abc= header.s=s1'],
  ],
  ['a semicolon at the end', 'mx.example.net; spf=none;', ['mx.example.net', 'spf=none']],
  [
    'in capitals',
    'MX.Example.NET; SPF=Pass SMTP.MailFrom=Example.com',
    ['mx.example.net', 'spf=pass smtp.mailfrom=Example.com'],
  ],
  [
    'an escaped bracket in a comment',
    'mx.example.net (a \\) b; spf=pass) ; spf=fail (c \\( d) smtp.mailfrom=x',
    ['mx.example.net', 'spf=fail smtp.mailfrom=x'],
  ],
  ['empty', '', null],
  ['words', 'not a field', null],
])('%s', (_, value, parsed) => {
  expect(written(value)).toEqual(parsed);
});

describe('results that are trusted (RFC 8601 7.1)', () => {
  const hop = 'Received: by mx.example.net; Thu, 26 Nov 2026 14:00:02 +0000';
  const own = (results: string) => `Authentication-Results: mx.example.net; ${results}`;

  test.each<[name: string, header: readonly string[], trusted: Readonly<Record<string, string>>]>([
    ['of the receiver', [own('dkim=pass; spf=fail'), hop], { dkim: 'pass', spf: 'fail' }],
    ['of two filters of the receiver', [own('dmarc=pass'), own('dkim=pass'), hop], { dmarc: 'pass', dkim: 'pass' }],
    [
      'below its Received field',
      [hop, own('dmarc=pass'), own('dkim=pass'), 'Received: by mail.example.com; x'],
      { dmarc: 'pass', dkim: 'pass' },
    ],
    ['not of another', ['Authentication-Results: mx.example.com; dkim=pass', hop], {}],
    ['not of a longer name', ['Authentication-Results: evil.mx.example.net; dkim=pass', hop], {}],
    ['not what the sender put in', [own('dkim=fail'), hop, own('dkim=pass; spf=pass; dmarc=pass')], { dkim: 'fail' }],
    ['not an older one of the same method', [own('dkim=fail'), own('dkim=pass'), hop], { dkim: 'fail' }],
    [
      'one of several signatures passes',
      [own('dkim=fail header.d=a.example; dkim=pass header.d=example.com'), hop],
      { dkim: 'pass' },
    ],
    [
      'SPF of the sender, and not of the greeting',
      [own('spf=pass smtp.helo=mail.example.com; spf=fail smtp.mailfrom=example.com'), hop],
      { spf: 'fail' },
    ],
    [
      'SPF of the sender in a field of its own',
      [own('spf=none smtp.helo=mail.example.com'), own('spf=pass smtp.mailfrom=example.com'), hop],
      { spf: 'pass' },
    ],
    [
      'SPF of the greeting, where there is no other',
      [own('spf=pass smtp.helo=mail.example.com'), hop],
      { spf: 'pass' },
    ],
    ['none', [own('none'), hop], {}],
  ])('%s', (_, header, trusted) => {
    const results = trustedResults(authenticationResults(parseFields(header.join('\r\n'))), 'MX.example.net');
    expect(Object.fromEntries([...results].map(([method, { result }]) => [method, result]))).toEqual(trusted);
  });

  test('of a receiver that writes no identifier', () => {
    const fields = parseFields(
      `Authentication-Results: spf=pass smtp.mailfrom=a; dkim=fail\r\n${hop}\r\nAuthentication-Results: dkim=pass`,
    );
    expect(trustedResults(authenticationResults(fields), '').get('dkim')?.result).toBe('fail');
  });
});

test('any text: nothing throws, words are well formed', () => {
  const pieces = fc.constantFrom('mx.example.net', ';', '=', '(', ')', '"', '\\', ' dkim', 'pass', '.', '/1', '\0');
  fc.assert(
    fc.property(
      fc.array(fc.oneof(pieces, fc.string()), { maxLength: 30 }).map((all) => all.join('')),
      (text) => {
        for (const { method, result, properties } of parseAuthenticationResults(text)?.results ?? []) {
          expect(method).toMatch(/^[a-z][\w-]*$/);
          expect(result).toMatch(/^[a-z][\w-]*$/);
          for (const name of properties.keys()) expect(name).toMatch(/^[\w.-]+$/);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test.each(['(', '"', '\\', 'a', 'a=', ';', ' ', '.', '"\\"'])('50 fields of 64 KB of %j are read at once', (piece) => {
  const fields = Array.from({ length: 50 }, () => ({
    name: 'authentication-results',
    value: `a; b=c ${piece.repeat(65_536 / piece.length)}`,
  }));
  expect(cpuTime(() => authenticationResults(fields))).toBeLessThan(3_000);
});
