import { expect, test } from 'vitest';
import { type MxAddresses, routableAddresses } from '../../lambda/dns/special-addresses.ts';

const wrong = (address: string, allowed: MxAddresses) =>
  routableAddresses('mx1.example.com', [address], allowed).problem !== null;

test.each([
  '127.0.0.1',
  '127.8.9.1',
  '0.0.0.0',
  '169.254.10.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  'fe80::1',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::127.0.0.1',
  '2002:7f00:1::1',
  '64:ff9b::127.0.0.1',
  '64:ff9b::a9fe:a9fe',
])('%s is the sender itself, from any vantage', (address) => {
  expect([wrong(address, 'public'), wrong(address, 'private'), wrong(address, 'any')]).toEqual([true, true, false]);
});

test.each([
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.1',
  '192.168.1.1',
  '100.64.0.1',
  'fd00::1',
  '::ffff:10.0.0.1',
  '2002:a00:1::1',
  '64:ff9b::c0a8:101',
  '64:ff9b:1::1',
])('%s is private: not for a public vantage', (address) => {
  expect([wrong(address, 'public'), wrong(address, 'private')]).toEqual([true, false]);
});

test.each([
  '192.0.2.1',
  '198.51.100.7',
  '203.0.113.9',
  '172.32.0.1',
  '11.0.0.1',
  '2001:db8::1',
  '2a00::1',
  '2002:c000:201::1',
  '64:ff9b::c000:201',
  '::ffff:192.0.2.1',
])('%s is routable', (address) => expect(wrong(address, 'public')).toBe(false));

test('the addresses that are wrong are named, and the others remain', () => {
  expect(routableAddresses('mx1.example.com', ['127.0.0.1', '192.0.2.1', '10.0.0.1'], 'public')).toEqual({
    routes: ['192.0.2.1'],
    problem: {
      kind: 'mx-not-routable',
      detail: 'mx1.example.com: its address is 127.0.0.1 (loopback), 10.0.0.1 (private)',
    },
  });
});
