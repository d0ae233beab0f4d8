import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hideAddresses } from '../../lambda/bounces/hide-addresses.ts';
import { hintOfCode } from '../../lambda/bounces/provider-codes.ts';
import { NO_HOST, providerOf } from '../../lambda/bounces/providers.ts';

test.each([
  ['gmail-smtp-in.l.google.com', 'Google'],
  ['ASPMX.L.GOOGLE.COM.', 'Google'],
  ['example-com.mail.protection.outlook.com', 'Microsoft'],
  ['example-com.b-v1.mx.microsoft', 'Microsoft'],
  ['mta5.am0.yahoodns.net', 'Yahoo'],
  ['mx01.mail.icloud.com', 'Apple'],
  ['notgoogle.com', 'notgoogle.com'],
  ['mx1.mail.example.co.uk', 'example.co.uk'],
  ['mx1.mail.example.com', 'example.com'],
  ['mx.example.de', 'example.de'],
  ['localhost', 'localhost'],
  ['192.0.2.25', '192.0.2.25'],
  ['2001:db8::25', '2001:db8::25'],
  [null, NO_HOST],
])('provider of %s', (host, expected) => {
  expect(providerOf(host)).toBe(expected);
});

test.each([
  ['550 5.1.1 <jane.roe@example.net>: Recipient address rejected', '550 5.1.1 <address>: Recipient address rejected'],
  ['550 jane.roe@example.net unknown', '550 <address> unknown'],
  ['550 no mailbox "jane roe"@example.net here', '550 no mailbox <address> here'],
  ['see https://x.example/?to=jane%40example.net', 'see https:<address>'],
  ["550 User 'jane.roe' unknown", '550 User <name> unknown'],
  ['550 mailbox <jane.roe> is full', '550 mailbox <name> is full'],
  [
    'User Jane Roe (jroe@example.net) not listed in Domino Directory',
    'User <name> (<address>) not listed in Domino Directory',
  ],
  ['550 5.1.1 User Unknown <jroe@example.net>', '550 5.1.1 User Unknown <address>'],
  ['550 5.1.1 Mailbox Not Found (jroe@example.net)', '550 5.1.1 Mailbox Not Found (<address>)'],
  ['550 5.1.1 Recipient Unknown Person (pu@example.net)', '550 5.1.1 Recipient Unknown Person (<address>)'],
  ['550 5.1.1 Recipient not found (jroe@example.net)', '550 5.1.1 Recipient not found (<address>)'],
  [
    '550 5.1.1 /o=ExchangeLabs/ou=Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=jane roe; not found',
    '550 5.1.1 /o=ExchangeLabs/ou=Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=<name>; not found',
  ],
  ['550 no entry CN=Jane Roe,OU=Staff,DC=example', '550 no entry cn=<name>,OU=Staff,DC=example'],
  ['454 4.7.5 certificate of CN=mx.example.net expired', '454 4.7.5 certificate of CN=mx.example.net expired'],
  ['452 4.2.2 over quota 41be03b00d2f7-a1b2c3d4e5f6si123 - gsmtp', '452 4.2.2 over quota <id> - gsmtp'],
  [
    '550 5.7.1 Service unavailable; client [192.0.2.1] blocked',
    '550 5.7.1 Service unavailable; client [192.0.2.1] blocked',
  ],
])('hides in: %s', (text, expected) => {
  expect(hideAddresses(text)).toBe(expected);
});

test('an address never passes', () => {
  const word = fc.stringMatching(/^[a-z]{3,10}[0-9]{0,3}$/).map((text) => `zq${text}`);
  const shapes = [
    (a: string) => `<${a}>`,
    (a: string) => a,
    (a: string) => `"${a}"`,
    (a: string) => `to=${a};`,
    (a: string) => a.replace('@', '%40'),
  ];
  fc.assert(
    fc.property(word, word, fc.constantFrom(...shapes), fc.string(), (local, domain, shape, noise) => {
      return !hideAddresses(`550 ${shape(`${local}@${domain}.example`)} ${noise}`).includes(local);
    }),
  );
});

test.each([
  ['Microsoft', '5.7.515', 'Access denied', /SPF, DKIM and DMARC/],
  ['Microsoft', '5.7.1', 'part of their network is on our block list (S3150)', /sender\.office\.com/],
  ['Google', '5.7.26', 'unauthenticated', /Neither SPF nor DKIM/],
  ['Google', '4.7.28', 'unusual rate', /Postmaster Tools/],
  ['Yahoo', '4.7.0', '[TSS04] Messages temporarily deferred', /complaints/],
  ['example.net', '5.7.1', 'blocked using zen.spamhaus.org', /DNS list/],
  ['example.net', '5.1.1', 'user unknown', /does not exist/],
  ['example.net', '4.4.1', 'timed out', /does not answer/],
])('hint of %s %s', (provider, code, text, expected) => {
  expect(hintOfCode(provider, code, text)).toMatch(expected);
});

test('a code that is not known has no hint', () => {
  expect(hintOfCode('example.net', '5.9.99', 'no')).toBeNull();
});
