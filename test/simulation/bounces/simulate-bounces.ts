/** The function of bounces behind its queue, a log, the judge and deliveries in a simulated environment. */
import type { BounceWatchPorts, QueuedEvents } from '../../../lambda/bounce-watch/count-ses-events.ts';
import type { BounceRecord } from '../../../lambda/bounces/outcome.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { BOUNCE_POLICY } from '../../../lambda/consensus/bounces/bounce-policy.ts';
import { policyDefaults } from '../../../lambda/consensus/judgement/policy.ts';
import type { BounceHistory } from '../../../lambda/history/bounces/bounce-history.ts';
import type { BounceRecorderOptions } from '../../../lambda/history/bounces/record-bounces.ts';
import type { Table } from '../../../lambda/history/table/table.ts';
import type { JudgePorts } from '../../../lambda/ports.ts';
import { sesEvent } from '../../bounces/ses/ses-events.ts';
import { type Faults, NO_FAULTS } from '../faults.ts';
import type { Invocation } from '../invocation.ts';
import { seededRandom } from '../random.ts';
import { type DeliveringProduct, openSurroundings } from '../trips/surroundings.ts';
import { virtualClock } from '../virtual-clock.ts';
import { checkBouncePromises, type TrueEvent } from './checks.ts';

/** The tested code, or a copy with a planted bug. */
export interface BounceProduct extends DeliveringProduct {
  countSesEvents(ports: BounceWatchPorts, events: QueuedEvents): Promise<unknown>;
  judgeBounces(ports: JudgePorts, isEvent?: boolean): Promise<unknown>;
  openBounceHistory(table: Table, options: BounceRecorderOptions): BounceHistory;
}

export interface BounceSetting {
  readonly seed: number;
  readonly hours: number;
  readonly faults: Faults;
  readonly stopAtFirst?: boolean;
}

export interface BounceResult {
  readonly violations: readonly string[];
  /** Distinct alerts that people got. */
  readonly alerts: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse('2026-01-01T06:00:00Z');
/** The judge runs more often in the product; what it does in between is nothing. */
const JUDGE_EVERY = 5 * MINUTE;
/** Milliseconds after which a queue hands over again what was not counted. */
const VISIBILITY = 3 * MINUTE;
const RECOVERY = 27 * HOUR;
const PROVIDERS: Readonly<Record<string, string>> = { 'mail.example.net': 'Microsoft', 'example.org': 'Google' };
const SENDERS = { ses: 'example.com', log: 'shop.example.com' } as const;

export async function simulateBounces(product: BounceProduct, setting: BounceSetting): Promise<BounceResult> {
  const clock = virtualClock(START);
  const random = seededRandom(setting.seed);
  const world = seededRandom(setting.seed + 1);
  const config = configOf();
  const checks = checkBouncePromises(clock, START);
  let [faults, serial, isBad] = [setting.faults, 0, false];

  const around = openSurroundings({
    ...{ clock, random, product, config, faults: () => faults },
    onAlert: checks.accepted,
    onJudge: async (invocation, isEvent) => {
      const ports = around.judgePortsFor(invocation);
      await product.judgeBounces({ ...ports, bounces: historyFor(invocation) }, isEvent);
    },
  });
  const historyFor = (invocation: Invocation) =>
    product.openBounceHistory(around.tableFor(invocation), { now: invocation.now, newId: around.newId });

  /** At least once: again if it failed or ended early, and now and then although it did not. */
  const handOver = (count: (invocation: Invocation) => Promise<unknown>, delay = random.between(0, MINUTE)) => {
    let isDone = false;
    const attempt = () => {
      count(around.start()).then(
        () => {
          isDone = true;
        },
        () => {},
      );
      clock.after(VISIBILITY, () => (isDone ? undefined : attempt()));
    };
    clock.after(delay, attempt);
    if (around.strikes(faults.busDoubles)) clock.after(random.between(0, 20 * MINUTE), attempt);
  };

  const ofSes = () => {
    const bodies = Array.from({ length: Math.round(world.between(0, 3)) }, () => {
      const domain = world.pick(['mail.example.net', 'example.org']);
      const kind: TrueEvent['kind'] =
        isBad && domain === 'mail.example.net' && world.chance(0.5) ? 'bounced' : 'delivered';
      const at = clock.now() - Math.round(world.between(0, 2 * MINUTE));
      checks.happened({ at, from: SENDERS.ses, provider: PROVIDERS[domain] ?? '', kind });
      serial += 1;
      const type = kind === 'bounced' ? 'Email Bounced' : 'Email Delivered';
      const changes = { message: `message-${serial}`, at: new Date(at).toISOString() };
      return { body: JSON.stringify(sesEvent(type, { ...changes, recipients: [`someone@${domain}`] })) };
    });
    // A queue with much in it hands over several batches at once, each to a function of its own.
    const isMuch = random.chance(0.1);
    const batches = isMuch ? [bodies.slice(0, 1), bodies.slice(1)] : [bodies];
    const delay = random.between(0, MINUTE);
    for (const batch of batches) handOver((invocation) => countBatch(invocation, batch), delay);
  };

  const countBatch = (invocation: Invocation, batch: QueuedEvents['Records']) => {
    const ports: BounceWatchPorts = {
      history: historyFor(invocation),
      publishEvents: around.publishFor(invocation),
      providers: { providersOf: async () => new Map(Object.entries(PROVIDERS)) },
    };
    // Events of other batches come between them.
    const some = random.chance(0.2) ? [...batch, ...batch.slice(0, 1)] : batch;
    return product.countSesEvents(ports, { Records: some });
  };

  const ofLog = () => {
    const records = Array.from({ length: Math.round(world.between(0, 3)) }, (): BounceRecord => {
      const kind: TrueEvent['kind'] = isBad && world.chance(0.3) ? 'bounced' : 'delivered';
      const at = clock.now() - Math.round(world.between(0, 2 * MINUTE));
      checks.happened({ at, from: SENDERS.log, provider: 'Google', kind });
      serial += 1;
      const outcome = { at, kind, from: SENDERS.log, provider: 'Google', code: '5.1.1', text: 'no', delay: 1 };
      return { id: String(serial).padStart(8, '0'), outcomes: [outcome] };
    });
    handOver((invocation) => historyFor(invocation).record('log', records));
  };

  const trouble = () => {
    isBad = !isBad;
    clock.after(world.wait(isBad ? 3 * HOUR : 6 * HOUR), trouble);
  };
  clock.after(world.wait(2 * HOUR), trouble);

  const end = START + setting.hours * HOUR;
  const tick = () => {
    if (clock.now() < end) {
      ofSes();
      ofLog();
    }
    if ((clock.now() - START) % JUDGE_EVERY === 0) {
      around.onSchedule(() => around.judge(false), MINUTE);
      checks.tick(Object.values(SENDERS));
    }
    clock.after(MINUTE, tick);
  };
  tick();
  const isEnough = () => setting.stopAtFirst === true && checks.violations.length > 0;
  await clock.run(end, isEnough);
  faults = NO_FAULTS;
  await clock.run(clock.now() + RECOVERY, isEnough);
  await checks.end(product.openBounceHistory(around.table, { now: clock.now }));
  return { violations: checks.violations, alerts: checks.news() };
}

function configOf(): Config {
  return {
    ...{ version: 1, name: 'test', home: 'us-east-1', ehloName: 'probe.example.com', control: null },
    policy: { ...policyDefaults(1), vantages: ['us-east-1'], every: MINUTE },
    ...{ notify: [], targets: [], bounces: { policy: BOUNCE_POLICY, ses: true, logs: ['mail.log'] } },
  };
}
