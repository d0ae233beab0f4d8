import type { Config } from '../../lambda/config/config.ts';
import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import { type Policy, policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import { staggerDelay } from '../../lambda/consensus/judgement/stagger.ts';
import type { RecordedSample } from '../../lambda/history/packing/recorded-sample.ts';
import { factsToRecord, type RecordedFacts, updateRecordedFacts } from '../../lambda/history/recorded-facts.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import type { BusEvent, Ports } from '../../lambda/ports.ts';
import { unfoldingTruth } from './actual-state.ts';
import { CALM, type Faults } from './faults.ts';
import { type Invocation, invoked } from './invocation.ts';
import { memoryTable } from './memory-table.ts';
import type { Product } from './product.ts';
import { openLedger } from './promise-checks.ts';
import { seeded } from './random.ts';
import { unfoldingStripping } from './starttls-stripping.ts';
import { virtualClock } from './virtual-clock.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-01-01T00:00:00Z');
/** The world is given so long without faults, at the end, to put everything right. */
const AFTERMATH = 45 * MINUTE;
const VANTAGES = ['us-east-1', 'eu-west-1', 'ap-southeast-1', 'sa-east-1', 'af-south-1'] as const;
const TARGETS = ['mx1', 'mx2', 'submission'] as const;

export interface Setting {
  readonly seed: number;
  /** Ticks of the schedule. */
  readonly rounds: number;
  readonly faults: Faults;
  readonly policy?: Partial<Policy>;
  readonly vantages?: number;
  /** How many times as often as usual things go wrong; 1 by default. */
  readonly unrest?: number;
  /** Ends the world at the first violation. */
  readonly stopAtFirst?: boolean;
}

export interface Outcome {
  readonly rounds: number;
  /** What was violated, in words; empty when every promise was kept. */
  readonly violations: readonly string[];
  readonly outages: number;
  readonly pages: number;
  /** Milliseconds from the beginning of an outage until its page was taken, in the order of the outages. */
  readonly delays: readonly number[];
}

