import { describe, expect, test } from 'vitest';
import { matchesStsPattern, parseStsPolicy } from '../../../lambda/standards/mta-sts/policy.ts';
import { isMisspeltStsRecord, isStsRecord, parseStsRecord } from '../../../lambda/standards/mta-sts/record.ts';

describe('the record (RFC 8461 3.1)', () => {
  test.each([
    ['v=STSv1; id=20160831085700Z;', true, false],
    ['v=STSv1;', true, false],
    ['v=STSv1', false, true],
    ['v=stsv1; id=1', false, true],
    ['"v=STSv1; id=1"', false, true],
    ['v=STSv2; id=1', false, false],
    ['id=1; v=STSv1', false, false],
    ['v=STSv1 ; id=1', true, false],
    ['v=STSv1\t;\tid=1', true, false],
    ['v = STSv1; id=1', false, true],
    [' v=STSv1; id=1', false, true],
    ['v=STSv10; id=1', false, false],
    ['v=STSv0; id=1', false, false],
    ['STSv1; id=1', false, true],
    ['mta-sts: id=1', false, true],
    ['v=spf1 -all', false, false],
    ['', false, false],
  ])('%j is a record: %j, misspelt: %j', (text, is, misspelt) => {
    expect([isStsRecord(text), isMisspeltStsRecord(text)]).toEqual([is, misspelt]);
  });

  test.each([
    ['v=STSv1; id=20160831085700Z;', []],
    ['v=STSv1; id=1; ext=x', []],
    ['v=STSv1;', [{ column: 1, reason: 'there is no id=' }]],
    ['v=STSv1; id=', [{ column: 10, reason: 'there is no id=' }]],
    ['v=STSv1; id=2016-08', [{ column: 10, reason: expect.stringContaining('letters and digits') }]],
    [`v=STSv1; id=${'1'.repeat(33)}`, [{ column: 10, reason: expect.stringContaining('32') }]],
    ['v=STSv1; id=a', []],
    ['v=STSv1;id=a', []],
    ['v=STSv1; \t id=20160831085700Z  \t;', []],
    ['v=STSv1; id=a; more=a; ext=2', []],
    ['v=STSv1; more=a; id=a', []],
    [`v=STSv1; id=${'1'.repeat(32)}`, []],
    ['v=STSv1; id=a; 1=b; a-b.c_d=e', []],
    ['v=STSv1; ext=1', [{ column: 1, reason: 'there is no id=' }]],
    ['v=STSv1; ID=1', [{ column: 1, reason: 'there is no id=' }]],
    ['v=STSv1; id=a b', [expect.objectContaining({ column: 10 }), { column: 1, reason: 'there is no id=' }]],
    ['v=STSv1; id=ä', [expect.objectContaining({ column: 10 }), { column: 1, reason: 'there is no id=' }]],
    ['v=STSv1; id=a; more=', [{ column: 16, reason: 'more= has no value' }]],
    ['v=STSv1; id=a; test==', [{ column: 16, reason: expect.stringContaining('not a field') }]],
    ['v=STSv1; id=a; 1%=a', [{ column: 16, reason: expect.stringContaining('not a field') }]],
    ['v=STSv1; id=a; _a=1', [{ column: 16, reason: expect.stringContaining('not a field') }]],
    [`v=STSv1; id=a; ${'a'.repeat(33)}=1`, [{ column: 16, reason: expect.stringContaining('not a field') }]],
    ['v=STSv1; id=a; more', [{ column: 16, reason: expect.stringContaining('not a field') }]],
    ['v=STSv1; id=a;;', [{ column: 15, reason: expect.stringContaining('two semicolons') }]],
    ['v=STSv1;; id=a', [{ column: 9, reason: expect.stringContaining('two semicolons') }]],
    ['v=STSv1; id=1; id=2', [{ column: 16, reason: expect.stringContaining('twice') }]],
  ])('%s', (text, problems) => expect(parseStsRecord(text).problems).toEqual(problems));
});

/** RFC 8461 A.1. */
const example =
  'version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmx: backupmx.example.com\r\nmax_age: 604800\r\n';

