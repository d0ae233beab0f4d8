import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { bounceJsonSchema, bounceSchema } from '../../../docs/bounces.ts';
import { inProcess } from '../cli.ts';
import { onTerminal } from '../terminal.ts';

let folder = '';

beforeAll(() => {
  // Not a stub: `inProcess` takes all of them back.
  process.env.TZ = 'UTC';
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-26T10:30:00Z') });
  folder = mkdtempSync(join(tmpdir(), 'smtp-quorum-bounces-'));
});

afterAll(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

const hostile = '\x1b[2J <script> \u202e';

/** From 09:00 on a message each 30 s to Microsoft and to Google. From 09:12 on Microsoft refuses. */
function mailLog(
  refusal = '550 5.7.515 Access denied, sending domain example.com does not meet the required level',
): string {
  const lines = Array.from({ length: 180 }, (_, nth) => {
    const time = `Nov 26 ${new Date(Date.parse('2026-11-26T09:00:00Z') + nth * 30_000).toISOString().slice(11, 19)} mail`;
    const id = `4FAB${String(nth).padStart(5, '0')}`;
    const refused = nth >= 24;
    const end = refused
      ? `dsn=5.7.515, status=bounced (host mx.olc.protection.outlook.com[192.0.2.3] said: ${refusal} <jane.roe@example.net> (in reply to end of DATA command))`
      : 'dsn=2.6.0, status=sent (250 2.6.0 ok)';
    return [
      `${time} postfix/qmgr[9]: ${id}: from=<news@example.com>, size=900, nrcpt=2 (queue active)`,
      `${time} postfix/smtp[7]: ${id}: to=<jane.roe@example.net>, relay=mx.olc.protection.outlook.com[192.0.2.3]:25, delay=1.5, delays=0/0/1/0.5, ${end}`,
      `${time} postfix/smtp[7]: ${id}: to=<john.doe@example.org>, relay=gmail-smtp-in.l.google.com[192.0.2.4]:25, delay=0.5, delays=0/0/0/0.5, dsn=2.0.0, status=sent (250 2.0.0 OK)`,
      `${time} postfix/qmgr[9]: ${id}: removed`,
    ].join('\n');
  });
  return `${lines.join('\n')}\n`;
}

function logWith(text: string): string {
  const file = join(folder, 'mail.log');
  writeFileSync(file, text);
  return file;
}

test.each([80, 120])('what stands out comes first, at %d columns', async (width) => {
  const { code, stdout } = await onTerminal(width, () => inProcess(['bounces', '--log', logWith(mailLog())]));
  expect(code).toBe(2);
  await expect(stdout).toMatchFileSnapshot(`../screens/bounces.${width}.txt`);
});

test('--json is what the JSON Schema says, and names nobody', async () => {
  const { code, stdout } = await inProcess(['bounces', '--log', logWith(mailLog()), '--json']);
  expect(code).toBe(2);
  expect(bounceSchema.parse(JSON.parse(stdout))).toMatchObject({
    outcome: 'fail',
    at: '2026-11-26T10:29:30.000Z',
    findings: [
      {
        provider: 'Microsoft',
        window: 'hour',
        rate: { bounced: 130 },
        others: { bounced: 0 },
        codes: [{ code: '5.7.515', first: '2026-11-26T09:12:00.000Z' }],
      },
    ],
  });
  expect(stdout).not.toMatch(/jane|john/);
  const file = new URL('../../../smtp-quorum-bounces.schema.json', import.meta.url);
  expect(readFileSync(file, 'utf8'), 'run `npx tsx docs/bounces.ts`').toBe(bounceJsonSchema());
});

test('a log that was compressed is read', async () => {
  const file = join(folder, 'mail.log.2.gz');
  writeFileSync(file, gzipSync(mailLog()));
  const { code, stdout } = await inProcess(['bounces', '--log', file, '--json']);
  expect(code).toBe(2);
  expect(bounceSchema.parse(JSON.parse(stdout)).day.total).toBe(360);
  writeFileSync(file, mailLog());
  expect((await inProcess(['bounces', '--log', file])).stderr).toContain(`${file} cannot be read (Z_DATA_ERROR)`);
});

test('the reply of a hostile server is printable text', async () => {
  const { stdout } = await onTerminal(80, () =>
    inProcess(['bounces', '--log', logWith(mailLog(`550 5.7.515 ${hostile}`))]),
  );
  expect(stdout).toMatch(/^[\n -~…]*$/);
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test('--place: a second run counts only what is new', async () => {
  const place = join(folder, 'place.json');
  const log = logWith(mailLog());
  const total = async () => {
    const { stdout } = await inProcess(['bounces', '--log', log, '--place', place, '--json']);
    return bounceSchema.parse(JSON.parse(stdout)).day.total;
  };
  expect([await total(), await total()]).toEqual([360, 360]);
  expect(readFileSync(place, 'utf8')).not.toMatch(/jane|john/);
});

test('--place: a file of somebody else is refused, and stays as it is', async () => {
  const place = join(folder, 'notes.json');
  writeFileSync(place, '{"version":1,"place":null}');
  const { code, stderr } = await inProcess(['bounces', '--log', logWith(mailLog()), '--place', place]);
  expect(stderr).toContain(`--place: ${place} is not a file that 'bounces --place' wrote; name another one`);
  expect(code).toBe(3);
  expect(readFileSync(place, 'utf8')).toBe('{"version":1,"place":null}');
});

test.each([
  [['--log', '/nowhere/mail.log'], '--log: /nowhere/mail.log cannot be read (ENOENT)'],
  [['--log', '/nowhere/mail.log.1.gz'], '--log: /nowhere/mail.log.1.gz cannot be read (ENOENT)'],
  [['--log', 'x.gz', '--follow'], "--log x.gz: a compressed log is read to its end; use a file with '--follow'"],
  [['--log', '/'], '--log: / cannot be read (EISDIR)'],
  [['--log', '-', '--follow'], "--log -: standard input is read to its end; use a file with '--follow' or '--place'"],
  [['--log', 'x', '--warn', '2'], "--warn: '2' is not a percentage above 0%; use 2%"],
  [['--log', 'x', '--warn', '3%'], '--warn 3% is above --fail 2%'],
  [['--log', 'x', '--at-least', '0'], "--at-least: '0' is not a whole number above 0"],
])('%s', async (args, expected) => {
  const { code, stderr } = await inProcess(['bounces', ...args]);
  expect(stderr).toContain(expected);
  expect(code).toBe(3);
});

test('a log without a delivery is nothing to judge', async () => {
  const { code, stdout } = await inProcess(['bounces', '--log', logWith('Nov 26 10:00:00 mail sshd[1]: hello\n')]);
  expect(stdout).toContain('UNABLE');
  expect(stdout).toContain('The log has no delivery of Postfix to another host in its last 24 hours.');
  expect(code).toBe(3);
});

test('a line of a time to come does not end the last day', async () => {
  const line =
    '2099-01-01T00:00:00+00:00 mail postfix/smtp[7]: 4FFF00001: to=<a@example.net>, relay=mx.example.net[192.0.2.5]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (no)\n';
  const { stdout } = await inProcess(['bounces', '--log', logWith(`${mailLog()}${line}`)]);
  const { stdout: without } = await inProcess(['bounces', '--log', logWith(mailLog())]);
  expect(stdout).toBe(without);
});
