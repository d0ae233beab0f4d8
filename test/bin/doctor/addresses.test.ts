import { expect, test } from 'vitest';
import { checkAddresses } from '../../../bin/doctor/independence/check-addresses.ts';
import { dependenceWarning } from '../../../lambda/alert/independence/mail-dependence.ts';
import type { Channel } from '../../../lambda/config/channel.ts';
import type { Config, Target } from '../../../lambda/config/config.ts';
import { parseConfig } from '../../../lambda/config/parse.ts';
import type { NameResolver } from '../../../lambda/dns/resolver.ts';
import { target } from '../../ports.ts';

const email = (address: string, rules: Partial<Channel> = {}): Channel =>
  ({ kind: 'email', address, when: ['down'], ...rules }) as Channel;
const sms: Channel = { kind: 'sms', number: '+15555550100', when: ['down'] };
const slack: Channel = { kind: 'slack', channel: 'C0123ABCD45', token: { env: 'X' }, when: ['down'] };
const host = (name: string): Target => ({ ...target('mx1', 25), host: name });
const domain = (name: string): Target => ({ ...target('inbound', 25), host: null, domain: name });

/** As a zone: names with their MX hosts, and with their addresses. */
function resolverWith(mx: Record<string, readonly string[]>, addresses: Record<string, string> = {}): NameResolver {
  const none = () => Promise.reject(Object.assign(new Error('ENODATA'), { code: 'ENODATA' }));
  return {
    resolveMx: async (name) =>
      mx[name] === undefined ? none() : mx[name].map((exchange, at) => ({ exchange, priority: at * 10 })),
    resolve4: async (name) => (addresses[name] === undefined ? none() : [addresses[name]]),
    resolve6: none,
    resolveCname: none,
  };
}

/** Nothing is known but names. */
const silent: NameResolver = {
  ...resolverWith({}),
  resolveMx: () => Promise.reject(Object.assign(new Error('ETIMEOUT'), { code: 'ETIMEOUT' })),
};

test.each<[string, readonly Channel[], Target, 'warn' | 'pass']>([
  ['the address is at the domain of the target', [email('ops@example.com')], domain('example.com'), 'warn'],
  ['in other letters', [email('ops@Example.COM')], domain('example.com'), 'warn'],
  ['the host of the target is in the domain', [email('ops@example.com')], host('mx1.example.com'), 'warn'],
  ['a second person there', [email('ops@example.com'), email('a@example.com')], host('mx1.example.com'), 'warn'],
  [
    'the only other address does not receive outages',
    [email('ops@example.com'), email('a@example.net', { when: ['blind'] })],
    host('mx1.example.com'),
    'warn',
  ],
  [
    'the only other address does not receive what is critical',
    [email('ops@example.com'), email('a@example.net', { severity: ['warning'] })],
    host('mx1.example.com'),
    'warn',
  ],
  [
    'the only other entry is for other targets',
    [email('ops@example.com'), { ...sms, targets: ['web*'] }],
    host('mx1.example.com'),
    'warn',
  ],
  [
    'the only other entry is for other tags',
    [email('ops@example.com'), { ...sms, tags: ['edge'] }],
    host('mx1.example.com'),
    'warn',
  ],
  [
    'another entry is for this target',
    [email('ops@example.com'), { ...sms, targets: ['mx*'] }],
    host('mx1.example.com'),
    'pass',
  ],
  ['SMS is independent', [email('ops@example.com'), sms], host('mx1.example.com'), 'pass'],
  ['a chat is independent', [email('ops@example.com'), slack], host('mx1.example.com'), 'pass'],
  ['it is accepted', [email('ops@example.com', { even: 'read elsewhere' })], host('mx1.example.com'), 'pass'],
  ['the address is elsewhere', [email('ops@example.net')], host('mx1.example.com'), 'pass'],
  ['the domain only ends alike', [email('ops@ample.com')], host('mx1.example.com'), 'pass'],
  ['there is no address', [sms], host('mx1.example.com'), 'pass'],
])('by names alone, as `start` and the app do, and `doctor` without DNS: %s', async (_, notify, watched, outcome) => {
  const warning = dependenceWarning({ notify, targets: [watched] });
  expect(warning === null ? 'pass' : 'warn').toBe(outcome);
  const checked = await checkAddresses({ notify, targets: [watched], home: 'us-east-1' }, silent);
  expect(checked.outcome).toBe(outcome);
});

