import { randomUUID } from 'node:crypto';
import type { Incident } from '../consensus/judgement/incident.ts';
import type { Judgement } from '../consensus/judgement/judgement.ts';
import { fitIncident, fitJudgement } from './packing/fit-item.ts';
import type { Round, UntimedRound } from './packing/recorded-sample.ts';
import { roundItems } from './packing/round-items.ts';
import { packRound, unpackOutcomes, unpackRound } from './packing/round-packing.ts';
import { type Archive, openArchive } from './rollup/archive.ts';
import { endOfKeys, isRoundHead, roundKey, targetKey, verdictsKey } from './table/keys.ts';
import type { Item, Table } from './table/table.ts';

/** A judgement as stored. `version` grows by one with each write. */
export interface StoredJudgement extends Judgement {
  readonly version: number;
  /** Who is telling the owed alerts and until when (epoch ms) nobody else may: a crash lets it lapse. */
  readonly lease: { readonly by: string; readonly until: number } | null;
}

export interface History extends Archive {
  /** Idempotent: the same vantage and round again is `already`, and nothing is written. */
  recordRound(round: Round): Promise<'written' | 'already'>;
  /** Rounds of a vantage from `since` (ISO UTC) on until `until`, both included, oldest first. */
  rounds(vantage: string, since: string, until?: string): Promise<readonly Round[]>;
  /**
   * The same rounds without their timings, for less work and memory; where `fresh` is false those of the last second may
   * be missing, for half the price.
   */
  outcomes(vantage: string, since: string, fresh?: boolean): Promise<readonly UntimedRound[]>;
  /** Name of the newest round of a vantage; null where it has none. */
  lastRound(vantage: string): Promise<string | null>;
  judgements(): Promise<readonly StoredJudgement[]>;
  judgement(target: string): Promise<StoredJudgement | null>;
  /** Writes only if the stored version is still `expected` (0: there is none). False when somebody else was first. */
  writeJudgement(judgement: Judgement, expected: number, lease: StoredJudgement['lease']): Promise<boolean>;
  /** Incident with its evidence; the same incident again replaces it. */
  writeIncident(incident: Incident): Promise<void>;
  /** Incidents of a target that opened at `since` (ISO UTC) or later, oldest first. */
  incidents(target: string, since?: string): Promise<readonly Incident[]>;
}

export interface HistoryOptions {
  /** Epoch milliseconds; the system's clock by default. */
  readonly now?: () => number;
  /** Days that rounds are kept; 7 by default. The rollup can catch up as far back as this. */
  readonly roundDays?: number;
  /** Makes the id that tells one write from another; random by default. */
  readonly newId?: () => string;
}

const daySeconds = 86_400;

/** Eight digits: enough to tell writers of the same key apart, and paid for with each round. */
const shortId = () => randomUUID().slice(0, 8);

export function openHistory(table: Table, options: HistoryOptions = {}): History {
  const { now = Date.now, roundDays = 7, newId = shortId } = options;
  const inDays = (days: number) => Math.floor(now() / 1000) + days * daySeconds;

  return {
    ...openArchive(table, { now, roundDays }),

    async recordRound(round) {
      const { head, parts } = packRound(round, inDays(roundDays), newId());
      for (const part of parts) await table.put(part);
      if (await table.put(head, { absent: true })) return 'written';
      // The first answer to our own write may have been lost, and its repetition refused.
      return (await isOurs(table, head)) ? 'written' : 'already';
    },

    rounds: (vantage, since, until = endOfKeys) => roundsOf(table, vantage, since, until, unpackRound),

    outcomes: (vantage, since, fresh = true) => roundsOf(table, vantage, since, endOfKeys, unpackOutcomes, fresh),

    async lastRound(vantage) {
      const newest = await table.query(roundKey.pk(vantage), { newestFirst: true, limit: 1 });
      return newest[0]?.sk.split('#')[0] ?? null;
    },

    async judgements() {
      return (await table.query(verdictsKey, { consistent: true })).map(judgementOf);
    },

    async judgement(target) {
      const item = await table.get(verdictsKey, target);
      return item === null ? null : judgementOf(item);
    },

    async writeJudgement(judgement, expected, lease) {
      const key = { pk: verdictsKey, sk: judgement.target };
      const item = { ...fitJudgement(judgement), ...key, version: expected + 1, lease, written: newId() };
      return (await table.put(item, expected === 0 ? { absent: true } : { version: expected })) || isOurs(table, item);
    },

    async writeIncident(incident) {
      const { target, opened } = incident;
      await table.put({ ...fitIncident(incident), pk: targetKey.pk(target), sk: targetKey.incident(opened) });
    },

    async incidents(target, since = '') {
      const range = { from: targetKey.incident(since), to: targetKey.incident(endOfKeys) };
      return (await table.query(targetKey.pk(target), range)).map(incidentOf);
    },
  };
}

async function roundsOf<Unpacked>(
  table: Table,
  vantage: string,
  since: string,
  until: string,
  unpack: (head: Item, partOf: (sk: string) => Item | undefined) => Unpacked,
  consistent = true,
): Promise<readonly Unpacked[]> {
  const items = await roundItems(table, vantage, since, until, consistent);
  const bySk = new Map(items.map((item) => [item.sk, item]));
  return items.filter((item) => isRoundHead(item.sk)).map((head) => unpack(head, (sk) => bySk.get(sk)));
}

async function isOurs(table: Table, written: Item): Promise<boolean> {
  const stored = await table.get(written.pk, written.sk);
  return stored !== null && stored.written === written.written;
}

function judgementOf({ pk: _pk, sk: _sk, written: _written, ...judgement }: Item): StoredJudgement {
  return judgement as unknown as StoredJudgement;
}

function incidentOf({ pk: _pk, sk: _sk, ...incident }: Item): Incident {
  return incident as unknown as Incident;
}
