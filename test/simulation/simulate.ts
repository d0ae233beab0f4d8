import type { SentMessage } from '../../lambda/alert/channels/sender.ts';
import { awsChannels, type DeliveryChannel } from '../../lambda/alert/delivery/configured-channels.ts';
import type { Config } from '../../lambda/config/config.ts';
import { type Policy, policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import { staggerDelay } from '../../lambda/consensus/judgement/stagger.ts';
import type { BusEvent, DeliverPorts, JudgePorts } from '../../lambda/ports.ts';
import { simulateState } from './actual-state.ts';
import { type Faults, NO_FAULTS } from './faults.ts';
import { simulateGreylisting } from './greylisting.ts';
import { type Invocation, startInvocation } from './invocation.ts';
import { invokedTable } from './invoked-table.ts';
import { memoryTable } from './memory-table.ts';
import { simulateProbes } from './probes.ts';
import type { Product } from './product.ts';
import { checkPromises } from './promise-checks.ts';
import { seededRandom } from './random.ts';
import { simulateReceiver } from './receiver.ts';
import { simulateStripping } from './starttls-stripping.ts';
import { virtualClock } from './virtual-clock.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-01-01T00:00:00Z');
/** Time without faults at the end, in which everything must recover. */
const RECOVERY_TIME = 45 * MINUTE;
const VANTAGES = ['us-east-1', 'eu-west-1', 'ap-southeast-1', 'sa-east-1', 'af-south-1'] as const;
const WEBHOOK = {
  kind: 'webhook',
  url: 'https://hooks.example.com/',
  when: ['down', 'recovered', 'degraded', 'unknown', 'changed', 'blind'],
} as const;
/** Milliseconds for which a judge may run. */
const JUDGE_TIMEOUT = 50_000;
/** How long one invocation delivers. */
const SHIFT = 45_000;

export interface Setting {
  readonly seed: number;
  /** Ticks of the schedule. */
  readonly rounds: number;
  readonly faults: Faults;
  readonly policy?: Partial<Policy>;
  readonly vantages?: number;
  /** 3 by default. */
  readonly targets?: number;
  /** Factor for the frequency of faults, 1 by default. */
  readonly faultRate?: number;
  /** Ends the simulation at the first violation. */
  readonly stopAtFirst?: boolean;
}

export interface Result {
  readonly rounds: number;
  /** Descriptions of the violations. */
  readonly violations: readonly string[];
  readonly outages: number;
  readonly pages: number;
  /** Milliseconds from the beginning of each outage until SNS accepted its alert. */
  readonly delays: readonly number[];
  /** Milliseconds from the first recorded failure of an outage until its alert, of outages that no fault delayed. */
  readonly opinionDelays: readonly number[];
}

