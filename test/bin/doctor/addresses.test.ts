import { expect, test } from 'vitest';
import { checkAddresses } from '../../../bin/doctor/channel-checks.ts';
import type { Channel } from '../../../lambda/config/channel.ts';
import type { Target } from '../../../lambda/config/config.ts';
import { target } from '../../ports.ts';

const email = (address: string, when: Channel['when'] = ['down']): Channel => ({ kind: 'email', address, when });
const sms: Channel = { kind: 'sms', number: '+15555550100', when: ['down'] };
const host = (name: string): Target => ({ ...target('mx1', 25), host: name });
const domain = (name: string): Target => ({ ...target('inbound', 25), host: null, domain: name });

test.each<[string, readonly Channel[], Target, string]>([
  ['the address is at the domain of the target', [email('ops@example.com')], domain('example.com'), 'warn'],
  ['in other letters', [email('ops@Example.COM')], domain('example.com'), 'warn'],
  ['the host of the target is in the domain', [email('ops@example.com')], host('mx1.example.com'), 'warn'],
  [
    'the only other address does not receive outages',
    [email('ops@example.com'), email('a@example.net', ['blind'])],
    host('mx1.example.com'),
    'warn',
  ],
  ['another channel is independent', [email('ops@example.com'), sms], host('mx1.example.com'), 'pass'],
  ['the address is elsewhere', [email('ops@example.net')], host('mx1.example.com'), 'pass'],
  ['the domain only ends alike', [email('ops@ample.com')], host('mx1.example.com'), 'pass'],
  ['there is no address', [sms], host('mx1.example.com'), 'pass'],
])('%s', (_, notify, watched, outcome) => {
  expect(checkAddresses({ notify, targets: [watched] }).outcome).toBe(outcome);
});
