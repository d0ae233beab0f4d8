import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { vantageSubject } from '../../../lambda/consensus/judge-blind-vantage.ts';
import type { Incident } from '../../../lambda/consensus/judgement/incident.ts';
import type { Judgement } from '../../../lambda/consensus/judgement/judgement-state.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { type History, openHistory } from '../../../lambda/history/history.ts';
import type { RecordedSample } from '../../../lambda/history/packing/recorded-round.ts';
import { dynamodbTable } from '../../../lambda/history/table/dynamodb.ts';
import { type Listening, listenOnLoopback } from '../../../local/database/listen-for-aws-cli.ts';
import { type Database, localTable, openDatabase } from '../../../local/database.ts';
import { cli, inProcess } from '../cli.ts';

/** A history of ten minutes in an embedded database. At its end mx1 fails from two of three vantages, and mx2 is up. */
const now = Math.floor(Date.now() / 60_000) * 60_000;
const minutesAgo = (minutes: number) => isoSeconds(now - minutes * 60_000);
const vantages = ['us-east-1', 'eu-west-1', 'ap-southeast-1'];

const passed: RecordedSample = {
  outcome: 'pass',
  phase: null,
  code: null,
  reply: null,
  detail: null,
  timings: { dns: 2, connect: 11, greeting: 20, ehlo: 8, starttls: 9, tls: 30, ehlo2: 4 },
  total: 84,
  address: '192.0.2.1',
  transcript: [],
};

const failed: RecordedSample = {
  ...passed,
  outcome: 'fail',
  phase: 'greeting',
  code: 'greeting-refused',
  reply: '554 \x1b[2Jno, "never"',
  timings: { dns: 2, connect: 11, greeting: 20 },
  total: 33,
  transcript: ['S: 554 \x1b[2Jno, "never"', 'C: QUIT'],
};

const incident: Incident = {
  id: `mx1@${minutesAgo(2)}`,
  target: 'mx1',
  opened: minutesAgo(2),
  closed: null,
  verdict: 'down',
  witnesses: vantages.slice(0, 2).map((vantage) => ({
    vantage,
    firstFailure: minutesAgo(2),
    lastFailure: minutesAgo(0),
    phase: 'greeting',
    code: 'greeting-refused',
    reply: failed.reply,
    transcript: failed.transcript,
  })),
  timeline: [{ at: minutesAgo(2), what: 'down: 2 of 3 entitled vantages voted down, quorum 2' }],
};

const old: Incident = {
  ...incident,
  id: `mx1@${minutesAgo(200)}`,
  opened: minutesAgo(200),
  closed: minutesAgo(188),
  witnesses: [],
};

const blind: Incident = {
  ...old,
  id: `vantage/eu-west-1@${minutesAgo(300)}`,
  target: 'vantage/eu-west-1',
  opened: minutesAgo(300),
};

let folder: string;
let database: Database;
let listening: Listening;
let env: object;

async function fill(history: History): Promise<void> {
  for (const vantage of vantages) {
    for (let minutes = 9; minutes >= 0; minutes -= 1) {
      const mx1 = minutes <= 2 && vantage !== 'ap-southeast-1' ? failed : passed;
      const samples = new Map([
        ['mx1', mx1],
        ['mx2', passed],
      ]);
      const lag = minutes === 9 && vantage === 'us-east-1' ? 130 : null;
      await history.recordRound({ vantage, round: minutesAgo(minutes), samples, lag });
    }
  }
  const up: Judgement = { target: 'mx2', verdict: 'up', since: minutesAgo(9), incident: null, owed: [] };
  await history.writeJudgement({ ...up, target: 'mx1', verdict: 'down', since: minutesAgo(2), incident }, 0, null);
  await history.writeJudgement(up, 0, null);
  for (const vantage of vantages) await history.writeJudgement({ ...up, target: vantageSubject(vantage) }, 0, null);
  await history.writeIncident(old);
  await history.writeIncident(blind);
  await history.rollUp({ vantages, by: 'test', deadline: Date.now() + 600_000 });
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'smtp-quorum-'));
  database = await openDatabase(path.join(folder, '.smtp-quorum'));
  await fill(openHistory(dynamodbTable(database.client, localTable)));
  listening = await listenOnLoopback(database.ask, 0);
  env = {
    AWS_ENDPOINT_URL_DYNAMODB: listening.endpoint,
    AWS_ACCESS_KEY_ID: listening.accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'example',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
});

