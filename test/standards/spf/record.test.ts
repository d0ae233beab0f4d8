import { describe, expect, test } from 'vitest';
import { isMisspeltSpfRecord, isSpfRecord, parseSpfRecord } from '../../../lambda/standards/spf/record.ts';

describe('what is an SPF record (RFC 7208 4.5)', () => {
  test.each([
    ['v=spf1', true],
    ['v=spf1 -all', true],
    ['V=SPF1 -all', true],
    ['v=spf10 -all', false],
    ['v=spf1;-all', false],
    [' v=spf1 -all', false],
    ['spf2.0/pra -all', false],
    ['', false],
  ])('%j: %j', (text, expected) => expect(isSpfRecord(text)).toBe(expected));

  test.each([
    ['"v=spf1 -all"', true],
    [' v=spf1 -all', true],
    ['v=spf1;-all', true],
    ['spf1 -all', true],
    ['v:spf1 -all', true],
    ['v=spf -all', true],
    ['v=spf1 -all', false],
    ['v=spf10 -all', false],
    ['spf2.0/pra -all', false],
    ['google-site-verification=spf', false],
  ])('%j is misspelt: %j', (text, expected) => expect(isMisspeltSpfRecord(text)).toBe(expected));
});

describe('terms', () => {
  test.each([
    ['+all', { kind: 'all', qualifier: '+', column: 8 }],
    ['-ALL', { kind: 'all', qualifier: '-' }],
    ['a', { kind: 'a', domain: null, bits4: 32, bits6: 128 }],
    ['a:mail.example.com/24//64', { kind: 'a', domain: 'mail.example.com', bits4: 24, bits6: 64 }],
    ['mx//96', { kind: 'mx', domain: null, bits4: 32, bits6: 96 }],
    ['?include:_spf.example.net', { kind: 'include', qualifier: '?', domain: '_spf.example.net' }],
    ['exists:%{ir}.%{v}._spf.%{d2}', { kind: 'exists', domain: '%{ir}.%{v}._spf.%{d2}' }],
    ['ptr:example.com', { kind: 'ptr', domain: 'example.com' }],
    ['ip4:192.0.2.0/24', { kind: 'ip4', network: '192.0.2.0', bits: 24 }],
    ['ip6:2001:db8::/32', { kind: 'ip6', network: '2001:db8::', bits: 32 }],
    ['redirect=_spf.example.net', { kind: 'redirect', domain: '_spf.example.net' }],
    ['exp=explain.%{d}', { kind: 'exp', domain: 'explain.%{d}' }],
    ['unknown=%{c}', { kind: 'other' }],
  ])('%s', (text, expected) => {
    const { terms, errors } = parseSpfRecord(`v=spf1 ${text}`);
    expect(errors).toEqual([]);
    expect(terms).toMatchObject([{ text, ...expected }]);
  });
});

describe('the column of a mistake', () => {
  test.each<[string, number, RegExp]>([
    ['v=spf1 a mx incldue:example.net -all', 13, /'incldue' is not a mechanism; did you mean include\?/],
    ['v=spf1 mxx -all', 8, /^'mxx' is not a mechanism; did you mean mx\?$/],
    ['v=spf1 ipv4:192.0.2.1 -all', 8, /did you mean ip4\?/],
    ['v=spf1 x -all', 8, /^'x' is not a mechanism; known are all, include/],
    ['v=spf1 permit -all', 8, /known are all, include/],
    ['v=spf1 redirect:_spf.example.net', 8, /without a sign: redirect=_spf\.example\.net$/],
    ['v=spf1 -redirect=_spf.example.net', 8, /without a sign: redirect=_spf\.example\.net$/],
    ['v=spf1 192.0.2.1 -all', 8, /ip4:192\.0\.2\.1/],
    ['v=spf1 2001:db8::1 -all', 8, /ip6:2001:db8::1/],
    ['v=spf1 ip4:192.0.2.0/33 -all', 8, /\/33 is longer/],
    ['v=spf1 ip4:192.0.2 -all', 8, /needs an IPv4 address/],
    ['v=spf1 ip4:2001:db8::1 -all', 8, /needs an IPv4 address/],
    ['v=spf1 ip4 -all', 8, /needs an IPv4 address/],
    ['v=spf1 ip6:fe80::1%eth0 -all', 8, /needs an IPv6 address/],
    ['v=spf1 ip4:192.0.2.0/08 -all', 8, /needs an IPv4 address/],
    ['v=spf1 a//129 -all', 8, /\/\/129 is longer/],
    ['v=spf1 include -all', 8, /needs a domain/],
    ['v=spf1 include: -all', 8, /a domain is missing/],
    ['v=spf1 include:localhost -all', 8, /not a domain/],
    ['v=spf1 include:example.123 -all', 8, /not a domain/],
    ['v=spf1 exists:%{d0}.example.com -all', 8, /keeps no label/],
    ['v=spf1 exists:%{c}.example.com -all', 8, /no macro %\{c\} in a domain/],
    ['v=spf1 exists:%x.example.com -all', 8, /percent/],
    ['v=spf1 redirect=%{x}.example.com', 17, /no macro/],
    ['v=spf1 all:example.com', 8, /takes no argument/],
    ['v=spf1 ptr/24', 8, /does not belong/],
    ['v=spf1 mx\ta -all', 10, /a tab/],
    ['v=spf1 a:m\u00e4il.example.com -all', 11, /ASCII/],
    ['v=spf1 redirect=a.example.com redirect=b.example.com', 31, /there twice/],
    ['v=spf1 toString -all', 8, /not a mechanism/],
    ['v=spf1 -', 8, /not a mechanism/],
  ])('%s: %i', (record, column, reason) => {
    const { errors } = parseSpfRecord(record);
    expect(errors[0]).toMatchObject({ column, reason: expect.stringMatching(reason) });
  });

  test('all mistakes are named, in their order', () => {
    expect(parseSpfRecord('v=spf1 foo bar:1 -all').errors.map(({ column }) => column)).toEqual([8, 12]);
  });
});
