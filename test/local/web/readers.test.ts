/** Who reads a private page of one machine. */
import { afterEach, describe, expect, test } from 'vitest';
import type { PageSettings } from '../../../lambda/config/page/status-page.ts';
import { type PageServer, servePages } from '../../../local/web/page-server.ts';
import { readersOf } from '../../../local/web/readers.ts';
import { logoFiles, type SiteFile } from '../../../web/site-file.ts';

const PASSWORD = 'correct: horse ü';
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 255, 128]);

const files = new Map<string, SiteFile>([
  ['index.html', { type: 'text/html; charset=utf-8', body: 'hello' }],
  ...logoFiles({ name: 'logo.svg', type: 'image/svg+xml', base64: Buffer.from(SVG).toString('base64') }),
  ...logoFiles({ name: 'logo.png', type: 'image/png', base64: PNG.toString('base64') }),
]);

let server: PageServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function open(
  { allow = null, password = null }: Partial<Pick<PageSettings, 'allow' | 'password'>>,
  host = '127.0.0.1',
): Promise<string> {
  const readers = await readersOf({ allow, password }, async () => PASSWORD);
  server = await servePages({ host, port: 0 }, { readers, domain: 'status.example.com' });
  server.publish(files);
  return server.url;
}

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('a page with a password', () => {
  test.each<[string, string | undefined, number]>([
    ['nothing', undefined, 401],
    ['the password, as anybody', basic(`ops:${PASSWORD}`), 200],
    ['the password without a name', basic(`:${PASSWORD}`), 200],
    ['another case of the scheme', basic(`ops:${PASSWORD}`).replace('Basic', 'bAsIc'), 200],
    ['another password', basic(`ops:${PASSWORD}x`), 401],
    ['a part of it', basic(`ops:${PASSWORD.slice(0, -1)}`), 401],
    ['an empty one', basic('ops:'), 401],
    ['no colon', basic(PASSWORD.replace(':', '')), 401],
    ['the password as the name', basic(`${PASSWORD.replace(':', '')}:`), 401],
    ['no base64', `Basic ${PASSWORD.slice(0, 7)}`, 401],
    ['another scheme', `Bearer ${Buffer.from(`ops:${PASSWORD}`).toString('base64')}`, 401],
  ])('asked with %s', async (_, authorization, status) => {
    const url = await open({ password: { env: 'PAGE' } });
    const answer = await fetch(url, authorization === undefined ? {} : { headers: { authorization } });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('www-authenticate')).toBe(
      status === 401 ? 'Basic realm="Status page", charset="UTF-8"' : null,
    );
    expect(answer.headers.get('cache-control')).toBe('private, no-cache');
    expect(await answer.text()).toBe(status === 200 ? 'hello' : 'This page asks for a password.\n');
  });

  test('who does not know it learns nothing of files and methods', async () => {
    const url = await open({ password: { env: 'PAGE' } });
    const asked = ['/', '/logo.png', '/none'].map((path) => fetch(url + path));
    const answers = await Promise.all([...asked, fetch(url, { method: 'POST' })]);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
  });

  test.each(['', 'short', '12345678901', 'üüüüüüüüüüü'])(
    'a short one is refused, and not repeated: %j',
    async (short) => {
      const opened = readersOf({ allow: null, password: { env: 'PAGE' } }, async () => short);
      await expect(opened).rejects.toThrow(/^has fewer than 12 characters$/);
    },
  );
});

describe('a page for addresses', () => {
  test.each([
    [['127.0.0.0/8'], 200],
    [['127.0.0.1'], 200],
    [['192.0.2.0/24', '127.0.0.1/32'], 200],
    [['192.0.2.0/24'], 403],
    [['::1'], 403],
  ])('%j', async (allow, status) => {
    const url = await open({ allow });
    expect((await fetch(url)).status).toBe(status);
  });

  test('with a password, both are asked for', async () => {
    const authorization = basic(`:${PASSWORD}`);
    const others = await open({ allow: ['192.0.2.0/24'], password: { env: 'PAGE' } });
    expect((await fetch(others, { headers: { authorization } })).status).toBe(403);
    await server?.close();
    const own = await open({ allow: ['127.0.0.1'], password: { env: 'PAGE' } });
    expect((await fetch(own)).status).toBe(401);
    expect((await fetch(own, { headers: { authorization } })).status).toBe(200);
  });

  test('an IPv4 address that a socket of IPv6 has', async () => {
    const url = await open({ allow: ['127.0.0.1'] }, '::');
    expect((await fetch(`http://127.0.0.1:${new URL(url).port}`)).status).toBe(200);
    expect((await fetch(`http://[::1]:${new URL(url).port}`)).status).toBe(403);
  });
});

describe('pictures', () => {
  test('are octets', async () => {
    const answer = await fetch(`${await open({})}/logo.png`);
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await answer.arrayBuffer()).equals(PNG)).toBe(true);
  });

  test('run no script, also if they are opened by themselves', async () => {
    const answer = await fetch(`${await open({})}/logo.svg`);
    expect(await answer.text()).toBe(SVG);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain('sandbox');
    expect(policy).not.toContain('script');
  });
});