afterAll(async () => {
  await listening.close();
  await database.close();
  rmSync(folder, { recursive: true });
});

/** Runs on this machine beside the process that has the database open, or with that process in place of AWS. */
const runProcess = (args: readonly string[]) => cli(args, { cwd: folder });
const run = (args: readonly string[]) =>
  inProcess(args.includes('--folder') ? args : [...args, '--folder', path.join(folder, '.smtp-quorum')]);
const runOnAws = (args: readonly string[]) =>
  cli([...args, '--table', localTable, '--region', 'us-east-1'], { cwd: tmpdir(), env });

describe('status', () => {
  test('prints a line per target, and exits with the code of the worst verdict', async () => {
    const { code, stdout, stderr } = await runProcess(['status', '--utc']);
    expect(stderr).toBe('');
    const [title, mx1, mx2] = stdout.split('\n');
    expect(title).toMatch(/^TARGET +VERDICT +SINCE +ap-southeast-1 +eu-west-1 +us-east-1$/);
    expect(mx1).toMatch(
      /^mx1 +DOWN +\S+ \S+ UTC \(\d min.*\) +84 ms = connect 13 \+ greeting 20 \+ ehlo 8 \+ tls 43 +fail at greeting: greeting-refused/,
    );
    expect(mx2).toMatch(/^mx2 +UP .*84 ms = connect 13 \+ greeting 20 \+ ehlo 8 \+ tls 43 +84 ms = connect/);
    expect(code).toBe(2);
  });

  test('prints JSON', async () => {
    const { stdout } = await run(['status', '--json']);
    const { targets } = JSON.parse(stdout);
    expect(targets[0]).toMatchObject({ target: 'mx1', verdict: 'down', since: minutesAgo(2), incident: incident.id });
    expect(targets[0].vantages['eu-west-1']).toMatchObject({ round: minutesAgo(0), code: 'greeting-refused' });
    expect(targets[1]).toMatchObject({ target: 'mx2', verdict: 'up', incident: null });
  });
});

