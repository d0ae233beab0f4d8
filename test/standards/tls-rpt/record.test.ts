import { expect, test } from 'vitest';
import {
  isMisspeltTlsReportRecord,
  isTlsReportRecord,
  parseTlsReportRecord,
} from '../../../lambda/standards/tls-rpt/record.ts';

test.each([
  ['v=TLSRPTv1;rua=mailto:reports@example.com', true, false],
  ['v=TLSRPTv1; rua=https://reporting.example.com/v1/tlsrpt', true, false],
  ['v=TLSRPTv1', false, true],
  ['v=TLSRPT1; rua=mailto:a@example.com', false, true],
  ['v=tlsrptv1; rua=mailto:a@example.com', false, true],
  ['v=STSv1; id=1', false, false],
])('%j is a record: %j, misspelt: %j', (text, is, misspelt) => {
  expect([isTlsReportRecord(text), isMisspeltTlsReportRecord(text)]).toEqual([is, misspelt]);
});

test.each<[string, readonly string[], readonly object[]]>([
  ['v=TLSRPTv1;rua=mailto:reports@example.com', ['mailto:reports@example.com'], []],
  [
    'v=TLSRPTv1; rua=mailto:a@example.com, https://r.example.com/v1',
    ['mailto:a@example.com', 'https://r.example.com/v1'],
    [],
  ],
  ['v=TLSRPTv1; rua=mailto:a@example.com; ext=1', ['mailto:a@example.com'], []],
  ['v=TLSRPTv1;', [], [{ column: 1, reason: expect.stringContaining('no rua=') }]],
  ['v=TLSRPTv1; rua=', [], [{ column: 13, reason: expect.stringContaining('no rua=') }]],
  [
    'v=TLSRPTv1; rua=a@example.com',
    ['a@example.com'],
    [{ column: 13, reason: expect.stringContaining('mailto:a@example.com') }],
  ],
  [
    'v=TLSRPTv1; rua=http://example.com/',
    ['http://example.com/'],
    [{ column: 13, reason: expect.stringContaining('neither') }],
  ],
])('%s', (text, destinations, problems) => {
  expect(parseTlsReportRecord(text)).toEqual({ destinations, problems });
});
