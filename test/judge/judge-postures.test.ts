import { describe, expect, test } from 'vitest';
import type { Config } from '../../lambda/config/config.ts';
import { openDeliveries } from '../../lambda/deliver/delivery-table.ts';
import { openHistory } from '../../lambda/history/history.ts';
import { openPostureHistory } from '../../lambda/history/posture/posture-history.ts';
import type { Item, Table } from '../../lambda/history/table/table.ts';
import { isPostureRecorded } from '../../lambda/judge/judge-event.ts';
import { judgePostures } from '../../lambda/judge/judge-postures.ts';
import type { BusEvent, JudgePorts } from '../../lambda/ports.ts';
import { POSTURE_AREAS } from '../../lambda/posture/codes/code.ts';
import type { PostureFinding } from '../../lambda/posture/finding.ts';
import { at, listed, MINUTE, START } from '../consensus/posture/runs.ts';
import { postureConfig, postureVantageNames } from '../history/posture/example-posture.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';

class Killed extends Error {}

function world() {
  let clock = START;
  const now = () => clock;
  const table = openInMemoryTable(now);
  const state = {
    calls: [] as string[],
    puts: [] as Item[],
    events: [] as BusEvent[],
    killAfter: Number.POSITIVE_INFINITY,
  };
  const step = async <Result>(name: string, call: () => Promise<Result>): Promise<Result> => {
    state.calls.push(name);
    state.killAfter -= 1;
    if (state.killAfter < 0) throw new Killed();
    return call();
  };
  const mortal: Table = {
    put: (item, condition) =>
      step('put', () => {
        state.puts.push(item);
        return table.put(item, condition);
      }),
    get: (pk, sk) => step('get', () => table.get(pk, sk)),
    query: (pk, range) => step('query', () => table.query(pk, range)),
  };
  const ports = (config: Config = postureConfig): JudgePorts => ({
    config,
    vantage: 'us-east-1',
    history: openHistory(mortal, { now }),
    postures: openPostureHistory(mortal, { now }),
    deliveries: openDeliveries(mortal, { now }),
    channels: [{ kind: 'topic', id: 'topic', when: 'all' }],
    publishEvents: async (all) => void state.events.push(...all),
    secret: async () => '',
    log: () => {},
    now,
  });
  const recorder = openPostureHistory(table, { now });
  return {
    ...state,
    state,
    table,
    recorder,
    ports,
    setNow: (minutes: number) => {
      clock = START + minutes * MINUTE;
    },
    /** A run of both vantages. */
    async run(minutes: number, findings: readonly PostureFinding[], noted = true) {
      clock = START + minutes * MINUTE;
      for (const vantage of postureVantageNames) {
        const began = at(minutes);
        const result = await recorder.recordPostureRun({
          domain: 'example.com',
          vantage,
          began,
          ended: began,
          areas: POSTURE_AREAS,
          findings,
        });
        const items = { 'example.com': result.at };
        if (noted) await recorder.recordPostureWatch({ vantage, began, areas: POSTURE_AREAS, items, asked: [] });
      }
    },
    async delivered(): Promise<readonly string[]> {
      const items = await table.query('delivery#topic');
      return items.map(({ alert }) => (alert as { id: string }).id);
    },
  };
}

const listing = [listed('192.0.2.25')];

/** Until the judge has told of a listing. */
async function listedWorld() {
  const one = world();
  await one.run(0, []);
  await one.run(15, listing);
  await one.run(30, listing);
  return one;
}

test('a listing is handed over to the channels, once', async () => {
  const one = await listedWorld();
  expect(await judgePostures(one.ports())).toEqual({ judged: 1, changed: 1, told: 1, failed: [] });
  expect(await one.delivered()).toEqual(['example.com/listed@2026-11-22T05:15:00Z#1-listed']);
  expect(one.state.events).toEqual([{ type: 'Delivery Due', detail: { channel: 'topic' } }]);
  expect(await judgePostures(one.ports())).toEqual({ judged: 0, changed: 0, told: 0, failed: [] });
  expect((await one.recorder.postureVerdict('example.com'))?.owed).toEqual([]);
});

test('a pass with nothing to do reads one small item of each vantage and one of its own, and writes nothing', async () => {
  const one = await listedWorld();
  await judgePostures(one.ports());
  one.state.calls.length = 0;
  await judgePostures(one.ports(), false);
  expect(one.state.calls.toSorted()).toEqual(['get', 'query', 'query']);
});

