import { describe, expect, test } from 'vitest';
import { dnsOfRun } from '../../lambda/dns/records/dns-of-run.ts';
import type { RecordLookup } from '../../lambda/dns/records/records.ts';
import { domainDns } from '../../lambda/posture-watch/domain-dns.ts';
import { listsOfRun } from '../../lambda/posture-watch/lists-of-run.ts';
import { runInOrder } from '../../lambda/posture-watch/run-domains.ts';
import { summaryOfPosture } from '../../lambda/posture-watch/run-report.ts';
import { serveNames } from '../dns/name-server.ts';
import { openWorld, postureDomain, start } from './world.ts';

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const summaryOf = async (run: ReturnType<ReturnType<typeof openWorld>['run']>) => summaryOfPosture(await run);
/** Spamhaus ZEN lists the address. */
const listed = { '25.2.0.192.zen.spamhaus.org': { A: ['127.0.0.2'] } };

describe('a run', () => {
  test('checks a healthy domain, stores what it knows, notes the run, and says so on the bus', async () => {
    const world = openWorld();
    const summary = await summaryOf(world.run(start));
    expect(summary).toMatchObject({ level: 'info', message: 'posture checked', all: 1, lists: 0, fail: 0, left: 0 });
    expect(summary.written).toEqual(['example.com']);
    expect(world.events).toEqual([
      { type: 'Posture Recorded', detail: { vantage: 'us-east-1', domains: ['example.com'] } },
    ]);
    expect(world.writes.map(({ pk, sk }) => `${pk} ${sk}`)).toEqual([
      'posture#example.com us-east-1#2026-11-26T13:02:00.000Z',
      'posture-watch us-east-1#2026-11-26',
    ]);
  });

  test('that finds nothing new writes one item, and puts no event', async () => {
    const world = openWorld();
    await world.run(start);
    world.writes.length = world.events.length = 0;
    for (let nth = 1; nth <= 8; nth++) await world.run(start + nth * QUARTER);
    expect(world.events).toEqual([]);
    expect(new Set(world.writes.map(({ pk }) => pk))).toEqual(new Set(['posture-watch']));
    expect(world.writes).toHaveLength(8);
  });

  test('asks lists each quarter of an hour, and the rest once an hour', async () => {
    const world = openWorld();
    await world.run(start);
    const areas: string[] = [];
    for (let nth = 1; nth <= 4; nth++) {
      world.questions.length = 0;
      const { all, lists } = await summaryOf(world.run(start + nth * QUARTER));
      areas.push(`${all} ${lists} ${world.questions.includes('TXT _dmarc.example.com')}`);
      expect(world.questions).toContain('A 2.0.0.127.zen.spamhaus.org');
    }
    expect(areas).toEqual(['0 1 false', '0 1 false', '0 1 false', '1 0 true']);
  });

  test('a monitor that was not running at the full hour makes up for it once', async () => {
    const world = openWorld();
    await world.run(start);
    const scopes: string[] = [];
    for (const nth of [5, 6, 7, 8]) {
      const { all, lists } = await summaryOf(world.run(start + nth * QUARTER));
      scopes.push(`${all} ${lists}`);
    }
    expect(scopes).toEqual(['1 0', '0 1', '0 1', '1 0']);
  });

  test('again in the same quarter of an hour asks nothing: an event may come twice, and a monitor may be restarted', async () => {
    const world = openWorld();
    await world.run(start);
    world.questions.length = 0;
    await world.run(start + MINUTE);
    expect(world.questions).toEqual([]);
  });

  test('looks at a new domain as a whole, although lists alone are due', async () => {
    const world = openWorld();
    const summary = await summaryOf(world.run(start + QUARTER));
    expect(summary).toMatchObject({ all: 1, lists: 0 });
    expect(world.questions).toContain('TXT _dmarc.example.com');
  });

  test('a listing is found, confirmed, and over after two runs each, and stored each time', async () => {
    let dns = {};
    const world = openWorld({ dns: () => dns });
    await world.run(start);
    dns = listed;
    const told: number[] = [];
    for (let nth = 1; nth <= 7; nth++) {
      if (nth === 4) dns = {};
      world.events.length = 0;
      await world.run(start + nth * QUARTER);
      if (world.events.length > 0) told.push(nth);
    }
    expect(told).toEqual([1, 2, 4, 5]);
  });

  test.each([
    ['without a subject', null],
    ['of its subject', '192.0.2.25 on zen.spamhaus.org'],
  ])('a finding that the config ignores is stored, and not counted, %s', async (_, subject) => {
    const ignore = [{ code: 'dnsbl-listed', subject, reason: 'x', until: '2026-11-26' }];
    const posture = [postureDomain('example.com', { ignore })];
    const world = openWorld({ config: { posture }, dns: () => listed });
    expect(await summaryOf(world.run(start))).toMatchObject({ ignored: 1, fail: 0 });
    expect(JSON.stringify(world.writes)).toContain('dnsbl-listed');
    // On the day after, it is told again.
    expect(await summaryOf(world.run(start + 24 * 60 * MINUTE))).toMatchObject({ ignored: 0, fail: 1 });
  });
});

