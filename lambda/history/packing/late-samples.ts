/** Adds to a recorded round the samples of probes that ended later. */
import { roundKey } from '../table/keys.ts';
import type { Item, Table } from '../table/table.ts';
import type { Round, UnderWay } from './recorded-round.ts';
import { packRound } from './round-packing.ts';

/** Two writers of one round are an invocation and its repetition. */
const MOST_ATTEMPTS = 5;

/**
 * The samples become further parts of the round, as those of a round that is too large for one item: any version can read
 * them. The parts are written first. The head that lists them replaces the head of the version that was read.
 */
export async function addToRound(table: Table, round: Round, ttl: number, newId: () => string): Promise<boolean> {
  const { vantage, round: name, samples, unreached = 0 } = round;
  const key = [roundKey.pk(vantage), roundKey.sk(name)] as const;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const head = await table.get(...key);
    if (head === null || typeof head.version !== 'number') return false;
    const id = newId();
    const before = (head.parts ?? []) as readonly string[];
    const parts = partsOf(round, ttl, id, before.length + 2);
    for (const part of parts) await table.put(part);
    const next = {
      ...withoutUnderWay(head),
      ...remaining((head.underWay ?? {}) as UnderWay, samples),
      ...(unreached > 0 ? { unreached } : {}),
      parts: [...before, ...parts.map(({ sk }) => sk)],
      version: head.version + 1,
      written: id,
    };
    if (await table.put(next, { version: head.version })) return true;
    // The first answer to our own write may have been lost, and its repetition refused.
    if ((await table.get(...key))?.written === id) return true;
  }
  return false;
}

/** Every item of the samples as a part, with the next numbers. */
function partsOf(round: Round, ttl: number, id: string, from: number): readonly Item[] {
  const { head, parts } = packRound(round, ttl, id);
  const { parts: _, ...first } = head;
  return [first, ...parts].map((item, at) => ({ ...item, sk: roundKey.part(round.round, from + at, id) }));
}

function withoutUnderWay({ underWay: _, ...head }: Item): Item {
  return head;
}

function remaining(underWay: UnderWay, samples: Round['samples']): { readonly underWay?: UnderWay } {
  const left = Object.entries(underWay).filter(([target]) => !samples.has(target));
  return left.length === 0 ? {} : { underWay: Object.fromEntries(left) };
}
