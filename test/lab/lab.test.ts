import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inProcess } from '../bin/cli.ts';
import { type Day, EVERY, liveADay } from './day.ts';
import { DAY, MONITOR_OFF, SERVERS } from './script.ts';

let day: Day;

beforeAll(async () => {
  day = await liveADay();
});

afterAll(() => day.remove());

const isoAt = (minute: number) => `${new Date(day.midnight + minute * 60_000).toISOString().slice(0, 19)}Z`;
const range = () => ['--since', isoAt(0), '--until', isoAt(DAY - 1), '--utc', '--folder', day.folder];
const run = async (...args: readonly string[]) => (await inProcess([...args, '--folder', day.folder])).stdout;
/** Minutes. */
const OFF = MONITOR_OFF.to - MONITOR_OFF.from;
const faulty = SERVERS.filter(({ faults }) => faults.length > 0);
const down = faulty.filter(({ faults }) => faults.every(({ is }) => is === undefined));

describe('the mail admin is told', () => {
  test.each(faulty)('of each fault of $id once, within two rounds, and of its end', ({ id, faults }) => {
    const told = day.alerts.filter(({ subject, kind }) => subject === id && kind !== 'changed');
    const expected = faults.flatMap(({ from, to, is = 'down' }) => [
      [is, from + EVERY],
      ...(to < DAY ? [['recovered', to + EVERY]] : []),
    ]);
    expect(told.map(({ kind, minute }) => [kind, minute])).toEqual(expected);
  });

  test.each(faulty)('where $id fails, since when, and what its server said', ({ id, faults }) => {
    const told = day.alerts.filter(({ subject, kind }) => subject === id && (kind === 'down' || kind === 'degraded'));
    for (const [nth, { words, from }] of faults.entries()) {
      const [first = '', ...rest] = told[nth]?.text.split('\n') ?? [];
      expect(first).toContain(`since ${isoAt(from).slice(11, 16)} UTC`);
      expect(first).toContain(words[0]);
      for (const word of words) expect([first, ...rest].join('\n')).toContain(word);
      expect(rest.join('\n')).toContain('What it means');
    }
  });

  test('how long an outage lasted', () => {
    const [recovered] = day.alerts.filter(({ subject, kind }) => subject === 'full' && kind === 'recovered');
    expect(recovered?.text.split('\n')[0]).toContain('it was down for 1 h 5 min, from 02:00 UTC');
  });

  test('once that a target is not watched, with the variable that is not set, and otherwise of nothing', () => {
    const others = day.alerts.filter(({ subject }) => !faulty.some(({ id }) => id === subject));
    expect(others.map(({ kind, subject }) => [kind, subject])).toEqual([['unknown', 'unset']]);
    expect(others[0]?.text).toContain('LAB_PASSWORD_NOT_SET');
    const whileOff = day.alerts.filter(({ minute }) => minute >= MONITOR_OFF.from && minute < MONITOR_OFF.to + EVERY);
    expect(whileOff).toEqual([]);
  });

  test('of STARTTLS that is gone, as a change of the server', () => {
    const changes = day.alerts.filter(({ kind }) => kind === 'changed');
    expect(changes.map(({ subject }) => subject)).toEqual(['stripped', 'stripped']);
    expect(changes[0]?.text).toContain('STARTTLS is no longer offered');
  });
});

describe('the platform engineer reads', () => {
  test('of doctor: the variable that is not set, and the history', async () => {
    const text = await run('doctor', '--config', day.configFile);
    expect(text).toContain('LAB_PASSWORD_NOT_SET');
    expect(text).toMatch(/^ok +history /m);
  });

  test('of cost: a bill from the config alone, with what it assumes', async () => {
    const { stdout, code } = await inProcess([
      'cost',
      '--config',
      day.configFile,
      '--folder',
      join(day.folder, 'none'),
    ]);
    expect(code ?? 0).toBe(0);
    expect(stdout).toMatch(/^15 targets, 1 vantage, a round every 300 s$/m);
    expect(stdout).toContain('Assumed: ');
    expect(stdout).toMatch(/^Amount due +\d+\.\d+$/m);
  });

  test('of the log: no fault of the monitor itself', () => {
    expect(day.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('the manager reads in the report', () => {
  interface Row {
    readonly target: string;
    readonly uptime: number | null;
    readonly up: number;
    readonly down: number;
    readonly unwatched: number;
    readonly outages: number;
    readonly span: { readonly from: string; readonly to: string };
  }

  const rows = async () => {
    const { stdout } = await inProcess(['report', ...range(), '--format', 'json']);
    return JSON.parse(stdout).targets as readonly Row[];
  };

  test('of every target a day that adds up, with the time in which the monitor was off', async () => {
    const found = await rows();
    expect(found.map(({ target }) => target).sort()).toEqual(SERVERS.map(({ id }) => id).sort());
    for (const { target, up, down: lost, unwatched, span } of found) {
      expect([target, up + lost + unwatched]).toEqual([target, Date.parse(span.to) - Date.parse(span.from)]);
      if (target !== 'unset') expect(Math.abs(unwatched / 60_000 - OFF)).toBeLessThan(2 * EVERY);
    }
    expect(found.find(({ target }) => target === 'unset')).toMatchObject({ up: 0, down: 0, uptime: null });
  });

  test.each(down)('the downtime of $id as scripted', async ({ id, faults }) => {
    const row = (await rows()).find(({ target }) => target === id);
    const scripted = faults.reduce((sum, { from, to }) => sum + to - from, 0);
    const minutes = (row?.down ?? 0) / 60_000;
    expect(row?.outages).toBe(faults.length);
    expect(minutes).toBeGreaterThan(scripted - 1.5);
    expect(minutes).toBeLessThan(scripted + faults.length * (EVERY + 1));
  });

  test('the same on the page', async () => {
    const { stdout } = await inProcess(['report', ...range(), '--format', 'html']);
    for (const { id } of SERVERS) expect(stdout).toContain(id);
  });
});

describe('the contributor finds', () => {
  const failures = readFileSync('docs/failures.md', 'utf8');

  test.each(down)('each failed sample of $id with its phase and a code of docs/failures.md', async ({ id }) => {
    const lines = (await run('history', id, '--since', isoAt(0), '--until', isoAt(DAY), '--only', 'fail', '--json'))
      .trim()
      .split('\n');
    const samples = lines.map((line) => JSON.parse(line));
    expect(samples.length).toBeGreaterThan(1);
    for (const { phase, code } of samples) {
      expect(phase).toMatch(/^[a-z0-9]+$/);
      expect(failures).toContain(`\`${code}\``);
    }
  });

  test('the session of an incident', async () => {
    const text = await run('incident', 'no-space', '--utc');
    expect(text).toContain('S: 452 4.3.1 Insufficient system storage');
    expect(text).toMatch(/Meaning\n +storage-insufficient/);
  });
});
