/** Writes posture items: all that the posture function needs of the history. */
import { randomUUID } from 'node:crypto';
import { addRun, isToBeStored } from '../../consensus/posture/add-run.ts';
import type { PostureRun } from '../../consensus/posture/posture-run.ts';
import type { PostureState } from '../../consensus/posture/posture-state.ts';
import { endOfKeys, postureKey, postureWatchKey } from '../table/keys.ts';
import type { Table } from '../table/table.ts';
import { type ReportUnreadable, readable, reportOnce, unchangedSince } from '../table/unreadable.ts';
import { postureItem, postureOf } from './posture-item.ts';
import { addWatchRun, type PostureWatch, type PostureWatchRun, watchItem, watchOf } from './posture-watch.ts';

export type { PostureRun, PostureState };

export interface RecordedPosture {
  /** `stale`: newer runs are known of all its areas. */
  readonly outcome: 'written' | 'unchanged' | 'stale';
  /** The time of the newest item of the domain and vantage: `PostureState.at`. For `items` of `PostureWatchRun`. */
  readonly at: string;
}

export interface PostureRecorder {
  /**
   * What the vantage knew after its last run, as it was stored; null if nothing is. Where `fresh` is false that of the last
   * second may be missing, for half the price.
   */
  latestPosture(domain: string, vantage: string, fresh?: boolean): Promise<PostureState | null>;
  /**
   * Writes an item if something changed, if a second run confirms what changed, and once a day. The same run again writes
   * nothing new.
   * @param before what `latestPosture` returned, if it was called in this run
   */
  recordPostureRun(run: PostureRun, before?: PostureState | null): Promise<RecordedPosture>;
  /** The last run of all domains; null if there was none. */
  latestWatch(vantage: string, fresh?: boolean): Promise<PostureWatch | null>;
  /**
   * Notes a run of all domains, after its items are written and before its event is put: the judge then finds the items also
   * if the event is lost.
   */
  recordPostureWatch(run: PostureWatchRun): Promise<PostureWatch>;
}

export interface PostureRecorderOptions {
  /** Epoch milliseconds; the system's clock by default. */
  readonly now?: () => number;
  /** Called once for each item that was skipped because it cannot be read. */
  readonly reportUnreadable?: ReportUnreadable;
  /** Makes the id that tells one write from another; random by default. */
  readonly newId?: () => string;
}

/** Items that cannot be read, and are newer than one that can. */
const MOST_UNREADABLE = 20;
const MOST_CONFLICTS = 10;

export function openPostureRecorder(table: Table, options: PostureRecorderOptions = {}): PostureRecorder {
  const { now = Date.now, newId = () => randomUUID().slice(0, 8) } = options;
  const tell = reportOnce(options.reportUnreadable);

  const recorder: PostureRecorder = {
    async latestPosture(domain, vantage, fresh = false) {
      for (const limit of [1, MOST_UNREADABLE]) {
        const range = { from: postureKey.sk(vantage, ''), to: postureKey.sk(vantage, endOfKeys) };
        const items = await table.query(postureKey.pk(domain), {
          ...range,
          newestFirst: true,
          limit,
          consistent: fresh,
        });
        const [latest] = readable(items, postureOf, tell);
        if (latest !== undefined || items.length < limit) return latest ?? null;
      }
      return null;
    },

    async recordPostureRun(run, given) {
      const before = given === undefined ? await recorder.latestPosture(run.domain, run.vantage) : given;
      const after = addRun(before, run, now());
      if (before !== null && isSameCoverage(before, after)) return { outcome: 'stale', at: before.at };
      if (before !== null && !isToBeStored(before, after)) return { outcome: 'unchanged', at: before.at };
      await table.put(postureItem(after));
      return { outcome: 'written', at: after.at };
    },

    async latestWatch(vantage, fresh = true) {
      return (await newestWatch(table, vantage, tell, fresh)).watch;
    },

    async recordPostureWatch(run) {
      for (let conflicts = 0; conflicts < MOST_CONFLICTS; conflicts += 1) {
        const { watch: before, unreadable } = await newestWatch(table, run.vantage, tell);
        const after = addWatchRun(before, run, now());
        const item = { ...watchItem(after), written: newId() };
        const damaged = unreadable.find(({ sk }) => sk === item.sk);
        const isFirst = after.version === 1;
        const condition = isFirst ? ({ absent: true } as const) : { version: after.version - 1 };
        if (await table.put(item, damaged === undefined ? condition : unchangedSince(damaged))) return after;
        if ((await table.get(item.pk, item.sk))?.written === item.written) return after;
      }
      throw new Error(`the posture watch of ${run.vantage} was changed by others ${MOST_CONFLICTS} times`);
    },
  };
  return recorder;
}

function isSameCoverage(before: PostureState, after: PostureState): boolean {
  return Object.entries(after.areas).every(([area, at]) => before.areas[area as keyof typeof before.areas] === at);
}

async function newestWatch(table: Table, vantage: string, tell: ReportUnreadable, consistent = true) {
  const range = { from: postureWatchKey.sk(vantage, ''), to: postureWatchKey.sk(vantage, endOfKeys) };
  const items = await table.query(postureWatchKey.pk, { ...range, newestFirst: true, limit: 2, consistent });
  const read = items.map((item) => ({ item, watch: readable([item], watchOf, tell)[0] ?? null }));
  return {
    watch: read.find(({ watch }) => watch !== null)?.watch ?? null,
    unreadable: read.filter(({ watch }) => watch === null).map(({ item }) => item),
  };
}
