/** The service and the container of `examples/`: what they start is started here, without systemd and without a container. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const example = (name: string) => readFileSync(path.join(root, 'examples', name), 'utf8');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'smtp-quorum-example-'));
  await writeFile(path.join(folder, 'config.yaml'), 'every: 5s\ntargets: [{ id: mx1, host: 127.0.0.1, port: 1 }]\n');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The same command, with the paths of this machine. */
function onThisMachine(command: string, home = root): string {
  return command
    .replace('/etc/smtp-quorum/smtp-quorum.yaml', path.join(folder, 'config.yaml'))
    .replaceAll('/var/lib/smtp-quorum', path.join(folder, 'data'))
    .replaceAll('/opt/smtp-quorum', home)
    .replace(/^\/usr\/bin\/node /, `${process.execPath} `);
}

function sh(command: string, cwd = folder) {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd, encoding: 'utf8', timeout: 300_000 });
  return { status, stdout, stderr };
}

const systemd = (args: readonly string[]) => spawnSync('systemd-analyze', args, { encoding: 'utf8' });
const hasSystemd = systemd(['--version']).status === 0;

describe('smtp-quorum.service', () => {
  const unit = example('smtp-quorum.service');

  test('its command starts the monitor, without npm', () => {
    const command = /^ExecStart=(.*)$/m.exec(unit)?.[1] ?? '';
    const { status, stdout, stderr } = sh(`${onThisMachine(command)} --rounds 1`);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('round 1: 1 target: 1 unknown (mx1)');
  });

  test.runIf(hasSystemd)('systemd accepts it, and it is hardened', async () => {
    const file = path.join(folder, 'smtp-quorum.service');
    await writeFile(file, onThisMachine(unit.replace('ExecStart=/usr/bin/node', `ExecStart=${process.execPath}`)));
    const verified = systemd(['verify', file]);
    expect([verified.status, verified.stderr]).toEqual([0, '']);
    // 1.3 of 10 with systemd 252.
    const { status, stdout } = systemd(['security', '--offline=true', '--threshold=20', file]);
    expect(stdout).toMatch(/Overall exposure level/);
    expect(status).toBe(0);
  });
});

describe('Containerfile', () => {
  const lines = example('Containerfile').replaceAll('\\\n', '').split('\n');
  const instructions = (name: string) =>
    lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length).trim());
  const copied = instructions('COPY').flatMap((line) => line.split(' ').slice(0, -1));

  test('what it copies exists, and is enough to monitor and to be healthy', async () => {
    expect(copied.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
    const home = path.join(folder, 'home');
    for (const file of copied) await cp(path.join(root, file), path.join(home, file), { recursive: true });
    sh(`ln -s ${path.join(root, 'node_modules')} node_modules`, home);
    const command = [...JSON.parse(instructions('ENTRYPOINT')[0] ?? ''), ...JSON.parse(instructions('CMD')[0] ?? '')];
    const health = onThisMachine(instructions('HEALTHCHECK')[0]?.replace(/^.*?CMD /, '') ?? '', home);

    expect(sh(health, home).status).toBe(1);
    const { status, stdout, stderr } = sh(`${onThisMachine(command.join(' '), home)} --rounds 2`, home);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('mx1: verdict unknown -> down');
    // The target is down, the monitor works.
    expect(sh(health, home)).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('it does not run as root', () => expect(instructions('USER')).toEqual(['node']));
});