describe('the policy (RFC 8461 3.2)', () => {
  test('of the RFC', () => {
    expect(parseStsPolicy(example)).toEqual({
      mode: 'enforce',
      mx: ['mail.example.com', '*.example.net', 'backupmx.example.com'],
      maxAge: 604_800,
      problems: [],
    });
  });

  test.each<[string, string, readonly RegExp[]]>([
    ['line ends of one octet (erratum 6253)', example.replaceAll('\r', ''), []],
    ['no line end after the last line', example.trimEnd(), []],
    ['an unknown key', `${example}extension: value\n`, []],
    ['a key that is there twice counts once', `${example}mode: nonsense\n`, []],
    ['the mode none without hosts', 'version: STSv1\nmode: none\nmax_age: 86400\n', []],
    ['no hosts', 'version: STSv1\nmode: enforce\nmax_age: 86400\n', [/no line 'mx/]],
    ['no version', example.replace('version: STSv1\r\n', ''), [/version: STSv1/]],
    ['another version', example.replace('STSv1', 'STSv2'), [/version: STSv1/]],
    ['another mode', example.replace('enforce', 'report'), [/mode is 'report'/]],
    ['no mode', example.replace('mode: enforce\r\n', ''), [/mode is missing/]],
    ['a max_age in words', example.replace('604800', 'week'), [/max_age is 'week'/]],
    ['a max_age above a year', example.replace('604800', '31557601'), [/more than 31557600/]],
    ['a negative max_age', example.replace('604800', '-1'), [/max_age is '-1'/]],
    ['an address of mail', example.replace('*.example.net', 'a@example.net'), [/a@example\.net is not a host/]],
    ['an asterisk inside', example.replace('*.example.net', 'mx*.example.net'), [/not a host/]],
    ['tabs and spaces around values', 'version:STSv1\r\nmode:\tenforce\r\nmx:  \t\t *.example.com\nmax_age: 1 \n', []],
    ['an extension with spaces in it', `${example}more:ext e  ns ion\n`, []],
    ['a max_age of 0', example.replace('604800', '0'), []],
    ['a max_age of a year', example.replace('604800', '31557600'), []],
    ['a max_age of eleven digits', example.replace('604800', '01234567890'), [/max_age is '01234567890'/]],
    ['no max_age', example.replace('max_age: 604800\r\n', ''), [/max_age is missing/]],
    ['a version with more digits', example.replace('STSv1', 'STSv10'), [/version: STSv1/]],
    ['keys in upper case', example.replace('mode:', 'Mode:'), [/mode is missing/]],
    ['a mode in upper case', example.replace('enforce', 'Enforce'), [/mode is 'Enforce'/]],
    ['the mode testing without hosts', 'version: STSv1\nmode: testing\nmax_age: 86400\n', [/no line 'mx/]],
    ['a host without a name', `${example}mx:\n`, [/mx: +is not a host/]],
    ['two asterisks', example.replace('*.example.net', '*.*.example'), [/not a host/]],
    ['a double asterisk', example.replace('*.example.net', '**.example'), [/not a host/]],
    ['an asterisk alone', example.replace('*.example.net', '*'), [/not a host/]],
    ['a label that ends with a hyphen', example.replace('*.example.net', 'test.example-'), [/not a host/]],
    ['a host with a dot at the end', example.replace('*.example.net', 'mx.example.net.'), [/not a host/]],
    ['a host in U-labels', example.replace('*.example.net', 'm\u00f8x.example'), [/not a host/]],
    ['an extension without a value', `${example}ext:\n`, [/ext has no value/]],
    ['a key that is too long', `${example}${'a'.repeat(33)}: 1\n`, [/line 7/]],
    ['a key that begins with an underscore', `${example}_bad: 1\n`, [/line 7/]],
    ['a line without a colon', `${example}nonsense\n`, [/line 7/]],
    ['HTML', '<html>\n<body>', [/line 1/, /version/, /mode/, /max_age/, /mx/]],
    ['nothing', '', [/version/, /mode/, /max_age/, /mx/]],
  ])('%s', (_, body, expected) => {
    const { problems } = parseStsPolicy(body);
    expect(problems).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  });
});

test.each([
  ['mail.example.com', 'mail.example.com', true],
  ['MAIL.example.com.', 'mail.example.com', true],
  ['mx.example.com', 'mail.example.com', false],
  ['mx.example.net', '*.example.net', true],
  ['a.mx.example.net', '*.example.net', false],
  ['example.net', '*.example.net', false],
  ['net', '*.net', false],
  ['a.example', 'a.example', true],
  ['sub.b.example', '*.b.example', true],
  ['b.example', '*.b.example', false],
  ['sub.sub.b.example', '*.b.example', false],
  ['other', '*.b.example', false],
  ['', '*.b.example', false],
  ['sub.B.example', '*.b.EXAMPLE', true],
])('%s matches %s: %j (RFC 8461 4.1)', (host, pattern, expected) => {
  expect(matchesStsPattern(host, pattern)).toBe(expected);
});