describe('history', () => {
  test('prints a line per sample with its phase timings', async () => {
    const { code, stdout } = await run(['history', 'mx1', '--utc']);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(
      /^ROUND +VANTAGE +OUTCOME +MS +dns +connect +greeting +ehlo +starttls +tls +ehlo2 +FAILURE$/,
    );
    expect(lines[1]).toMatch(/UTC {2}ap-southeast-1 +pass +84 +2\.0 +11 +20 +8\.0 +9\.0 +30 +4\.0$/);
    expect(stdout).toContain('greeting greeting-refused: 554 \\x1b[2Jno');
    expect(stdout).toContain('30 samples: 24 pass, 6 fail, from ');
    expect(code).toBe(0);
  });

  test('marks samples that the probe process delayed', async () => {
    const { stdout } = await run(['history', 'mx1', '--utc']);
    const marked = stdout.split('\n').filter((line) => line.includes('*'));
    expect(marked[0]).toMatch(/us-east-1 +pass +84\* +2\.0/);
    expect(marked[1]).toMatch(/^\* the probe process was late by up to 130 ms in this round/);
    const { stdout: json } = await run([
      'history',
      'mx1',
      '--json',
      '--vantage',
      'us-east-1',
      '--until',
      minutesAgo(8),
    ]);
    expect(
      json
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).lag),
    ).toEqual([130, undefined]);
  });

  test.each<[string[], number]>([
    [['--only', 'fail'], 6],
    [['--vantage', 'ap-southeast-1', '--only', 'fail'], 0],
    [['--since', minutesAgo(2)], 9],
    [['--until', minutesAgo(8)], 6],
  ])('%j prints %i samples', async (args, count) => {
    const { stdout } = await run(['history', 'mx1', '--json', ...args]);
    expect(stdout.split('\n').filter((line) => line !== '')).toHaveLength(count);
  });

  test.each([['hour'], ['day']])('summarizes by %s', async (step) => {
    const { stdout } = await run(['history', 'mx1', '--step', step, '--json', '--since', minutesAgo(9)]);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const counted = rows.flatMap(({ counts }) => Object.values(counts as Record<string, number>));
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(30);
    expect(rows[0]).toMatchObject({ target: 'mx1', total: [84, 84, 84] });
  });

  test('--table without a name selects the default format', async () => {
    const range = ['--utc', '--since', minutesAgo(60), '--until', minutesAgo(0)];
    const table = (await run(['history', 'mx1', '--table', ...range])).stdout;
    expect(table).toContain('unwatched');
    expect(table).toBe((await run(['history', 'mx1', ...range])).stdout);
    const { code, stderr } = await run(['history', 'mx1', '--table', '--json']);
    expect(stderr).toBe('smtp-quorum: --json and --table exclude each other\n');
    expect(code).toBe(3);
  });

  test.each([['--json'], ['--csv']])('prints the same over a long time range: %s', async (format) => {
    const [short, long] = [
      ['--since', '30m'],
      ['--since', '1000d', '--step', 'sample'],
    ];
    const [one, other] = [
      await run(['history', 'mx1', format, ...short]),
      await run(['history', 'mx1', format, ...long]),
    ];
    expect(other.stdout).toBe(one.stdout);
  });

  test('prints days as dates', async () => {
    const { stdout } = await run(['history', 'mx1', '--step', 'day', '--since', minutesAgo(9)]);
    const [title, first] = stdout.split('\n');
    expect(title).toMatch(/^DAY \(UTC\) +VANTAGE/);
    expect(first).toMatch(/^\d{4}-\d\d-\d\d \(\d+ of 24 h\) {2}ap-southeast-1/);
  });

  test('prints CSV', async () => {
    const { stdout } = await run(['history', 'mx1', '--csv', '--since', minutesAgo(2), '--vantage', 'eu-west-1']);
    const [header, first] = stdout.split('\n');
    expect(header).toMatch(/^round,target,vantage,outcome,phase,code,total,dns,connect,/);
    expect(first).toContain(`${minutesAgo(2)},mx1,eu-west-1,fail,greeting,greeting-refused,33,2,11,20,,`);
    expect(first).toContain('"554 \\x1b[2Jno, ""never"""');
  });
});

