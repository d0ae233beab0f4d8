/** Probes a host, once or for each address family. */

import type { Endpoint, Family } from './endpoint/endpoint.ts';
import { type ProbeOptions, probe } from './resolve-and-probe-endpoint.ts';
import { compareSeverity, informativeParts, mergeParts, namedFindings } from './sample/combine-samples.ts';
import type { Part, Sample } from './sample/sample.ts';

export type HostTarget = Omit<Endpoint, 'family'> & { readonly family?: Family };

/** One session; with `family: each`, one for IPv4 and one for IPv6. */
export async function probeHost({ family = 'any', ...endpoint }: HostTarget, options: ProbeOptions): Promise<Sample> {
  if (family !== 'each') return probe({ ...endpoint, family }, options);
  const probeFamily = async (one: 4 | 6): Promise<Part> => ({
    name: `IPv${one}`,
    sample: await probe({ ...endpoint, family: one }, options),
  });
  const [four, six] = await Promise.all([probeFamily(4), probeFamily(6)]);
  const counted = informativeParts(publishedFamilies([four, six], endpoint));
  const source = counted.toSorted(compareSeverity)[0] ?? four;
  return mergeParts([four, six], source, counted.flatMap(namedFindings));
}

/** The families that count. A target host must have both. An MX host may have only one. */
function publishedFamilies(parts: readonly Part[], { domain }: Omit<HostTarget, 'family'>): readonly Part[] {
  if (domain === undefined) return parts;
  const present = parts.filter(({ sample }) => sample.code !== 'dns-no-data');
  return present.length > 0 ? present : parts;
}
