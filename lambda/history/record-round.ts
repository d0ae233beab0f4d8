/** Writes rounds: all that a probe needs of the history. Without the rest its function is smaller and starts sooner. */
import { randomUUID } from 'node:crypto';
import { addToRound } from './packing/late-samples.ts';
import type { RecordedSample, Round } from './packing/recorded-round.ts';
import { packedEntries, packRound } from './packing/round-packing.ts';
import { roundKey } from './table/keys.ts';
import type { Item, Table } from './table/table.ts';

export interface RoundRecorder {
  /** Idempotent: the same vantage and round again is `already`, and nothing is written. */
  recordRound(round: Round): Promise<'written' | 'already'>;
  /** The outcomes of a recorded round by target; empty if it is not there, or cannot be read. A probe may read no more. */
  recordedOutcomes(vantage: string, round: string): Promise<ReadonlyMap<string, Outcome>>;
  /**
   * Adds samples of probes that ended after the round was recorded. The round must have named them as under way. False if it
   * is not there, or did not. `unreached` is how many targets there was no time for, as it is known by now.
   */
  addToRound(vantage: string, round: string, samples: Round['samples'], unreached?: number): Promise<boolean>;
}

type Outcome = RecordedSample['outcome'];

export interface RecorderOptions {
  /** Epoch milliseconds; the system's clock by default. */
  readonly now?: () => number;
  /** Days that rounds are kept; 7 by default. The rollup can catch up as far back as this. */
  readonly roundDays?: number;
  /** Makes the id that tells one write from another; random by default. */
  readonly newId?: () => string;
}

export const defaultRoundDays = 7;

const daySeconds = 86_400;

/** Eight digits: enough to tell writers of the same key apart, and paid for with each round. */
export const shortId = () => randomUUID().slice(0, 8);

export function openRoundRecorder(table: Table, options: RecorderOptions = {}): RoundRecorder {
  const { now = Date.now, roundDays = defaultRoundDays, newId = shortId } = options;
  const ttl = () => Math.floor(now() / 1000) + roundDays * daySeconds;
  return {
    addToRound: (vantage, round, samples, unreached = 0) =>
      addToRound(table, { vantage, round, samples, unreached }, ttl(), newId),

    async recordRound(round) {
      const { head, parts } = packRound(round, ttl(), newId());
      for (const part of parts) await table.put(part);
      if (await table.put(head, { absent: true })) return 'written';
      // The first answer to our own write may have been lost, and its repetition refused.
      return (await isOwnWrite(table, head)) ? 'written' : 'already';
    },

    recordedOutcomes: (vantage, round) => outcomesOf(table, vantage, round),
  };
}

async function outcomesOf(table: Table, vantage: string, round: string): Promise<ReadonlyMap<string, Outcome>> {
  const pk = roundKey.pk(vantage);
  const head = await table.get(pk, round);
  if (head === null) return new Map();
  const keys = Array.isArray(head.parts) ? head.parts.map(String) : [];
  const parts = new Map(
    await Promise.all(keys.map(async (sk) => [sk, (await table.get(pk, sk)) ?? undefined] as const)),
  );
  try {
    const entries = packedEntries(head, (sk) => parts.get(sk));
    return new Map(entries.map(({ target, packed }) => [target, typeof packed === 'string' ? 'pass' : packed[0]]));
  } catch {
    return new Map();
  }
}

/** Whether the stored item is the one that was just written. */
async function isOwnWrite(table: Table, written: Item): Promise<boolean> {
  const stored = await table.get(written.pk, written.sk);
  return stored !== null && stored.written === written.written;
}
