import { condenseFacts, factsOf } from '../consensus/facts/facts.ts';
import type { RecordedSample, Round } from '../history/packing/recorded-sample.ts';
import { factsToRecord, type RecordedFacts, updateRecordedFacts } from '../history/recorded-facts.ts';
import type { Sample } from '../smtp/sample/sample.ts';

/** Days left at which an expiring certificate is told again. */
const certificateDays = [1, 3, 7, 14, 21, 30, 60, 90] as const;

/** Of each target what a process recorded of its facts. */
export type KnownFacts = ReadonlyMap<string, RecordedFacts>;

/** What is to be written of a round, and what its facts are known to be once it is. */
export interface Recording {
  readonly samples: Round['samples'];
  readonly known: KnownFacts;
}

/**
 * What is kept of a round's samples: with the threshold that a warning crossed, and with the facts that are news to who
 * knows what was recorded before.
 * @param every length of a round in milliseconds
 */
export function prepareRecording(
  { round, samples }: { readonly round: string; readonly samples: ReadonlyMap<string, Sample> },
  every: number,
  before: KnownFacts = new Map(),
): Recording {
  const known = new Map(before);
  const recorded = [...samples].map(([target, sample]) => {
    const facts = factsOf(sample);
    if (facts === null) return [target, withThreshold(sample)] as const;
    const news = factsToRecord(facts, before.get(target), round, every);
    known.set(target, updateRecordedFacts(before.get(target), facts, news, round));
    return [target, { ...withThreshold(sample), ...(isEmpty(news) ? {} : { facts: condenseFacts(news) }) }] as const;
  });
  return { samples: new Map(recorded), known };
}

function isEmpty(facts: object): boolean {
  return Object.keys(facts).length === 0;
}

function withThreshold(sample: Sample): RecordedSample {
  const threshold = thresholdOf(sample);
  return threshold === null ? sample : { ...sample, threshold };
}

/** `14 days`: a certificate that expires is told at each of these, not each minute. */
function thresholdOf({ code, tls }: Sample): string | null {
  const left = tls?.certificate?.daysLeft;
  if (code !== 'certificate-expiring' || left === undefined) return null;
  const days = certificateDays.find((threshold) => left <= threshold);
  return days === undefined ? null : `${days} days`;
}
