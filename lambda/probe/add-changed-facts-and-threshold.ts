/** Prepares the samples of a round for recording. */
import { condenseFacts, factsOf } from '../consensus/facts/server-facts.ts';
import type { Facts } from '../consensus/judgement/observation.ts';
import { factsToRecord, type RecordedFacts, updateRecordedFacts } from '../history/choose-facts-to-record.ts';
import type { RecordedSample, Round } from '../history/packing/recorded-round.ts';
import type { Sample } from '../smtp/sample/sample.ts';

/** Days left at which an expiring certificate is reported again. */
const certificateDays = [1, 3, 7, 14, 21, 30, 60, 90] as const;

/** The facts of each target that this process recorded. */
export type KnownFacts = ReadonlyMap<string, RecordedFacts>;

/** The samples to write for a round. */
export interface Recording {
  readonly samples: Round['samples'];
  /** The recorded facts after the write. Another round may have been written meanwhile: `now` has its facts. */
  knownAfterWrite(now: KnownFacts | undefined, turn?: number): KnownFacts;
}

/**
 * The samples of a round to record, with the threshold that a warning crossed and the facts that differ from the record.
 * @param every length of a round in milliseconds
 */
export function prepareRecording(
  { round, samples }: { readonly round: string; readonly samples: ReadonlyMap<string, Sample> },
  every: number,
  before: KnownFacts = new Map(),
): Recording {
  const changes: { readonly target: string; readonly facts: Facts; readonly changed: Facts }[] = [];
  const recorded = [...samples].map(([target, sample]) => {
    const facts = factsOf(sample);
    if (facts === null) return [target, withThreshold(sample)] as const;
    const changed = factsToRecord(facts, before.get(target), round, every);
    changes.push({ target, facts, changed });
    return [
      target,
      { ...withThreshold(sample), ...(isEmpty(changed) ? {} : { facts: condenseFacts(changed) }) },
    ] as const;
  });
  return {
    samples: new Map(recorded),
    knownAfterWrite: (now = new Map(), turn) => {
      const known = new Map(now);
      for (const { target, facts, changed } of changes)
        known.set(target, updateRecordedFacts(now.get(target), facts, changed, round, turn));
      return known;
    },
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