describe('incidents', () => {
  test('prints incidents newest first, with the open one from the judgement', async () => {
    const { stdout } = await run(['incidents', '--utc']);
    const [, first, second] = stdout.split('\n');
    expect(first).toMatch(
      new RegExp(`^${incident.id} +down .* open +us-east-1, eu-west-1 +greeting greeting-refused$`),
    );
    expect(second).toMatch(new RegExp(`^${old.id} +down .* 12 min$`));
  });

  test('prints an incident of a vantage', async () => {
    const { stdout } = await run(['incident', blind.id, '--json']);
    expect(JSON.parse(stdout)).toEqual({ ...blind, chapters: [] });
  });

  test('prints an ended incident as ended', async () => {
    const { stdout } = await run(['incident', old.id, '--utc']);
    expect(stdout).toMatch(/^ENDED, was down {2}mx1 {2}from \S+ \S+ until .*\S+ UTC, 12 min$/m);
  });

  test('--open omits ended incidents', async () => {
    const { stdout } = await run(['incidents', 'mx1', '--open', '--json']);
    expect(JSON.parse(stdout)).toEqual({ ...incident, current: { verdict: 'down', flapping: false } });
  });

  test.each([incident.id])('incident %s has timeline, vantages, meaning and transcript', async (id) => {
    const { stdout } = await runProcess(['incident', id, '--utc']);
    expect(stdout).toMatch(/^DOWN {2}mx1 {2}from .* UTC still open, \d min/);
    expect(stdout).toContain(`Timeline  (${minutesAgo(2).slice(0, 10)} UTC)`);
    expect(stdout).toMatch(/^ {2}\d\d:\d\d:\d\d {2}down: 2 of 3 entitled vantages voted down, quorum 2$/m);
    expect(stdout).toMatch(/^ {2}eu-west-1 +.* greeting +greeting-refused +554 \\x1b\[2Jno/m);
    expect(stdout).toMatch(/^Meaning\n {2}greeting-refused\n {4}\S/m);
    expect(stdout).toContain('Transcript from us-east-1, eu-west-1\n  S: 554 \\x1b[2Jno, "never"\n  C: QUIT');
  });
});

describe('export and import', () => {
  const itemsOf = (file: string) => readFileSync(file, 'utf8').split('\n').slice(1);

  test('copy every item to another history', async () => {
    const out = path.join(folder, 'history.ndjson.gz');
    const count = Number(/^(\d+) items written/.exec((await run(['export', '--out', out])).stdout)?.[1]);
    // 30 rounds, 5 judgements, 2 incidents and the rollup progress; also hours if one ended within the ten minutes.
    expect(count).toBeGreaterThanOrEqual(38);
    const other = ['--folder', path.join(folder, 'other')];
    expect((await run(['import', out, ...other])).stdout).toContain(`${count} of ${count} items were new`);
    expect((await run(['import', out, ...other])).stdout).toContain(`0 of ${count} items were new`);
    const [first, second] = [path.join(folder, 'first.ndjson'), path.join(folder, 'second.ndjson')];
    await run(['export', '--out', first]);
    await run(['export', '--out', second, ...other]);
    expect(itemsOf(second)).toEqual(itemsOf(first));
    expect((await run(['incidents', '--json', ...other])).stdout).toBe((await run(['incidents', '--json'])).stdout);
  });

  test('a truncated file changes nothing', async () => {
    const file = path.join(folder, 'whole.ndjson');
    await run(['export', '--out', file, '--since', '1h']);
    writeFileSync(file, readFileSync(file, 'utf8').split('\n').slice(0, 10).join('\n'));
    const { code, stderr } = await run(['import', file, '--folder', path.join(folder, 'untouched')]);
    expect(stderr).toContain('was cut off');
    expect(code).toBe(3);
    expect(existsSync(path.join(folder, 'untouched'))).toBe(false);
  });
});

test('replay lists the pages that another policy would not have sent', async () => {
  const { stdout } = await run(['replay', '--quorum', '3', '--json']);
  const { current, other, lost, rounds } = JSON.parse(stdout);
  expect([current.length, other.length, rounds]).toEqual([1, 0, 30]);
  expect(lost).toMatchObject([{ target: 'mx1', reason: '2 of 3 entitled vantages voted down, quorum 2' }]);
  const share = await run(['replay', '--quorum', '{ down: 3, of: 5 }']);
  expect(share.stdout).toContain(
    '1 page under the current policy (quorum 2 of 3),\n1 page under the other (quorum 2 of 3)\n',
  );
  expect(share.stdout).toContain('the history starts 6 d 23 h after ');
  expect(share.stdout).toContain('both policies are equal: with these vantages they need the same votes');
  expect(share.stdout).toContain('no page gained or lost');
});

test('cost measures the rounds and computes the monthly bill', async () => {
  const { stdout } = await run(['cost', '--json']);
  const { measurement, total, samples } = JSON.parse(stdout);
  expect(measurement).toMatchObject({ targets: 2, vantages: 3, every: 60_000, rounds: 30, writeUnits: 1 });
  expect(measurement.probe.waiting).toBe(84);
  expect(samples).toBe(2 * 3 * 43_200);
  expect(total).toBeGreaterThan(0.1);
  const table = (await run(['cost'])).stdout;
  expect(table).toMatch(/^At list prices +0\.26 million samples at \S+ per million +\d\.\d\d$/m);
  expect(table).toMatch(/^Amount due +0\.\d+$/m);
});

test('report compares each target with its objective', async () => {
  const { stdout } = await run(['report', '--slo', '99', '--format', 'json']);
  const [mx1, mx2] = JSON.parse(stdout).targets;
  expect(mx1.objective.burn).toBeGreaterThan(100);
  expect(mx2).toMatchObject({ target: 'mx2', uptime: 100, down: 0, outages: 0 });
});

test('report has any range, and the targets of a tag', async () => {
  const config = path.join(folder, 'tags.yaml');
  writeFileSync(
    config,
    'targets: [{ id: mx1, host: mx1.example.com, tags: [edge] }, { id: mx2, host: mx2.example.com, tags: [inner] }]',
  );
  const args = ['--since', minutesAgo(9), '--format', 'json', '--config', config];
  const { span, targets } = JSON.parse((await run(['report', ...args])).stdout);
  expect(span.from).toBe(minutesAgo(9));
  expect(targets.map((one: { target: string; tags: string[] }) => [one.target, one.tags])).toEqual([
    ['mx1', ['edge']],
    ['mx2', ['inner']],
  ]);
  for (const { up, down, unwatched } of targets)
    expect(up + down + unwatched).toBe(Date.parse(span.to) - Date.parse(span.from));
  const tagged = JSON.parse((await run(['report', ...args, '--tag', 'inner,other'])).stdout).targets;
  expect(tagged.map(({ target }: { target: string }) => target)).toEqual(['mx2']);
  const { stderr, code } = await run(['report', ...args, '--tag', 'outer']);
  expect(stderr).toContain("--tag: no target has 'outer'; known: edge, inner");
  expect(code).toBe(3);
});

test('history shows when a target was unwatched', async () => {
  const { stdout } = await run(['history', 'mx1', '--utc', '--since', minutesAgo(60)]);
  expect(stdout).toMatch(/^up \d+ min.*, down \d min.*, unwatched 5[01] min.*$/m);
  // With the day of the end, if it is another one.
  expect(stdout).toMatch(/^unwatched \S+ \S+ to (?:\S+ )?\S+ UTC, 5[01] min/m);
  const { stdout: json } = await run(['history', 'mx1', '--step', 'hour', '--json', '--since', minutesAgo(60)]);
  const rows = json
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rows.every(({ unwatched }) => unwatched >= 0 && unwatched <= 3600)).toBe(true);
});