const google = { 'example.net': ['aspmx.mail.example.org'], 'example.com': ['mx1.example.com', 'mx2.example.com'] };

test.each<[string, string, Target, Record<string, string>, string]>([
  ['its MX host is the target', 'ops@example.net', host('aspmx.mail.example.org'), {}, 'warn'],
  ['its MX host is one of the watched domain', 'ops@example.net', domain('example.com'), {}, 'pass'],
  [
    'its MX host has the address of the target',
    'ops@example.net',
    host('relay.example.edu'),
    { 'relay.example.edu': '192.0.2.25', 'aspmx.mail.example.org': '192.0.2.25' },
    'warn',
  ],
  [
    'its MX host has the address that the target is',
    'ops@example.net',
    host('192.0.2.25'),
    { 'aspmx.mail.example.org': '192.0.2.25' },
    'warn',
  ],
  [
    'a domain is watched, and its host is at the address of the MX host',
    'ops@example.net',
    domain('example.com'),
    { 'mx2.example.com': '192.0.2.25', 'aspmx.mail.example.org': '192.0.2.25' },
    'warn',
  ],
  ['its MX host is elsewhere', 'ops@example.net', host('mx1.example.com'), { 'mx1.example.com': '192.0.2.1' }, 'pass'],
])('by DNS: %s', async (_, address, watched, addresses, outcome) => {
  const notify = [email(address), email(`second.${address}`)];
  const checked = await checkAddresses(
    { notify, targets: [watched], home: 'us-east-1' },
    resolverWith(google, addresses),
  );
  expect(checked.outcome).toBe(outcome);
});

test('a relay at the address of a target takes all mail of one machine', async () => {
  const smtp = { host: 'relay.example.org', port: 587 } as Config['smtp'];
  const config = {
    notify: [email('ops@example.net')],
    targets: [host('mx1.example.com')],
    smtp: smtp as NonNullable<typeof smtp>,
  };
  const addresses = { 'relay.example.org': '192.0.2.25', 'mx1.example.com': '192.0.2.25' };
  const on = async (home: string) =>
    (await checkAddresses({ ...config, home }, resolverWith(google, addresses))).outcome;
  expect([await on('local'), await on('us-east-1')]).toEqual(['warn', 'pass']);
});

test('what it says', async () => {
  const watched = { targets: [host('mx1.example.com')], home: 'us-east-1' };
  const warned = await checkAddresses({ ...watched, notify: [email('ops@example.com')] }, silent);
  expect(warned.detail).toBe(
    'nobody is told when the watched mail servers are down: they take the mail of ops@example.com (target mx1), and no other entry of notify is told of their outages (by names alone: the MX of example.com is not known: MX of example.com: no answer)'.replace(
      /known: .*$/,
      warned.detail.slice(warned.detail.lastIndexOf('known: ')),
    ),
  );
  const accepted = await checkAddresses(
    { ...watched, notify: [email('ops@example.com', { even: 'read elsewhere' })] },
    resolverWith(google),
  );
  expect(accepted.detail).toBe(
    'watched mail servers take the mail of ops@example.com (target mx1, accepted: read elsewhere)',
  );
});

test('`even` is in the config, as one line', () => {
  const read = (even: string) => {
    const text = `vantages: [local]\nsmtp: { host: relay.example.net }\nnotify:\n  - { email: ops@example.com, even: ${even} }\ntargets:\n  - { id: mx1, host: mx1.example.com }\n`;
    return parseConfig(text, 'c.yaml', () => '');
  };
  const parsed = read('read elsewhere');
  expect(parsed.ok && [parsed.config.notify[0]?.even, dependenceWarning(parsed.config)]).toEqual([
    'read elsewhere',
    null,
  ]);
  expect(read('""').ok).toBe(false);
});
