import { expect, test } from 'vitest';
import { targetOf } from '../../../bin/arguments/probe-target.ts';
import { UsageError } from '../../../bin/arguments/usage-error.ts';

type Options = Parameters<typeof targetOf>[1];

test.each<[string, Options, object]>([
  ['mx1.example.com', {}, { host: 'mx1.example.com', port: 25, security: 'starttls' }],
  ['mx1.example.com:587', {}, { host: 'mx1.example.com', port: 587, security: 'starttls' }],
  ['mx1.example.com:465', {}, { port: 465, security: 'tls' }],
  ['mx1.example.com', { port: '465' }, { port: 465, security: 'tls' }],
  ['mx1.example.com:25', { port: '25' }, { port: 25 }],
  ['mx1.example.com:465', { security: 'none' }, { port: 465, security: 'none' }],
  ['192.0.2.1:2525', {}, { host: '192.0.2.1', port: 2525 }],
  ['2001:db8::1', {}, { host: '2001:db8::1', port: 25 }],
  ['2001:db8::1', { port: '587' }, { host: '2001:db8::1', port: 587 }],
  ['[2001:db8::1]', {}, { host: '2001:db8::1', port: 25 }],
  ['[2001:db8::1]:587', {}, { host: '2001:db8::1', port: 587 }],
  ['mx.bücher.example:587', {}, { host: 'mx.xn--bcher-kva.example', port: 587 }],
  ['bücher.example', { mx: true }, { domain: 'xn--bcher-kva.example' }],
  ['localhost', { serverName: 'mx.bücher.example' }, { serverName: 'mx.xn--bcher-kva.example' }],
  ['localhost', { timeout: '1500ms' }, { timeout: 1500 }],
  ['localhost', { timeout: '2s' }, { timeout: 2000 }],
  ['localhost', { timeout: '2.5s' }, { timeout: 2500 }],
  ['localhost', { ipv6: true }, { family: 6 }],
  ['192.0.2.1', { ipv4: true }, { family: 4 }],
  ['localhost', { ipv4: true, ipv6: true }, { family: 'each' }],
  ['example.com', { mx: true }, { host: null, domain: 'example.com', port: 25 }],
  ['localhost', { rcptTo: ['ops@example.com'] }, { mailFrom: '', rcptTo: ['ops@example.com'] }],
  ['localhost', { rcptTo: ['sink@example.com'], deliver: true }, { rcptTo: ['sink@example.com'], deliver: true }],
  ['localhost', { ehloName: 'probe.example.com' }, { ehloName: 'probe.example.com' }],
  [
    'localhost',
    { warnAfter: '2s', failAfter: '10s', warnDays: '14', rejects: ['nobody@example.org'] },
    {
      expect: {
        latency: { total: { warn: 2000, fail: 10_000 } },
        certificate: { warnDays: 14 },
        rcpt: { rejects: ['nobody@example.org'] },
      },
    },
  ],
  [
    'localhost',
    { greeting: '^mx1', keyword: ['SIZE'], minTls: 'TLSv1.3' },
    { expect: { greeting: { matches: '^mx1' }, keywords: { present: ['SIZE'] }, tls: { atLeast: 'TLSv1.3' } } },
  ],
  ['localhost', { user: 'a', passwordEnv: 'PW' }, { auth: { user: 'a', password: 'secret' } }],
])('%s %j is %j', (text, options, expected) => {
  expect(targetOf(text, options, { PW: 'secret' })).toMatchObject(expected);
});

test.each<[string, Options, string]>([
  ['mx1.example.com:99999', {}, "HOST 'mx1.example.com:99999': port '99999' is not a number from 1 to 65535"],
  ['mx1.example.com:', {}, "port '' is not a number"],
  ['mx1.example.com:smtp', {}, "port 'smtp' is not a number"],
  ['mx1.example.com', { port: '0' }, "--port: port '0'"],
  ['mx1.example.com:25', { port: '587' }, 'has port 25, but --port is 587'],
  ['smtp://mx1.example.com:25/', {}, "did you mean 'mx1.example.com:25'?"],
  ['ops@example.com', {}, '--rcpt-to ops@example.com'],
  ['', {}, 'is not a host name or address'],
  ['mx1..example.com', {}, 'is not a host name or address'],
  ['mx.\ufffd.example', {}, 'is not a host name or address'],
  ['localhost', { serverName: 'mx.\ufffd.example' }, "--server-name: 'mx.\ufffd.example' is not a host name"],
  ['localhost', { mailFrom: 'grüße@example.com' }, '--mail-from has characters outside of ASCII'],
  ['mx1 example', {}, 'is not a host name or address'],
  ['[mx1.example.com]:25', {}, 'is not an IPv6 address'],
  ['2001:db8::1]:25', {}, 'is not a host name or address'],
  ['localhost', { timeout: '5' }, "--timeout: '5' is not a duration; did you mean 5s?"],
  ['localhost', { ehloName: 'probe example' }, '--ehlo-name is not a host name or an address in brackets'],
  [
    'localhost',
    { mailFrom: 'probe@example.com>\r\nDATA' },
    '--mail-from is not an e-mail address: "probe@example.com>\\r\\nDATA"',
  ],
  ['localhost', { rcptTo: ['ops@example.com\n'] }, '--rcpt-to is not an e-mail address'],
  ['localhost', { user: 'a\0b', passwordEnv: 'PW' }, '--user must not be empty or contain control characters'],
  ['192.0.2.1', { ipv6: true }, "--ipv6: '192.0.2.1' is an IPv4 address"],
  ['[2001:db8::1]', { ipv4: true, ipv6: true }, "--ipv4: '2001:db8::1' is an IPv6 address"],
  ['192.0.2.1', { mx: true }, "--mx: '192.0.2.1' is an address"],
  ['localhost', { ca: '/nowhere/ca.pem' }, '--ca: cannot read /nowhere/ca.pem: ENOENT'],
  ['localhost', { ca: 'package.json' }, '--ca: package.json contains no PEM certificate'],
  ['localhost', { warnAfter: '800' }, "--warn-after: '800' is not a duration; did you mean 800ms?"],
  ['localhost', { failAfter: 'soon' }, "--fail-after: 'soon' is not a duration"],
  ['localhost', { failDays: '-1' }, "--fail-days: '-1' is not a number of days"],
  ['localhost', { greeting: '(' }, "--greeting: '(' is not a regular expression"],
  ['localhost', { deliver: true, mailFrom: '' }, '--deliver needs --rcpt-to ADDRESS'],
  ['localhost', { user: 'a' }, '--user needs --password-env VARIABLE'],
  ['localhost', { passwordEnv: 'PW' }, '--password-env needs --user'],
  ['localhost', { mechanism: 'PLAIN' }, '--mechanism needs --user'],
  ['localhost', { user: 'a', passwordEnv: 'UNSET' }, 'UNSET is not set or empty'],
])('%j %j is rejected: %s', (text, options, message) => {
  const attempt = () => targetOf(text, options, { PW: 'secret' });
  expect(attempt).toThrow(UsageError);
  expect(attempt).toThrow(message);
});
