/** Prepares the samples of a round for recording. */
import type { Target } from '../config/config.ts';
import { condenseFacts, factsOf } from '../consensus/facts/server-facts.ts';
import type { Facts } from '../consensus/judgement/observation.ts';
import { factsToRecord, type RecordedFacts, updateRecordedFacts } from '../history/choose-facts-to-record.ts';
import type { RecordedSample, Round } from '../history/packing/recorded-round.ts';
import { type ServedFacts, servedFactsOf } from '../history/packing/served-facts.ts';
import type { Sample } from '../smtp/sample/sample.ts';

/** Days left at which an expiring certificate is reported again. */
const certificateDays = [1, 3, 7, 14, 21, 30, 60, 90] as const;

/** The facts of each target that this process recorded. */
export type KnownFacts = ReadonlyMap<string, RecordedFacts>;

/** The samples to write for a round. */
export interface Recording {
  readonly samples: Round['samples'];
  /** The recorded facts after the write. Another round may have been written meanwhile: `now` has its facts. */
  knownAfterWrite(now: KnownFacts | undefined): KnownFacts;
}

/** A target of the config. */
type RecordedTarget = Pick<Target, 'id' | 'host' | 'domain' | 'port'>;

interface RoundSamples {
  readonly round: string;
  /** Rounds of one process are counted as they begin. */
  readonly turn?: number;
  readonly samples: ReadonlyMap<string, Sample>;
  /** Those whose hosts receive mail for a domain are recorded with what they serve. */
  readonly targets?: readonly RecordedTarget[];
}

/**
 * The samples of a round to record, with the threshold that a warning crossed and the facts that differ from the record.
 * @param every length of a round in milliseconds
 */
export function prepareRecording(
  { round, turn = 0, samples, targets = [] }: RoundSamples,
  every: number,
  before: KnownFacts = new Map(),
): Recording {
  const byId = new Map(targets.map((target) => [target.id, target]));
  const changes: { readonly target: string; readonly facts: Facts; readonly changed: Facts }[] = [];
  const recorded = [...samples].map(([target, sample]) => {
    const facts = factsOf(sample);
    if (facts === null) return [target, withThreshold(sample)] as const;
    const served = servedFacts(sample, byId.get(target));
    const all = { ...facts, ...served };
    const changed = factsToRecord(all, before.get(target), { round, every, turn });
    changes.push({ target, facts: all, changed });
    return [target, { ...withThreshold(sample), ...recordedFacts(changed, served) }] as const;
  });
  return {
    samples: new Map(recorded),
    knownAfterWrite: (now = new Map()) => {
      const known = new Map(now);
      for (const { target, facts, changed } of changes)
        known.set(target, updateRecordedFacts(now.get(target), facts, changed, round, turn));
      return known;
    },
  };
}

/** Ports of submission: RFC 8314 7. No record of a domain is compared with them. */
const SUBMISSION: ReadonlySet<number> = new Set([465, 587]);

function servedFacts(sample: Sample, target: RecordedTarget | undefined): ServedFacts {
  return target === undefined || SUBMISSION.has(target.port) ? {} : servedFactsOf(sample, target.host, target.domain);
}

/** The judge reads `facts` alone. */
function recordedFacts(changed: Facts, served: ServedFacts): Pick<RecordedSample, 'facts' | 'served'> {
  const entries = Object.entries(changed);
  const [own, others] = [true, false].map((isServed) =>
    condenseFacts(Object.fromEntries(entries.filter(([name]) => name in served === isServed))),
  );
  return {
    ...(others === undefined || isEmpty(others) ? {} : { facts: others }),
    ...(own === undefined || isEmpty(own) ? {} : { served: own }),
  };
}

function isEmpty(facts: object): boolean {
  return Object.keys(facts).length === 0;
}

function withThreshold(sample: Sample): RecordedSample {
  const threshold = thresholdOf(sample);
  return threshold === null ? sample : { ...sample, threshold };
}

/** `14 days`: an expiring certificate is reported at each threshold, not in each round. */
function thresholdOf({ code, tls }: Sample): string | null {
  const left = tls?.certificate?.daysLeft;
  if (code !== 'certificate-expiring' || left === undefined) return null;
  const days = certificateDays.find((threshold) => left <= threshold);
  return days === undefined ? null : `${days} days`;
}
