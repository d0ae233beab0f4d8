import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMailbox } from '../../../lambda/mailbox/open-mailbox.ts';
import { parseDsn } from '../../../lambda/standards/dsn/parse-dsn.ts';
import { freePorts } from '../daemon.ts';
import { complaints } from '../guest.ts';
import { type TakenTrip, type TripOrder, takeTrip } from './take-trip.ts';
import { missingTripLab, startTripLab, type TripLab } from './trip-lab.ts';
import { PASSWORD, RECEIVER, SENDER } from './trip-world.ts';

const reason = missingTripLab();

/** Seconds stand for minutes. */
const LIMITS = { warn: 2_000, fail: 20_000 };
const EXPECT = { folder: 'inbox', spf: 'pass', dkim: 'pass', dmarc: 'pass', tls: true, unchanged: true } as const;
const HEALTHY: TripOrder = { seed: 'healthy', protocol: 'imap', limits: LIMITS, expect: EXPECT };

describe.skipIf(reason !== null)(`Round trips${reason === null ? '' : ` (${reason})`}`, () => {
  let lab: TripLab;

  beforeAll(async () => {
    lab = await startTripLab();
  });
  afterAll(() => lab?.stop());

  /** What is told of a trip, and its codes. */
  async function codesOf(order: Partial<TripOrder>): Promise<readonly [TakenTrip, readonly string[]]> {
    const trip = await takeTrip(lab, { ...HEALTHY, ...order });
    return [trip, trip.verdict.findings.map(({ code }) => code)];
  }

  test.each(['imap', 'pop3'] as const)('mail arrives as it was sent, read by %s', async (protocol) => {
    const [{ state, verdict }, codes] = await codesOf({ protocol, limits: { warn: 10_000, fail: 20_000 } });
    expect(codes, JSON.stringify(verdict)).toEqual(['arrived']);
    const [arrival] = state.arrivals;
    expect(arrival).toMatchObject({ folder: 'inbox', results: { spf: 'pass', dkim: 'pass', dmarc: 'pass' } });
    expect(arrival?.alterations.map(({ code }) => code)).toEqual([]);
    expect(arrival?.hops.map(({ host, protocol, tls, acceptedByUs }) => [host, protocol, tls, acceptedByUs])).toEqual([
      [SENDER.host, 'ESMTPSA', true, true],
      [RECEIVER.host, 'ESMTPS', true, false],
      [RECEIVER.host, 'LMTP', false, false],
    ]);
  });

  test('greylisted mail is slow', async () => {
    const [{ verdict }, codes] = await codesOf({ seed: 'greylisted', limits: { warn: 1_000, fail: 20_000 } });
    expect(codes).toEqual(['slow']);
    expect(verdict.total).toBeGreaterThan(1_000);
    expect(verdict.longest).toMatchObject({});
  });
});

/** Mail of the sender, read as bounces. */