describe('what does not answer', () => {
  test('a resolver that answers nothing makes findings unable, and no failure', async () => {
    const failed = async () => ({ kind: 'failed', failure: { kind: 'timeout', detail: 'no answer' } }) as const;
    const world = openWorld({ lookup: failed });
    const summary = await summaryOf(world.run(start));
    expect(summary).toMatchObject({ level: 'info', fail: 0, warn: 0, failed: [] });
    expect(summary.unable).toBeGreaterThan(5);
  });

  test('a key that cannot be read is logged without it, and the list is asked as by everybody', async () => {
    const world = openWorld({ config: { listKeys: { spamhaus: { secret: 'mail/spamhaus' } } } });
    await world.run(start);
    expect(world.logged).toEqual([
      {
        level: 'warn',
        message: 'the key of a DNS list cannot be used',
        facts: { list: 'spamhaus', why: 'AccessDeniedException' },
      },
    ]);
    expect(world.questions).toContain('A 2.0.0.127.zen.spamhaus.org');
  });

  test('a key is in the questions, and in nothing that is stored, put or logged', async () => {
    const key = 'k3yk3yk3y';
    const world = openWorld({ config: { listKeys: { spamhaus: { env: 'KEY' } } } });
    const ports = { ...world.ports, secret: async () => ` ${key}\n` };
    const { watchPosture } = await import('../../lambda/posture-watch/watch-posture.ts');
    const report = await watchPosture(ports, { scheduled: '2026-11-26T13:02:00Z' });
    expect(world.questions).toContain(`A 2.0.0.127.${key}.zen.dq.spamhaus.net`);
    expect(JSON.stringify([world.writes, world.events, world.logged, summaryOfPosture(report)])).not.toContain(key);
  });

  test('a domain that cannot be recorded is named, and keeps no other from being checked', async () => {
    const world = openWorld({ config: { posture: [postureDomain('example.com'), postureDomain('example.org')] } });
    const record = world.ports.history.recordPostureRun;
    const recordPostureRun: typeof record = async (run, before) => {
      if (run.domain === 'example.com') throw new Error('ThrottlingException');
      return record(run, before);
    };
    const { watchPosture } = await import('../../lambda/posture-watch/watch-posture.ts');
    const ports = { ...world.ports, history: { ...world.ports.history, recordPostureRun } };
    const summary = summaryOfPosture(await watchPosture(ports, { scheduled: '2026-11-26T13:02:00Z' }));
    expect(summary).toMatchObject({ level: 'warn', failed: ['example.com: ThrottlingException'], all: 1 });
    expect(summary.written).toEqual(['example.org']);
    // The time of this run counts as unwatched.
    expect(world.writes.find(({ pk }) => pk === 'posture-watch')).toMatchObject({ areas: {}, watched: { lists: '' } });
  });
});

describe('a run without time for all domains', () => {
  const posture = Array.from({ length: 10 }, (_, nth) => postureDomain(`d${nth}.example.org`));

  test('says what is left, and the next one continues with it', async () => {
    const world = openWorld({ config: { posture } });
    // Less than the bound of one domain: none but the first is started by each worker.
    const first = await summaryOf(world.run(start, 20_000));
    expect(first).toMatchObject({
      level: 'warn',
      message: 'posture checked, except for some domains',
      all: 1,
      left: 9,
    });
    expect(world.writes.find(({ sk }) => sk === 'left#us-east-1')).toMatchObject({
      from: 'd1.example.org',
      scope: 'all',
    });
    // What was not looked at does not count as watched.
    expect(world.writes.find(({ sk }) => sk.startsWith('us-east-1#'))).toMatchObject({ areas: {} });
    const second = await summaryOf(world.run(start + QUARTER, 300_000));
    expect(second).toMatchObject({ level: 'info', all: 9, lists: 1, left: 0 });
    expect(world.writes.findLast(({ sk }) => sk === 'left#us-east-1')).not.toHaveProperty('from');
    const third = await summaryOf(world.run(start + 2 * QUARTER, 300_000));
    expect(third).toMatchObject({ all: 0, lists: 10 });
  });
});

