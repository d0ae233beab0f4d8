import type { DnsAnswer, RecordLookup } from '../../../dns/records/records.ts';

/** A lookup with at most so many questions under way at the same time. The others wait in the order of the calls. */
export function atMostAtOnce(most: number, lookup: RecordLookup): RecordLookup {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (type, name) => {
    if (running >= most) await new Promise<void>((start) => waiting.push(start));
    else running++;
    const answer: DnsAnswer<never> = (await lookup(type, name)) as DnsAnswer<never>;
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
    return answer;
  };
}