/** Runs the judge and the history in a simulated environment, and checks the promises. */
export async function simulate(product: Product, setting: Setting): Promise<Result> {
  const clock = virtualClock(START);
  const random = seededRandom(setting.seed);
  const vantages = VANTAGES.slice(0, setting.vantages ?? 3) as unknown as [string, ...string[]];
  const policy: Policy = { vantages, every: MINUTE, ...policyDefaults(vantages.length), ...setting.policy };
  const targets = Array.from({ length: setting.targets ?? 3 }, (_, place) => `mx${place + 1}`) as [string, ...string[]];
  const config = { policy, notify: [WEBHOOK], targets: targets.map((id) => ({ id })) } as unknown as Config;
  const channels = awsChannels(config);
  let faults = setting.faults;
  const { faultRate = 1 } = setting;
  // A separate seed, so that outages do not depend on the product.
  const state = simulateState(clock, seededRandom(setting.seed + 1), vantages, targets, faultRate, faults);
  const stripping = simulateStripping(clock, seededRandom(setting.seed + 2), targets, state);
  const greylistingRate = faultRate * faults.greylisting;
  const greylisting = simulateGreylisting(clock, seededRandom(setting.seed + 4), targets, state, greylistingRate);
  const receiver = simulateReceiver(clock, seededRandom(setting.seed + 3));
  const ids = channels.map(({ id }) => id);
  const checks = checkPromises({ clock, policy, targets, state, stripping, greylisting, channels: ids });
  let writes = 0;
  const table = memoryTable(clock.now, checks.written, () => random.between(0, faults.staleRead));

  const strikes = (probability: number) => {
    const happens = random.chance(probability);
    if (happens) checks.struck();
    return happens;
  };
  const start = () => startInvocation(clock, random, () => faults, strikes);

  const tableFor = invokedTable(table, { clock, random, faults: () => faults, strikes });

  const portsFor = (invocation: Invocation, vantage: string): JudgePorts => ({
    config,
    vantage,
    history: product.openHistory(tableFor(invocation), {
      now: invocation.now,
      roundDays: 1 / 24,
      newId: () => String(writes++),
    }),
    deliveries: product.openDeliveries(tableFor(invocation), {
      now: invocation.now,
      newId: () => String(writes++),
    }),
    notifications: product.openNotifications(tableFor(invocation), {
      now: invocation.now,
      newId: () => String(writes++),
    }),
    channels,
    publishEvents: (events) => invocation.call(async () => publish(events), random.between(10, 100)),
    secret: async () => '',
    log: () => {},
    now: invocation.now,
  });

  const send = ({ kind, id }: DeliveryChannel, message: SentMessage, sender: Invocation) => {
    if (strikes(faults.snsRefuses) || (kind === 'webhook' && receiver.state() !== 'takes')) {
      if (kind === 'topic') checks.refused(message.alert);
      throw new Error('the receiver rejected the alert');
    }
    checks.accepted(id, message, sender);
    if (strikes(faults.snsTakesThenFails)) throw new Error('it accepted the alert, and responded with an error');
  };

  const latencyOf = ({ kind }: DeliveryChannel) =>
    kind === 'webhook' && receiver.state() === 'hangs' ? 10_000 : random.between(10, 200);

  const deliverPortsFor = (invocation: Invocation): DeliverPorts => ({
    ...portsFor(invocation, 'us-east-1'),
    senderOf: (channel) => (message) =>
      invocation
        .call(async () => send(channel, message, invocation), latencyOf(channel))
        .then(
          () => ({ taken: true }) as const,
          (error) => ({ taken: false, words: String(error), retryAfter: null }) as const,
        ),
    random: () => random.between(0, 999_999) / 1e6,
    sleep: (milliseconds) => new Promise((resolve) => clock.after(milliseconds, resolve)),
  });

  const deliver = (channel: string) => {
    const invocation = start();
    const end = invocation.now() + SHIFT;
    const { signal } = new AbortController();
    product
      .deliverChannel(deliverPortsFor(invocation), channel, { latestWait: end, latestSend: end, signal })
      .catch(() => {
        invocation.hasFailed = true;
      });
  };

  const publish = (events: readonly BusEvent[]) => {
    if (strikes(faults.busRefuses)) throw new Error('the bus rejected the events');
    for (const event of events) {
      if (event.type === 'Round Recorded') onBus(() => judge(true));
      if (event.type === 'Delivery Due') onBus(() => deliver(event.detail.channel));
      if (event.type === 'Second Opinion Wanted')
        for (const vantage of event.detail.vantages)
          onBus(() => probe(vantage, event.detail.round, event.detail.targets));
    }
    if (strikes(faults.busTakesThenFails)) throw new Error('the bus accepted the events, and responded with an error');
  };

  const onBus = (action: () => void) => {
    if (strikes(faults.busDrops)) return;
    const delivery = strikes(faults.busLate) ? random.between(MINUTE, 4 * MINUTE) : random.between(100, 2500);
    clock.after(delivery, run(action));
    if (random.chance(faults.busDoubles)) clock.after(delivery + random.between(0, 1000), run(action));
  };

  /** Lambda may run a function twice at once. */
  const run = (action: () => void) => () => {
    action();
    if (random.chance(faults.runsTwice)) action();
  };

  const judge = (fresh: boolean) => {
    const [invocation, began] = [start(), clock.now()];
    const isShort = strikes(faults.outOfTime);
    const time = isShort ? random.between(10_000, 10_300) : JUDGE_TIMEOUT;
    if (isShort) invocation.hasFailed = true;
    const timeLeft = () => began + time - clock.now();
    product.judge({ ...portsFor(invocation, 'us-east-1'), timeLeft }, fresh).then(
      () => invocation.hasFailed || checks.judged(began),
      () => {
        invocation.hasFailed = true;
      },
    );
  };

  const probe = simulateProbes({
    product,
    clock,
    random,
    state,
    stripping,
    greylisting,
    policy,
    checks,
    strikes,
    faults: () => faults,
    start: (vantage) => portsFor(start(), vantage),
  });

  const onSchedule = (delay: number, action: () => void) => {
    if (strikes(faults.scheduleMissed)) return;
    const late = random.chance(faults.scheduleLate) ? random.between(0, MINUTE) : random.between(0, 1500);
    clock.after(delay + late, run(action));
    if (random.chance(faults.scheduleDoubled)) clock.after(delay + late + random.between(0, 3000), run(action));
  };

  const tick = () => {
    const round = isoSeconds(clock.now());
    for (const [place, vantage] of vantages.entries()) {
      const delay = policy.stagger ? staggerDelay(place, vantages.length, policy.every) : 0;
      onSchedule(delay, () => probe(vantage, round, targets));
    }
    onSchedule(random.between(0, MINUTE), () => judge(false));
    checks.tick();
    clock.after(MINUTE, tick);
  };

  tick();
  const isEnough = () => setting.stopAtFirst === true && checks.violations.length > 0;
  await clock.run(START + setting.rounds * MINUTE, isEnough);
  faults = NO_FAULTS;
  state.repair();
  stripping.repair();
  greylisting.repair();
  receiver.repair();
  await clock.run(clock.now() + RECOVERY_TIME, isEnough);
  return { rounds: setting.rounds, ...checks.closed() };
}
