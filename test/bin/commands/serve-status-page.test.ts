/** Where `start` serves the page, and what it says of that; and the command itself, with a page that hides. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type PageOptions, serveStatusPage } from '../../../bin/commands/serve-status-page.ts';
import { parseConfig } from '../../../lambda/config/parse.ts';
import { mailServer, serve } from '../../smtp/scripted-server.ts';

const targets =
  'targets: [{ id: mx1, host: mx1.example.com }, { id: mx2, host: mx2.example.com }, { id: mx3, host: mx3.example.com }]';

function configOf(statusPage: string) {
  const parsed = parseConfig(`${statusPage === '' ? '' : `statusPage: ${statusPage}\n`}${targets}`, 'a.yaml', () => '');
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  return parsed.config;
}

/** What is said, with the port as `PORT`. */
async function saidBy(statusPage: string, options: PageOptions): Promise<readonly string[]> {
  const said: string[] = [];
  const server = await serveStatusPage(options, configOf(statusPage), (text) => said.push(text));
  await server?.close();
  return said.map((text) => text.replace(/:\d{4,5}\b/g, ':PORT'));
}

const MORE = "'access: private' under 'statusPage' asks for a password.";

describe('what is said', () => {
  beforeEach(() => {
    process.env.PAGE_PASSWORD = 'correct horse battery';
    process.env.SHORT_PASSWORD = 'hunter2';
  });
  afterEach(() => {
    delete process.env.PAGE_PASSWORD;
    delete process.env.SHORT_PASSWORD;
  });

  test.each<[string, string, readonly string[]]>([
    ['', '127.0.0.1:0', ['Status page: http://127.0.0.1:PORT']],
    ['{ access: off }', '127.0.0.1:0', ['Status page: http://127.0.0.1:PORT']],
    [
      '',
      '0.0.0.0:0',
      [
        'Status page: http://0.0.0.0:PORT',
        `Everyone who reaches this port reads hosts, replies and transcripts of 3 targets. ${MORE}`,
      ],
    ],
    [
      "{ access: public, show: { mx1: full, 'mx3': none } }",
      '0.0.0.0:0',
      [
        'Status page: http://0.0.0.0:PORT',
        `Everyone who reaches this port reads hosts, replies and transcripts of 1 target, and names, verdicts and incidents of 1 target. ${MORE}`,
      ],
    ],
    [
      "{ show: { '*': none } }",
      '0.0.0.0:0',
      ['Status page: http://0.0.0.0:PORT', `Everyone who reaches this port reads a page without targets. ${MORE}`],
    ],
    [
      '{ access: private, password: { env: PAGE_PASSWORD } }',
      '0.0.0.0:0',
      [
        'Status page: http://0.0.0.0:PORT',
        'The password is sent without encryption: put a web server with TLS before this port.',
      ],
    ],
    ['{ access: private, password: { env: PAGE_PASSWORD } }', '127.0.0.1:0', ['Status page: http://127.0.0.1:PORT']],
    ['{ access: private, allow: [192.0.2.0/24] }', '0.0.0.0:0', ['Status page: http://0.0.0.0:PORT']],
  ])('%s at %s', async (statusPage, listen, said) => {
    expect(await saidBy(statusPage, { web: true, listen })).toEqual(said);
  });

  test.each<[string, PageOptions]>([
    ['{ access: off }', { web: true }],
    ['', { web: false }],
    ['{ access: public }', { web: false, listen: '127.0.0.1:0' }],
  ])('%s with %j there is no page, and nothing is said', async (statusPage, options) => {
    expect(await saidBy(statusPage, options)).toEqual([]);
  });

  test.each([
    ['PAGE_PASSWORT', 'statusPage.password: environment variable PAGE_PASSWORT is not set'],
    ['SHORT_PASSWORD', 'statusPage.password: has fewer than 12 characters'],
  ])('a password that is not there, or too short: nothing is served', async (name, why) => {
    const page = `{ access: private, password: { env: ${name} } }`;
    expect(await saidBy(page, { web: true })).toEqual([`No status page: ${why}`]);
    await expect(saidBy(page, { web: true, listen: '127.0.0.1:0' })).rejects.toThrow(`--listen: ${why}`);
  });

  test('a port that is in use', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    await expect(saidBy('', { web: true, listen: `127.0.0.1:${port}` })).rejects.toThrow(
      `--listen: 127.0.0.1:${port} is in use. Use --listen 127.0.0.1:PORT, or --no-web.`,
    );
    taken.close();
  });
});

test('the command: a page with a title and a logo, a password, and a target of which nothing is published', async () => {
  const root = path.resolve(import.meta.dirname, '../../..');
  const folder = await mkdtemp(path.join(tmpdir(), 'smtp-quorum-private-'));
  const mail = await serve(mailServer());
  const config = path.join(folder, 'smtp-quorum.yaml');
  await writeFile(path.join(folder, 'logo.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(
    config,
    `statusPage: { access: private, title: Mail of Example, logo: logo.svg, password: { env: PAGE_PASSWORD }, show: { hidden: none } }
every: 5s
targets: [{ id: shown, host: 127.0.0.1, port: ${mail.port} }, { id: hidden, host: 127.0.0.1, port: ${mail.port} }]
`,
  );
  const args = ['start', '--config', config, '--folder', path.join(folder, 'data'), '--listen', '127.0.0.1:0'];
  const child = spawn(process.execPath, [path.join(root, 'bin/smtp-quorum.js'), ...args], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', PAGE_PASSWORD: 'correct horse battery' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let written = '';
  child.stdout.on('data', (chunk) => {
    written += chunk;
  });
  const authorization = `Basic ${Buffer.from('ops:correct horse battery').toString('base64')}`;
  const urlOf = () => /Status page: (http:\S+)/.exec(written)?.[1] ?? '';
  const read = async (file: string) => (await fetch(`${urlOf()}/${file}`, { headers: { authorization } })).text();
  try {
    await expect.poll(urlOf).toMatch(/^http/);
    expect((await fetch(urlOf())).status).toBe(401);
    await expect.poll(() => read('index.html')).toContain('shown');
    const first = await read('index.html');
    expect(first).toContain('Mail of Example');
    expect(await read('logo.svg')).toContain('<svg');
    const components = JSON.parse(await read('api/v2/components.json')).components as { id: string }[];
    expect(components.map(({ id }) => id)).toEqual(['shown']);
    for (const file of ['index.html', 'snapshot.json', 'metrics']) expect(await read(file)).not.toContain('hidden"');
    expect((await read('badges/hidden.svg')).trim()).toBe('Not found.');
    expect(written).not.toContain('correct horse');
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
    await mail.close();
    await rm(folder, { recursive: true, force: true });
  }
});