/** Lets a seeded world happen around the judge and its history, and keeps the ledger of what it promised. */
export async function simulate(product: Product, setting: Setting): Promise<Outcome> {
  const clock = virtualClock(START);
  const random = seeded(setting.seed);
  const vantages = VANTAGES.slice(0, setting.vantages ?? 3) as unknown as [string, ...string[]];
  const policy: Policy = { vantages, every: MINUTE, ...policyDefaults(vantages.length), ...setting.policy };
  const config = { policy, targets: TARGETS.map((id) => ({ id })) } as unknown as Config;
  // Of its own seed, so that the same things happen whatever the product does about them.
  const truth = unfoldingTruth(clock, seeded(setting.seed + 1), vantages, [...TARGETS], setting.unrest ?? 1);
  const stripping = unfoldingStripping(clock, seeded(setting.seed + 2), TARGETS, truth);
  const ledger = openLedger({ clock, policy, targets: TARGETS, truth, stripping });
  let faults = setting.faults;
  let writes = 0;
  const table = memoryTable(clock.now, ledger.written, () => random.between(0, faults.staleRead));

  const begin = () => invoked(clock, random, () => faults);

  const over = (invocation: Invocation): Table => {
    const call = <T>(effect: () => Promise<T>, lost: T | null) =>
      invocation.call(
        async () => {
          if (random.chance(faults.tableThrottles)) throw new Error('throttled');
          const answer = await effect();
          if (!random.chance(faults.tableAnswerLost)) return answer;
          if (lost === null || random.chance(0.5)) throw new Error('the answer was lost');
          return lost;
        },
        random.between(2, 60),
      );
    return {
      // The client repeats a put whose answer was lost, and then finds its own write in the way of its condition.
      put: (item, condition) => call(() => table.put(item, condition), condition === undefined ? null : false),
      get: (pk, sk) => call(() => table.get(pk, sk), null),
      query: (pk, range) => call(() => table.query(pk, range), null),
    };
  };

  const portsFor = (invocation: Invocation, vantage: string): Ports => ({
    config,
    vantage,
    history: product.openHistory(over(invocation), {
      now: invocation.now,
      roundDays: 1 / 24,
      newId: () => String(writes++),
    }),
    publishEvents: (events) => invocation.call(async () => deliver(events), random.between(10, 100)),
    sendAlert: (alert) => invocation.call(async () => publish(alert, invocation), random.between(10, 200)),
    secret: async () => '',
    now: invocation.now,
  });

  const publish = (alert: Alert, teller: Invocation) => {
    if (random.chance(faults.snsRefuses)) {
      ledger.refused(alert);
      throw new Error('SNS refused');
    }
    ledger.told(alert, teller);
    if (random.chance(faults.snsTakesThenFails)) throw new Error('SNS took it, and then failed');
  };

  const deliver = (events: readonly BusEvent[]) => {
    if (random.chance(faults.busRefuses)) throw new Error('the bus refused');
    for (const event of events) {
      if (event.type === 'Round Recorded') onBus(() => judge(true));
      if (event.type === 'Second Opinion Wanted')
        for (const vantage of event.detail.vantages)
          onBus(() => probe(vantage, event.detail.round, event.detail.targets));
    }
  };

  const onBus = (happen: () => void) => {
    const copies = random.chance(faults.busDrops) ? 0 : random.chance(faults.busDoubles) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) clock.after(random.between(100, 2500), happen);
  };

  const judge = (fresh: boolean) => {
    const [invocation, began] = [begin(), clock.now()];
    product.judge(portsFor(invocation, 'us-east-1'), fresh).then(
      () => invocation.harmed || ledger.judged(began),
      () => {
        invocation.harmed = true;
      },
    );
  };

  const outcomes = new Map<string, string>();
  const known = new Map<string, RecordedFacts>();
  const sampleOf = (vantage: string, target: string): { sample: RecordedSample; took: number } => {
    const hindrance = truth.hindrance(vantage);
    const rift = truth.rift(vantage, target);
    if (hindrance === 'unable' || rift === 'refused') return { sample: recorded('unable', target), took: 50 };
    const fails = truth.downSince(target) !== null || hindrance === 'blind' || rift === 'cut';
    if (fails || random.chance(faults.probeLoss))
      return { sample: recorded('fail', target), took: random.between(20, 12_000) };
    return { sample: recorded('pass', target), took: random.between(50, 600) };
  };

  /** The sample with the facts that its round brings, and how to know them as recorded. */
  const withFacts = (sample: RecordedSample, vantage: string, round: string, target: string) => {
    if (sample.outcome !== 'pass') return { sample, remember: () => {} };
    const key = `${vantage} ${target}`;
    const [facts, before] = [stripping.factsOf(target), known.get(key)];
    const news = factsToRecord(facts, before, round, policy.every);
    const remember = () => known.set(key, updateRecordedFacts(before, facts, news, round));
    return { sample: Object.keys(news).length === 0 ? sample : { ...sample, facts: news }, remember };
  };

  const probe = (vantage: string, round: string, targets: readonly string[]) => {
    if (truth.hindrance(vantage) === 'lost') return;
    const seen = targets.map((target) => {
      const { sample, took } = sampleOf(vantage, target);
      return [target, { ...withFacts(sample, vantage, round, target), took }] as const;
    });
    const samples = new Map(seen.map(([target, { sample }]) => [target, sample]));
    const isNews = seen.some(
      ([target, { sample }]) => sample.outcome !== 'pass' || outcomes.get(`${vantage} ${target}`) !== 'pass',
    );
    const ports = portsFor(begin(), vantage);
    clock.after(Math.max(...seen.map(([, { took }]) => took)), () => {
      for (const [target, { sample }] of seen) outcomes.set(`${vantage} ${target}`, sample.outcome);
      ports.history
        .recordRound({ vantage, round, samples })
        .then(async (written) => {
          if (written === 'written') {
            ledger.acknowledged(vantage, round);
            for (const [, { remember }] of seen) remember();
          }
          if (isNews) await ports.publishEvents([{ type: 'Round Recorded', detail: { vantage, round } }]);
        })
        .catch(() => undefined);
    });
  };

  const onSchedule = (delay: number, happen: () => void) => {
    if (random.chance(faults.scheduleMissed)) return;
    const late = random.chance(faults.scheduleLate) ? random.between(5000, 50_000) : random.between(0, 1500);
    clock.after(delay + late, happen);
    if (random.chance(faults.scheduleDoubled)) clock.after(delay + late + random.between(0, 3000), happen);
  };

  const tick = () => {
    const round = isoSeconds(clock.now());
    for (const [place, vantage] of vantages.entries()) {
      const delay = policy.stagger ? staggerDelay(place, vantages.length, policy.every) : 0;
      onSchedule(delay, () => probe(vantage, round, TARGETS));
    }
    onSchedule(random.between(0, MINUTE), () => judge(false));
    ledger.tick();
    clock.after(MINUTE, tick);
  };

  tick();
  const isEnough = () => setting.stopAtFirst === true && ledger.violations.length > 0;
  await clock.run(START + setting.rounds * MINUTE, isEnough);
  faults = CALM;
  truth.heal();
  stripping.heal();
  await clock.run(clock.now() + AFTERMATH, isEnough);
  return { rounds: setting.rounds, ...ledger.closed() };
}

/** A plausible address of its own for each target, so that no two are related. */
function recorded(outcome: RecordedSample['outcome'], target: string): RecordedSample {
  const address = `192.${TARGETS.indexOf(target as (typeof TARGETS)[number])}.2.25`;
  const blank = { reply: null, detail: null, timings: {}, total: 1, address, transcript: [] };
  if (outcome === 'pass') return { ...blank, outcome, phase: null, code: null };
  const code = outcome === 'unable' ? 'egress-blocked' : 'connect-timeout';
  return { ...blank, outcome, phase: 'connect', code };
}
