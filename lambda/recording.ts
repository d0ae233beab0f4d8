import { factsOf } from './consensus/changes.ts';
import { factsDue } from './history/facts.ts';
import type { RecordedSample, Round } from './history/history.ts';
import type { Sample } from './smtp/sample.ts';

/** Days left at which an expiring certificate is told again. */
const certificateDays = [1, 3, 7, 14, 21, 30, 60, 90] as const;

/**
 * What is kept of a round's samples: with the threshold that a warning crossed, and now and then with the facts that
 * are news when they change.
 * @param every length of a round in milliseconds
 */
export function recordedSamples(
  { round, samples }: { readonly round: string; readonly samples: ReadonlyMap<string, Sample> },
  every: number,
): Round['samples'] {
  const due = factsDue(round, every);
  return new Map([...samples].map(([target, sample]) => [target, recorded(sample, due)]));
}

function recorded(sample: Sample, due: boolean): RecordedSample {
  const threshold = thresholdOf(sample);
  const facts = due ? factsOf(sample) : null;
  return { ...sample, ...(threshold === null ? {} : { threshold }), ...(facts === null ? {} : { facts }) };
}

/** `14 days`: a certificate that expires is told at each of these, not each minute. */
function thresholdOf({ code, tls }: Sample): string | null {
  const left = tls?.certificate?.daysLeft;
  if (code !== 'certificate-expiring' || left === undefined) return null;
  const days = certificateDays.find((threshold) => left <= threshold);
  return days === undefined ? null : `${days} days`;
}
