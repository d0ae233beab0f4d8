/** Round trips with the clock as it is: a next hop that is down for 90 seconds, and greylisting. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TripRecord } from '../../../lambda/history/trips/trip-record.ts';
import { unexpectedLines } from './log-reasons.ts';
import { missingTripLab, startTripLab, type TripLab } from './trip-lab.ts';
import { startTripMonitor, type TripMonitor } from './trip-monitor.ts';
import { RECEIVER, SENDER } from './trip-world.ts';

const DOWN = 90_000;
/** Milliseconds. A round is a minute. */
const BETWEEN_RUNS = 5_000;
const LIMIT = 300_000;

const NO_TRIP = { trip: '', at: 0 };

const reason = missingTripLab();

describe.skipIf(reason !== null)(`Round trips in real time${reason === null ? '' : ` (${reason})`}`, () => {
  let lab: TripLab;

  beforeAll(async () => {
    lab = await startTripLab();
  });
  afterAll(() => lab?.stop());

  /** As the schedule does: runs come again and again, and the clock is not moved. */
  async function ended(monitor: TripMonitor): Promise<TripRecord> {
    for (const until = Date.now() + LIMIT; Date.now() < until; await sleep(BETWEEN_RUNS)) {
      const [record] = (await monitor.run()).ended;
      if (record !== undefined) return record;
    }
    throw new Error('the trip has not ended');
  }

  test(
    'greylisted mail is slow, and says where it waited',
    async () => {
      const order = { seed: 'greylisted', warn: '2s', fail: '5m' } as const;
      const { verdict, arrivals } = await ended(startTripMonitor(lab, order, ['local'], 1));
      expect(verdict?.findings.map(({ code }) => code)).toEqual(['slow']);
      expect(verdict?.longest).toMatchObject({ host: SENDER.host, next: RECEIVER.host });
      expect(verdict?.longest?.least).toBeGreaterThanOrEqual(2_000);
      expect(arrivals).toHaveLength(1);
    },
    2 * LIMIT,
  );

  test(
    'mail whose next hop is down for 90 s is late, and says where it waited',
    async () => {
      await lab.receiver.stop();
      const monitor = startTripMonitor(lab, { seed: 'healthy', warn: '30s', fail: '80s' }, ['local'], 1);
      const { sent, ended: early } = await monitor.run();
      expect(early).toEqual([]);
      const [{ trip, at } = NO_TRIP] = sent;
      const accepted = (await monitor.store.trip(trip, at))?.sending?.at ?? Number.NaN;
      await sleep(accepted + DOWN - Date.now());
      await lab.receiver.start();
      // A look before the message is there, and after the limit, would find that it has not arrived.
      await lab.hasArrived('healthy');
      const { verdict, arrivals } = await ended(monitor);
      expect(verdict?.findings.map(({ code }) => code)).toEqual(['late']);
      expect(verdict?.total).toBeGreaterThanOrEqual(DOWN - 5_000);
      expect(verdict?.total).toBeLessThan(DOWN + LIMIT);
      expect(verdict?.longest).toMatchObject({ host: SENDER.host, next: RECEIVER.host });
      expect(verdict?.longest?.least).toBeGreaterThanOrEqual(DOWN - 10_000);
      expect(arrivals).toMatchObject([{ folder: 'inbox', alterations: [] }]);
      expect(Date.now() - accepted).toBeGreaterThanOrEqual(DOWN);
    },
    2 * LIMIT,
  );

  test('the logs of the servers do not complain', () => {
    for (const log of [lab.sender.log(), lab.receiver.log()]) expect(unexpectedLines('Postfix', log)).toEqual([]);
    expect(unexpectedLines('Dovecot', lab.mailboxes.log())).toEqual([]);
    expect(unexpectedLines('rspamd', lab.filterLog())).toEqual([]);
  });
});