describe('bounds', () => {
  test('at most four questions at a time to one server, and each once in a run', async () => {
    const names = Array.from({ length: 12 }, (_, nth) => `n${nth}.example.com`);
    // Each answer takes 40 ms, so that after t ms there were four questions, and four more for each 40 ms.
    const late = { after: 40, records: ['192.0.2.1'] };
    const server = await serveNames(Object.fromEntries(names.map((name) => [name, { A: late }])));
    const began = performance.now();
    const excess: number[] = [];
    const watch = setInterval(() => {
      excess.push(server.queries.length - 4 * (Math.floor((performance.now() - began) / 39) + 1));
    }, 2);
    const timing = { patience: 20_000, retry: 20_000, limit: 20_000 };
    const bounds = { queries: 100, atOnce: 4, records: 10, deadline: 60_000 };
    const run = dnsOfRun([server.plain], { timing, systemServers: [], bounds });
    const answers = await Promise.all(
      [domainDns(run), domainDns(run)].flatMap(({ lookup }) => names.map((name) => lookup('A', name))),
    );
    clearInterval(watch);
    run.close();
    server.close();
    expect(answers.map(({ kind }) => kind)).toEqual(answers.map(() => 'found'));
    expect(excess.length).toBeGreaterThan(2);
    expect(excess.filter((more) => more > 0)).toEqual([]);
    expect(server.queries).toHaveLength(12);
  });

  test('a domain has its part of the questions and of the time; another is not affected', async () => {
    const dnsWith = (lookup: RecordLookup) => ({ ...openWorld().ports.openDns(bounds), lookup });
    const bounds = { queries: 100, atOnce: 4, records: 10, deadline: 5_000 };
    const few = domainDns(
      dnsWith(async () => ({ kind: 'none', exists: true })),
      { questions: 2, time: 60_000 },
    );
    const answers = await Promise.all(['a', 'b', 'c', 'a'].map((name) => few.lookup('TXT', name)));
    expect(answers.map(({ kind }) => kind)).toEqual(['none', 'none', 'failed', 'failed']);
    const slow = domainDns(
      dnsWith(() => new Promise<never>(() => {})),
      { questions: 5, time: 30 },
    );
    expect(await slow.lookup('TXT', 'a')).toMatchObject({ kind: 'failed', failure: { kind: 'timeout' } });
    expect(await slow.askServer('192.0.2.53', 'SOA', 'a')).toMatchObject({ kind: 'failed' });
  });

  test('four domains at a time, in their order', async () => {
    const log: string[] = [];
    let open = 0;
    const started = await runInOrder(
      Array.from({ length: 9 }, (_, nth) => nth),
      async (nth) => {
        open += 1;
        log.push(`${nth} ${open}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
        open -= 1;
      },
      () => log.length < 7,
    );
    expect(started).toBe(7);
    expect(log.map((line) => line.split(' ')[0])).toEqual(['0', '1', '2', '3', '4', '5', '6']);
    expect(Math.max(...log.map((line) => Number(line.split(' ')[1])))).toBe(4);
  });

  test('a list is asked at most so often as its policy allows; an unknown one as the others', () => {
    const zones = (nth: number) => listsOfRun(start + nth * QUARTER, ['bl.example.net']).map(({ zone }) => zone);
    const often = [0, 1, 2, 3].map(zones);
    for (const list of often.flatMap(() => listsOfRun(start, ['bl.example.net']))) {
      const asked = often.filter((asked) => asked.includes(list.zone)).length;
      expect(asked).toBe(Math.max(1, Math.floor(3600 / Math.max(900, list.everyAtLeast))));
    }
    expect(often.every((asked) => asked.includes('bl.example.net'))).toBe(true);
  });

  test('a list on which a listing is told is asked in every run: one that is not asked would seem to have ended', () => {
    const slow = [0, 1, 2, 3].map((nth) =>
      listsOfRun(start + nth * QUARTER, []).filter(({ kind }) => kind !== 'allowed'),
    );
    expect(new Set(slow.map((lists) => lists.map(({ zone }) => zone).join(' '))).size).toBe(1);
  });
});
