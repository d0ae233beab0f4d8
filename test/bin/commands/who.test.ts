import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { inProcess } from '../cli.ts';

const CONFIG = `home: us-east-1
vantages: [us-east-1, eu-west-1, ap-southeast-1]
ehloName: probe.example.com
posture: false
notify:
  - { id: on-call, email: ops@example.com, targets: ['mx*'], repeat: [15m, 1h] }
  - { sms: "+15555550100", after: 10m, severity: [critical], when: [down] }
  - { id: office, email: desk@example.com, hours: { zone: UTC, week: 'Mon-Fri 08:00-18:00' } }
  - { webhook: "https://hooks.example.com/x", tags: [edge] }
maintenance:
  - { id: patches, weekly: 'Sat 02:00-04:00', zone: UTC, targets: [mx1], why: patches }
targets:
  - { id: mx1, host: mx1.example.com }
  - { id: submission, host: smtp.example.com, tags: [edge], behind: [mx1] }
`;
let folder: string;
let file: string;

beforeAll(() => {
  // Not a stub: `inProcess` takes all of them back.
  process.env.TZ = 'UTC';
  folder = mkdtempSync(join(tmpdir(), 'smtp-quorum-who-'));
  file = join(folder, 'smtp-quorum.yaml');
  writeFileSync(file, CONFIG);
  // A Thursday.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-26T12:00:00Z') });
});
afterAll(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

const who = (...args: readonly string[]) => inProcess(['who', ...args, '--config', file]);

async function told(...args: readonly string[]) {
  const { stdout } = await who(...args, '--json');
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return lines.map(({ entry, at, not }) => `${entry.replace(/:.*/, '')} ${not ?? at}`);
}

test('each entry is told at its time, or the rule is named that excludes it', async () => {
  expect(await told('mx1', 'down', '--at', 'Sun 03:00')).toEqual([
    'on-call 2026-11-29T03:00:00Z',
    'sms 2026-11-29T03:10:00Z',
    'office 2026-11-30T08:00:00Z',
    'webhook targets',
    'topic 2026-11-29T03:00:00Z',
  ]);
  expect(await told('submission', 'degraded')).toEqual([
    'on-call targets',
    'sms when',
    'office 2026-11-26T12:00:00Z',
    'webhook 2026-11-26T12:00:00Z',
    'topic 2026-11-26T12:00:00Z',
  ]);
});

test('what a window holds is told when it ends, and steps count from then', async () => {
  const lines = await told('mx1', '--at', 'Sat 03:00');
  expect(lines.slice(0, 2)).toEqual(['on-call 2026-11-28T04:00:00Z', 'sms 2026-11-28T04:10:00Z']);
});

test('a window that begins before a step holds it', async () => {
  const { stdout } = await who('mx1', '--at', 'Sat 01:55');
  expect(stdout).not.toContain('held by');
  expect(stdout).toMatch(/ops@example\.com \(on-call\)\s+at once/);
  expect(stdout).toMatch(/sms .*04:00.*after 10 min, unless acknowledged, when patches ends/);
});

test('people read a table, and what an acknowledgement changes', async () => {
  const { code, stdout } = await who('mx1', '--at', 'Sun 03:00');
  expect(code).toBe(0);
  expect(stdout).toContain('down of mx1 (critical)');
  expect(stdout).toMatch(/sms \+15555550100 .*after 10 min, unless acknowledged .*notify\[1\]/);
  expect(stdout).toMatch(/NOT TOLD[\s\S]*hooks\.example\.com.*notify\[3\].*it names tag edge/);
});

test('a parent that holds its alerts is named', async () => {
  expect((await who('submission')).stdout).toContain('held while mx1 is down, and told when it is up again');
  expect((await who('mx1')).stdout).not.toContain('held while');
});

test('what has no incident has no reminders and no end', async () => {
  const reminded = await who('mx1', '--at', 'Sun 03:00');
  expect(reminded.stdout).toMatch(/again after 15 min, 1 h[\s\S]*told of the end/);
  const changed = await who('mx1', 'changed', '--at', 'Sun 03:00');
  expect(changed.stdout).toContain('ops@example.com');
  expect(changed.stdout).not.toMatch(/again after|told of the end/);
  const lines = (await who('mx1', 'changed', '--json')).stdout.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).repeat)).toEqual(lines.map(() => []));
});

test.each([
  { args: ['mx11'], message: "the config has no 'mx11'; did you mean 'mx1'?" },
  {
    args: ['mx1', 'trip'],
    message: "there are no alerts of 'trip' about 'mx1'; there are: down, degraded, unknown, changed",
  },
  { args: ['us-east-1', 'down'], message: "there are no alerts of 'down' about 'us-east-1'; there are: blind" },
  { args: ['mx1', 'dwon'], message: "'dwon' is no topic; did you mean 'down'?" },
  { args: ['mx1', 'recovered'], message: 'the end of an incident goes to who was told of it' },
  { args: ['mx1', '--at', 'Sunday'], message: "--at: 'Sunday' is not a time; use 'Sun 03:00'" },
  { args: ['mx1', '--at', 'Sun 25:00'], message: "--at: 'Sun 25:00' is not a time of the day" },
])('is refused: $args', async ({ args, message }) => {
  const { code, stderr } = await who(...args);
  expect(code).not.toBe(0);
  expect(stderr).toContain(message);
});