test('without posture in the config, and without any before, it reads one item', async () => {
  const one = world();
  const { posture: _, ...config } = postureConfig;
  expect((await judgePostures(one.ports(config))).judged).toBe(0);
  expect(one.state.calls).toEqual(['get']);
  const { postures: __, ...others } = one.ports();
  expect((await judgePostures(others)).judged).toBe(0);
});

describe('a judge that is killed', () => {
  test('at any call of the table leaves the alert to the next one, under the same id', async () => {
    const whole = await listedWorld();
    await judgePostures(whole.ports());
    const calls = whole.state.calls.length;
    expect(calls).toBeGreaterThan(10);
    for (let killAfter = 0; killAfter < calls; killAfter += 1) {
      const one = await listedWorld();
      one.state.killAfter = killAfter;
      await judgePostures(one.ports()).catch(() => {});
      one.state.killAfter = Number.POSITIVE_INFINITY;
      await judgePostures(one.ports());
      expect(await one.delivered(), `killed after ${killAfter} calls`).toEqual([
        'example.com/listed@2026-11-22T05:15:00Z#1-listed',
      ]);
      expect((await one.recorder.postureVerdict('example.com'))?.owed).toEqual([]);
    }
  });
});

test('two judges at once tell it once', async () => {
  const one = await listedWorld();
  await Promise.all([judgePostures(one.ports()), judgePostures(one.ports())]);
  await judgePostures(one.ports());
  expect(await one.delivered()).toHaveLength(1);
});

test('items whose run was not noted are found within six hours', async () => {
  const one = world();
  await one.run(0, []);
  await judgePostures(one.ports());
  await one.run(15, listing, false);
  await one.run(30, listing, false);
  expect((await judgePostures(one.ports())).judged).toBe(0);
  one.setNow(6 * 60 + 1);
  for (const vantage of postureVantageNames) {
    await one.recorder.recordPostureWatch({ vantage, began: at(361), areas: POSTURE_AREAS, items: {}, asked: [] });
  }
  expect((await judgePostures(one.ports())).told).toBe(1);
});

test('a domain that leaves the config is told as withdrawn, once, and then costs nothing', async () => {
  const one = await listedWorld();
  await judgePostures(one.ports());
  const without = { ...postureConfig, posture: [] } as Config;
  expect((await judgePostures(one.ports(without))).told).toBe(1);
  one.state.calls.length = 0;
  expect((await judgePostures(one.ports(without))).told).toBe(0);
  expect(one.state.calls.toSorted()).toEqual(['get', 'query', 'query']);
});

test('an entry of `ignore` that is new is seen at once', async () => {
  const one = await listedWorld();
  const ignore = [{ code: 'dnsbl-listed', subject: null, reason: 'a test', until: '2026-12-31' }];
  const config = { ...postureConfig, posture: [{ domain: 'example.com', ignore }] } as unknown as Config;
  expect((await judgePostures(one.ports(config))).told).toBe(0);
  expect((await judgePostures(one.ports())).told).toBe(1);
});

test('a verdict that cannot be read is replaced; an item that cannot be read stops nothing', async () => {
  const one = await listedWorld();
  await one.table.put({ pk: 'posture-verdicts', sk: 'example.com', findings: 'none', version: 7 });
  await one.table.put({ pk: 'posture-verdicts', sk: '#judged', all: 'never' });
  await one.table.put({ pk: 'posture#example.com', sk: 'us-east-1#2026-11-22T05:31:00.000Z', areas: 1 });
  expect(await judgePostures(one.ports())).toMatchObject({ told: 1, failed: [] });
});

test('without time left it begins nothing, and the next pass does it', async () => {
  const one = await listedWorld();
  const report = await judgePostures({ ...one.ports(), timeLeft: () => 1000 });
  expect(report).toMatchObject({ told: 0, failed: ['example.com'] });
  expect((await judgePostures(one.ports())).told).toBe(1);
});

test('the event of a posture wakes the judge for posture alone', () => {
  expect(isPostureRecorded({ 'detail-type': 'Posture Recorded', detail: { vantage: 'us-east-1', domains: [] } })).toBe(
    true,
  );
  for (const other of [null, 'x', {}, { 'detail-type': 'Round Recorded' }, { scheduled: '' }])
    expect(isPostureRecorded(other)).toBe(false);
});
