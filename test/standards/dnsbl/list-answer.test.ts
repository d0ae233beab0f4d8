import { expect, test } from 'vitest';
import { listQuery, readListAnswer, testQueries } from '../../../lambda/standards/dnsbl/list-answer.ts';
import { listOfZone } from '../../../lambda/standards/dnsbl/list-keys.ts';
import { DEFAULT_LISTS, DNS_LISTS } from '../../../lambda/standards/dnsbl/lists.ts';

test('the names of RFC 5782', () => {
  expect(listQuery('192.0.2.99', 'bad.example.com')).toBe('99.2.0.192.bad.example.com');
  expect(listQuery('2001:db8:1:2:3:4:567:89ab', 'ugly.example.com')).toBe(
    'b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.ugly.example.com',
  );
  expect(testQueries(4, { zone: 'bl.example.com' })).toEqual({
    listed: '2.0.0.127.bl.example.com',
    unlisted: '1.0.0.127.bl.example.com',
  });
  // ::FFFF:7F00:2
  expect(testQueries(6, { zone: 'bl.example.com' }).listed).toBe(
    '2.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.bl.example.com',
  );
});

test.each<[readonly string[], string]>([
  [['127.0.0.2'], 'listed'],
  [['127.0.0.2', '127.0.0.10'], 'listed'],
  [['127.255.255.252'], 'refused'],
  [['127.255.255.254'], 'refused'],
  [['127.255.255.255'], 'refused'],
  // A refusal beside a listing is a refusal: the list says so.
  [['127.0.0.2', '127.255.255.254'], 'refused'],
  [['192.0.2.1'], 'foreign'],
  [['127.0.0.2', '192.0.2.1'], 'foreign'],
  [['nonsense'], 'foreign'],
])('%j: %s', (values, kind) => expect(readListAnswer(values).kind).toBe(kind));

test('each list is there once', () => {
  expect(new Set(DNS_LISTS.map(({ zone }) => zone)).size).toBe(DNS_LISTS.length);
});

test('a list that answers only registered resolvers is known, and not a default', () => {
  expect(listOfZone('B.barracudacentral.org').name).toBe('Barracuda');
  expect(DEFAULT_LISTS.map(({ name }) => name)).not.toContain('Barracuda');
  expect(listOfZone('bl.example.com')).toMatchObject({ zone: 'bl.example.com', weight: 'warn' });
});
