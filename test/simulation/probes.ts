import type { Facts } from '../../lambda/consensus/judgement/observation.ts';
import type { Policy } from '../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import { factsToRecord, type RecordedFacts, updateRecordedFacts } from '../../lambda/history/choose-facts-to-record.ts';
import type { RecordedSample } from '../../lambda/history/packing/recorded-round.ts';
import type { JudgePorts } from '../../lambda/ports.ts';
import type { ActualState } from './actual-state.ts';
import type { Faults } from './faults.ts';
import type { Greylisting } from './greylisting.ts';
import type { Product } from './product.ts';
import type { PromiseChecks } from './promise-checks.ts';
import type { Random } from './random.ts';
import type { StarttlsStripping } from './starttls-stripping.ts';
import type { Clock } from './virtual-clock.ts';

/** A probe of a slow server takes more than half a round, and ends at its deadline. Milliseconds. */
const LATE = [31_000, 50_000] as const;

interface Setup {
  readonly product: Product;
  readonly clock: Clock;
  readonly random: Random;
  readonly state: ActualState;
  readonly stripping: StarttlsStripping;
  readonly greylisting: Greylisting;
  readonly policy: Policy;
  readonly checks: PromiseChecks;
  readonly strikes: (probability: number) => boolean;
  readonly faults: () => Faults;
  /** Starts an invocation of the probe function of a vantage. */
  readonly start: (vantage: string) => JudgePorts;
}

interface Seen {
  readonly sample: RecordedSample;
  /** Milliseconds. */
  readonly took: number;
  readonly facts: Facts;
}

/** Samples to write, and a function that marks their facts as recorded. */
interface Prepared {
  readonly samples: ReadonlyMap<string, RecordedSample>;
  mark(): void;
}

/**
 * Simulates the probe functions: what they see, and the rounds that they record. As the real ones do, they record after half
 * a round what is known by then, and add the samples of the other probes when they end.
 */
export function simulateProbes({
  product,
  clock,
  random,
  state,
  stripping,
  greylisting,
  policy,
  checks,
  strikes,
  faults,
  start,
}: Setup) {
  const lastOutcomes = new Map<string, string>();
  const recordedFacts = new Map<string, RecordedFacts>();

  const look = (vantage: string, target: string): Omit<Seen, 'facts'> => {
    const vantageFault = state.vantageFault(vantage);
    const linkFault = state.linkFault(vantage, target);
    if (vantageFault === 'unable' || linkFault === 'refused') return { sample: recorded('unable', target), took: 50 };
    const outage = state.outageOf(target);
    if (outage?.vantages.has(vantage))
      return { sample: recorded('fail', target), took: random.between(outage.took.least, outage.took.most) };
    if (vantageFault === 'blind' || linkFault === 'cut' || strikes(faults().probeLoss))
      return { sample: recorded('fail', target), took: random.between(20, 12_000) };
    const outcome = greylisting.isGreylisted(target) ? 'warn' : 'pass';
    const took = strikes(faults().probeSlow) ? random.between(...LATE) : random.between(50, 600);
    return { sample: recorded(outcome, target), took };
  };

  /** What differs from the facts that the vantage recorded, as it is known at the time of the write. */
  const prepare = (vantage: string, round: string, seen: readonly (readonly [string, Seen])[]): Prepared => {
    const marks: (() => void)[] = [];
    const samples = seen.map(([target, { sample, facts }]) => {
      if (sample.outcome !== 'pass' && sample.outcome !== 'warn') return [target, sample] as const;
      const key = `${vantage} ${target}`;
      const before = recordedFacts.get(key);
      const news = factsToRecord(facts, before, { round, every: policy.every });
      marks.push(() => recordedFacts.set(key, updateRecordedFacts(before, facts, news, round)));
      return [target, Object.keys(news).length === 0 ? sample : { ...sample, facts: news }] as const;
    });
    return {
      samples: new Map(samples),
      mark() {
        for (const mark of marks) mark();
      },
    };
  };

  /** Whether the judge should run at once. */
  const isNews = (vantage: string, seen: readonly (readonly [string, Seen])[]) => {
    const found = seen.some(
      ([target, { sample }]) =>
        sample.outcome !== 'pass' || (lastOutcomes.get(`${vantage} ${target}`) ?? 'pass') !== 'pass',
    );
    for (const [target, { sample }] of seen) lastOutcomes.set(`${vantage} ${target}`, sample.outcome);
    return found;
  };

  return (vantage: string, round: string, targets: readonly string[]): void => {
    if (state.vantageFault(vantage) === 'lost') return;
    const all = targets.map((target): readonly [string, Seen] => {
      return [target, { ...look(vantage, target), facts: stripping.factsOf(target) }];
    });
    const late = all.filter(([, { took }]) => took > policy.every / 2);
    const inTime = all.filter((one) => !late.includes(one));
    const ports = start(vantage);
    const began = ports.now();
    const announce = async (seen: typeof all) => {
      if (isNews(vantage, seen)) await ports.publishEvents([{ type: 'Round Recorded', detail: { vantage, round } }]);
    };

    const record = async () => {
      const underWay = Object.fromEntries(late.map(([target]) => [target, 0]));
      const { samples, mark } = prepare(vantage, round, inTime);
      const known = { vantage, round, began: isoSeconds(began), samples };
      const written = await product.recordOrRename(
        ports.history,
        late.length === 0 ? known : { ...known, underWay },
        began,
        policy.every,
      );
      if (written === 'written') {
        checks.acknowledged(vantage, round, [...samples.keys()]);
        mark();
      }
      await announce(inTime);
      return written === 'written';
    };

    const add = async (one: readonly [string, Seen], isOurs: boolean) => {
      const { samples, mark } = prepare(vantage, round, [one]);
      if (isOurs && (await ports.history.addToRound(vantage, round, samples))) {
        checks.acknowledged(vantage, round, [...samples.keys()]);
        mark();
      }
      await announce([one]);
    };

    const after = (milliseconds: number) => new Promise<void>((resolve) => clock.after(milliseconds, resolve));
    const run = async () => {
      let spent = late.length > 0 ? policy.every / 2 : Math.max(0, ...inTime.map(([, { took }]) => took));
      await after(spent);
      const isOurs = await record();
      for (const one of late.toSorted(([, a], [, b]) => a.took - b.took)) {
        await after(Math.max(0, one[1].took - spent));
        spent = Math.max(spent, one[1].took);
        await add(one, isOurs);
      }
    };
    run().catch(() => undefined);
  };
}

/** A sample. Each target has an address in its own network. */
function recorded(outcome: RecordedSample['outcome'], target: string): RecordedSample {
  const address = `192.${target.slice('mx'.length)}.2.25`;
  const blank = { reply: null, detail: null, timings: {}, total: 1, address, transcript: [] };
  if (outcome === 'pass') return { ...blank, outcome, phase: null, code: null };
  if (outcome === 'warn') return { ...blank, outcome, phase: 'rcpt', code: 'rcpt-greylisted' };
  const code = outcome === 'unable' ? 'egress-blocked' : 'connect-timeout';
  return { ...blank, outcome, phase: 'connect', code };
}