describe('prints the same from AWS', () => {
  test.each([
    [['status', '--json']],
    [['history', 'mx1', '--json']],
    [['incidents', '--json']],
    [['incident', 'mx1', '--json']],
  ])('%j', async (args) => {
    const [here, there] = await Promise.all([runProcess(args), runOnAws(args)]);
    const withoutClock = (text: string) => text.replace(/^\{"at":"[^"]+"/, '');
    expect(there.stderr).toBe('');
    expect(withoutClock(there.stdout)).toBe(withoutClock(here.stdout));
    expect(there.code).toBe(here.code);
  });

  test('names a missing table', async () => {
    const { code, stderr } = await cli(['status', '--table', 'nowhere', '--region', 'us-east-1'], { cwd: folder, env });
    expect(stderr).toBe("smtp-quorum: table 'nowhere' not found in us-east-1; check --table and --region\n");
    expect(code).toBe(3);
  });
});

test.each<[string[], string]>([
  [['history', 'mx3'], "there is no target 'mx3'; did you mean 'mx1'?"],
  [['history', 'database'], "there is no target 'database'; known: mx1, mx2"],
  [['history', 'mx1', '--vantage', 'eu-west-2'], "there is no vantage 'eu-west-2'; did you mean 'eu-west-1'?"],
  [['history', 'mx1', '--since', '1h', '--until', '2h'], '--since'],
  [['history', 'mx1', '--only', 'failed'], "--only: 'failed' is not an outcome"],
  [['history', 'mx1', '--json', '--csv'], '--json and --csv exclude each other'],
  [['history', 'mx1', '--step', 'day', '--only', 'fail'], '--only selects samples, but --step day prints summaries'],
  [['replay'], 'nothing to compare: set another policy'],
  [['incident', 'mx1@2026'], "there is no incident 'mx1@2026'; did you mean 'mx1@"],
  [['status', '--region', 'us-east-1'], '--region and --profile need --table NAME'],
  [['status', '--config', 'mine.yaml'], '--config: file mine.yaml not found'],
])('%j is refused: %s', async (args, words) => {
  const { code, stdout, stderr } = await run(args);
  expect(stderr).toContain(words);
  expect(stdout).toBe('');
  expect(code).toBe(3);
});
