/** The function of round trips, the judge and deliveries in a simulated environment of two vantages or one. */
import type { Config } from '../../../lambda/config/config.ts';
import type { RoundTrip } from '../../../lambda/config/round-trip.ts';
import { policyDefaults } from '../../../lambda/consensus/judgement/policy.ts';
import type { Table } from '../../../lambda/history/table/table.ts';
import type { TripStore } from '../../../lambda/history/trips/trip-store.ts';
import type { MailboxError } from '../../../lambda/mailbox/session/mailbox-report.ts';
import type { JudgePorts } from '../../../lambda/ports.ts';
import { finding } from '../../../lambda/smtp/failures/failures.ts';
import { unreachedSample } from '../../../lambda/smtp/sample/build-sample.ts';
import type { SentTrip } from '../../../lambda/trip-run/send-trip.ts';
import type { TripPorts } from '../../../lambda/trip-run/trip-ports.ts';
import { roundTrip } from '../../trip-run/world.ts';
import { type Faults, NO_FAULTS } from '../faults.ts';
import type { Invocation } from '../invocation.ts';
import { seededRandom } from '../random.ts';
import { virtualClock } from '../virtual-clock.ts';
import { checkTripPromises } from './checks.ts';
import { openSimulatedMailbox } from './mailbox.ts';
import { simulateRoutes } from './route.ts';
import { type DeliveringProduct, openSurroundings } from './surroundings.ts';

/** The tested code, or a copy with a planted bug. */
export interface TripProduct extends DeliveringProduct {
  watchTrips(ports: TripPorts): Promise<unknown>;
  handOverTrips(ports: JudgePorts): Promise<unknown>;
  openTripStore(table: Table): TripStore;
  readonly MailboxError: typeof MailboxError;
}

export interface TripSetting {
  readonly seed: number;
  readonly hours: number;
  readonly vantages: 1 | 2;
  readonly faults: Faults;
  /** Messages of a day in the mailbox; above what the intervals make by default. */
  readonly perDay?: number;
  readonly stopAtFirst?: boolean;
}

export interface TripResult {
  readonly violations: readonly string[];
  /** Distinct alerts that people got. */
  readonly alerts: number;
  readonly messages: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse('2026-01-01T06:00:00Z');
const TIME_OF_A_RUN = 90_000;
const RECOVERY = 12 * HOUR;
const KEY = 'a key of thirty-two characters!!';

export async function simulateTrips(product: TripProduct, setting: TripSetting): Promise<TripResult> {
  const { perDay = 1_000 } = setting;
  const clock = virtualClock(START);
  const random = seededRandom(setting.seed);
  const vantages = ['us-east-1', 'eu-west-1'].slice(0, setting.vantages);
  const trips: readonly RoundTrip[] = [
    { ...roundTrip(25, 993), perDay },
    { ...roundTrip(25, 993), id: 'back', every: 15 * MINUTE, perDay },
  ];
  const config = configOf(trips, vantages);
  const routes = simulateRoutes(
    clock,
    seededRandom(setting.seed + 1),
    trips.map(({ id }) => id),
    vantages,
  );
  const checks = checkTripPromises(clock, routes, trips, vantages);
  let faults = setting.faults;

  const around = openSurroundings({
    ...{ clock, random, product, config, faults: () => faults },
    onAlert: checks.accepted,
    onWrite: checks.written,
    onJudge: async (invocation) => {
      const ports = around.judgePortsFor(invocation);
      await product.handOverTrips({ ...ports, trips: product.openTripStore(around.tableFor(invocation)) });
    },
  });

  const send = (invocation: Invocation, vantage: string): NonNullable<TripPorts['send']> => {
    const sample = unreachedSample([finding('connect-timeout', { detail: '' })], 0);
    return async ({ message }, now): Promise<SentTrip> => {
      if (routes.isBlind(vantage)) {
        const reply = 'no answer';
        return { sending: { outcome: 'unable', at: now(), phase: 'connect', reply }, sample };
      }
      const trip = /^X-Smtp-Quorum-Trip: v1:([^:]+):/m.exec(message.message.toString('latin1'))?.[1] ?? '';
      const isTaken = await invocation.call(async () => routes.take(trip, message.message), random.between(50, 900));
      return isTaken
        ? { sending: { outcome: 'accepted', at: now(), reply: '2.0.0 queued as 4XyZ123' }, sample }
        : { sending: { outcome: 'refused', at: now(), phase: 'data', reply: '5.7.1 no' }, sample };
    };
  };

  const breaks = () => random.chance(faults.tableThrottles);
  const run = (vantage: string) => {
    const invocation = around.start();
    const began = invocation.now();
    if (invocation.hasWrongClock) checks.wrongClock();
    const ports: TripPorts = {
      ...{ config, vantage, now: invocation.now, log: () => {} },
      history: product.openTripStore(around.tableFor(invocation)),
      openMailbox: () => {
        checks.looked();
        return openSimulatedMailbox(routes, invocation, random, breaks, product.MailboxError);
      },
      publishEvents: around.publishFor(invocation),
      secret: async (reference) => ('env' in reference && reference.env === 'KEY' ? KEY : 'a password'),
      sleep: (milliseconds) => new Promise((resolve) => clock.after(milliseconds, resolve)),
      timeLeft: () => TIME_OF_A_RUN - (invocation.now() - began),
      newId: around.newId,
      send: send(invocation, vantage),
    };
    product.watchTrips(ports).catch(() => {});
  };

  const tick = () => {
    for (const vantage of vantages) if (!routes.isSilent(vantage)) around.onSchedule(() => run(vantage), MINUTE);
    around.onSchedule(() => around.judge(false), MINUTE);
    checks.tick();
    clock.after(MINUTE, tick);
  };
  tick();
  const isEnough = () => setting.stopAtFirst === true && checks.violations.length > 0;
  await clock.run(START + setting.hours * HOUR, isEnough);
  faults = NO_FAULTS;
  routes.repair();
  await clock.run(clock.now() + RECOVERY, isEnough);
  checks.end();
  return { violations: checks.violations, alerts: checks.news(), messages: routes.sent.size };
}

function configOf(roundTrips: readonly RoundTrip[], vantages: readonly string[]): Config {
  return {
    ...{ version: 1, name: 'test', home: 'us-east-1', ehloName: 'probe.example.com', control: null },
    policy: { ...policyDefaults(vantages.length), vantages, every: MINUTE },
    ...{ notify: [], targets: [], roundTrips },
  };
}
