import { expect, test } from 'vitest';
import { confirmReverseName } from '../../../lambda/standards/fcrdns/confirm.ts';
import { reverseName } from '../../../lambda/standards/ip-address.ts';
import { type Answers, lookupOf } from '../answers.ts';

const reverse = '1.2.0.192.in-addr.arpa';

test.each<[string, string, Answers, object]>([
  [
    'confirmed',
    '192.0.2.1',
    { [reverse]: { PTR: ['a.example.com'] }, 'a.example.com': { A: ['192.0.2.1'] } },
    { kind: 'confirmed', name: 'a.example.com' },
  ],
  [
    'by the second name',
    '192.0.2.1',
    { [reverse]: { PTR: ['x.example.com', 'a.example.com'] }, 'a.example.com': { A: ['192.0.2.1'] } },
    { kind: 'confirmed', name: 'a.example.com' },
  ],
  ['no name', '192.0.2.1', {}, { kind: 'no-name' }],
  [
    'a name without the address',
    '192.0.2.1',
    { [reverse]: { PTR: ['a.example.com'] }, 'a.example.com': { A: ['192.0.2.2'] } },
    { kind: 'not-confirmed' },
  ],
  ['a name that does not exist', '192.0.2.1', { [reverse]: { PTR: ['a.example.com'] } }, { kind: 'not-confirmed' }],
  ['the query for the name fails', '192.0.2.1', { [reverse]: 'failed' }, { kind: 'failed' }],
  [
    'the query for the address fails',
    '192.0.2.1',
    { [reverse]: { PTR: ['a.example.com'] }, 'a.example.com': 'failed' },
    { kind: 'failed' },
  ],
  [
    'IPv6, written otherwise',
    '2001:db8::1',
    { [reverseName('2001:db8::1')]: { PTR: ['a.example.com'] }, 'a.example.com': { AAAA: ['2001:DB8:0:0:0:0:0:1'] } },
    { kind: 'confirmed' },
  ],
])('%s', async (_, address, answers, expected) => {
  expect(await confirmReverseName(address, lookupOf(answers).lookup)).toMatchObject(expected);
});

test('no more than ten names are looked up', async () => {
  const names = Array.from({ length: 100 }, (_, nth) => `n${nth}.example.com`);
  const { lookup, queries } = lookupOf({ [reverse]: { PTR: names } });
  await confirmReverseName('192.0.2.1', lookup);
  expect(queries).toHaveLength(11);
});
