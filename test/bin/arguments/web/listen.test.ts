import { expect, test } from 'vitest';
import { listenArgument } from '../../../../bin/arguments/web/listen.ts';

test.each([
  ['8080', '127.0.0.1', 8080],
  ['0', '127.0.0.1', 0],
  ['127.0.0.1:8080', '127.0.0.1', 8080],
  ['[::1]:8080', '::1', 8080],
  ['::1:8080', '::1', 8080],
  ['[::]:80', '::', 80],
  ['monitor.example.com:65535', 'monitor.example.com', 65_535],
])('--listen %s', (text, host, port) => {
  expect(listenArgument(text)).toEqual({ host, port });
});

test.each([
  '',
  ':8080',
  '127.0.0.1',
  '[::1]',
  '127.0.0.1:',
  '127.0.0.1:65536',
  '127.0.0.1:25:8080',
  '[::1]:25:80',
  '[::g]:80',
  'http://a:80',
  'a b:80',
])("--listen '%s' is refused, and the option is named", (text) => {
  expect(() => listenArgument(text)).toThrow(/^--listen: /);
});
