import type { ChapterEvidence, Incident } from '../consensus/judgement/incident.ts';
import type { Judgement } from '../consensus/judgement/judgement-state.ts';
import { chapterItem, endedChapters, readChapter } from './packing/chapter-items.ts';
import { incidentOf, judgementOf, type StoredJudgement } from './packing/judgement-item.ts';
import { roundItems } from './packing/query-round-items.ts';
import type { Round, UntimedRound } from './packing/recorded-round.ts';
import { unpackOutcomes, unpackRound } from './packing/round-packing.ts';
import { fitIncident, fitJudgement } from './packing/shrink-judgement-to-fit-item.ts';
import {
  defaultRoundDays,
  openRoundRecorder,
  type RecorderOptions,
  type RoundRecorder,
  shortId,
} from './record-round.ts';
import { type Archive, openArchive } from './rollup/archive.ts';
import { progressOf } from './rollup/progress.ts';
import { endOfKeys, isRoundHead, rollupKey, roundKey, targetKey, verdictsKey } from './table/keys.ts';
import type { Item, Table } from './table/table.ts';
import { isRoundName } from './table/type-guards.ts';
import { type ReportUnreadable, readable, readOrNull, reportOnce, type UnreadableItem } from './table/unreadable.ts';
import { writeVersion } from './table/write-version.ts';

export type { StoredJudgement };

export interface History extends Archive, RoundRecorder {
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
  /** A chapter of an incident that has ended; the same chapter again replaces it. */
  writeChapter(incident: Incident, chapter: ChapterEvidence): Promise<void>;
  /** The chapters of an incident before the present one, in their order. */
  chapters(incident: Incident): Promise<readonly ChapterEvidence[]>;
  /** Items that cannot be read: verdicts, the progress of the rollup, rounds from `since` on, and what is kept of these targets. */
  unreadable(
    vantages: readonly string[],
    targets: readonly string[],
    since: string,
  ): Promise<readonly UnreadableItem[]>;
}

export interface HistoryOptions extends RecorderOptions {
  /** Called once for each item that was skipped because it cannot be read. */
  readonly reportUnreadable?: ReportUnreadable;
}

export function openHistory(table: Table, options: HistoryOptions = {}): History {
  const { now = Date.now, roundDays = defaultRoundDays, newId = shortId } = options;
  const tell = reportOnce(options.reportUnreadable);

  return {
    ...openRoundRecorder(table, { now, roundDays, newId }),
    ...openArchive(table, { now, roundDays, tell }),

    rounds: (vantage, since, until = endOfKeys) => roundsOf(table, { vantage, since, until }, unpackRound, tell),

    outcomes: (vantage, since, fresh = true) =>
      roundsOf(table, { vantage, since, until: endOfKeys, fresh }, unpackOutcomes, tell),

    async lastRound(vantage) {
      for (const limit of [1, mostStrangers]) {
        const newest = await table.query(roundKey.pk(vantage), { newestFirst: true, limit, keysOnly: true });
        const round = newest.map(({ sk }) => sk.split('#')[0]).find(isRoundName);
        if (round !== undefined || newest.length < limit) return round ?? null;
      }
      return null;
    },

    async judgements() {
      return readable(await table.query(verdictsKey, { consistent: true }), judgementOf, tell);
    },

    async judgement(target) {
      const item = await table.get(verdictsKey, target);
      return item === null ? null : readOrNull(item, judgementOf, tell);
    },

    async writeJudgement(judgement, expected, lease) {
      const key = { pk: verdictsKey, sk: judgement.target };
      const item = { ...fitJudgement(judgement), ...key, version: expected + 1, lease, written: newId() };
      return writeVersion(table, item, expected, judgementOf);
    },

    async writeIncident(incident) {
      const { target, opened } = incident;
      await table.put({ ...fitIncident(incident), pk: targetKey.pk(target), sk: targetKey.incident(opened) });
    },

    async incidents(target, since = '') {
      const range = { from: targetKey.incident(since), to: targetKey.incident(endOfKeys) };
      return readable(await table.query(targetKey.pk(target), range), incidentOf, tell);
    },

    async writeChapter(incident, chapter) {
      await table.put(chapterItem(incident, chapter));
    },

    async chapters(incident) {
      if ((incident.chapter?.number ?? 1) === 1) return [];
      const prefix = targetKey.chapters(incident.opened);
      const items = await table.query(targetKey.pk(incident.target), { from: prefix, to: prefix + endOfKeys });
      return endedChapters(readable(items, readChapter, tell), incident);
    },

    unreadable: (vantages, targets, since) => findUnreadable(table, { now, roundDays }, vantages, targets, since),
  };
}

/** How many items that are not rounds, and sort after all rounds, are skipped. */
const mostStrangers = 100;

interface Span {
  readonly vantage: string;
  readonly since: string;
  readonly until: string;
  readonly fresh?: boolean;
}

async function roundsOf<Unpacked>(
  table: Table,
  { vantage, since, until, fresh = true }: Span,
  unpack: (head: Item, partOf: (sk: string) => Item | undefined) => Unpacked,
  tell: ReportUnreadable,
): Promise<readonly Unpacked[]> {
  const items = await roundItems(table, vantage, since, until, fresh);
  const bySk = new Map(items.map((item) => [item.sk, item]));
  const heads = items.filter((item) => isRoundHead(item.sk));
  return readable(heads, (head) => unpack(head, (sk) => bySk.get(sk)), tell);
}

/** Reads items and keeps which of them were reported. */
async function findUnreadable(
  table: Table,
  options: HistoryOptions,
  vantages: readonly string[],
  targets: readonly string[],
  since: string,
): Promise<readonly UnreadableItem[]> {
  const found: UnreadableItem[] = [];
  const history = openHistory(table, { ...options, reportUnreadable: (item) => void found.push(item) });
  await history.judgements();
  const progress = await table.query(rollupKey.pk, { from: rollupKey.sk, to: rollupKey.sk });
  readable(progress, progressOf, (item) => void found.push(item));
  for (const vantage of vantages) await history.rounds(vantage, since);
  for (const target of targets) {
    for (const incident of await history.incidents(target)) await history.chapters(incident);
    await Promise.all([history.hours(target, since), history.days(target, since)]);
  }
  return found;
}
