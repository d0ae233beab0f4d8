/** The posture of domains in the table: what the judge, the command line and reports use. */
import type { PostureState } from '../../consensus/posture/posture-state.ts';
import type { PostureVerdict, StoredPostureVerdict } from '../../consensus/posture/posture-verdict.ts';
import { endOfKeys, postureKey, postureVerdictsKey, postureWatchKey } from '../table/keys.ts';
import type { Table } from '../table/table.ts';
import { readable, readOrNull, reportOnce } from '../table/unreadable.ts';
import { writeVersion } from '../table/write-version.ts';
import { postureOf } from './posture-item.ts';
import { type PostureProgress, postureProgressOf } from './posture-progress.ts';
import { fitVerdict, postureVerdictOf } from './posture-verdict-item.ts';
import { type PostureWatch, watchOf } from './posture-watch.ts';
import { openPostureRecorder, type PostureRecorder, type PostureRecorderOptions } from './record-posture.ts';

export interface PostureHistory extends PostureRecorder {
  /** What a vantage knew of a domain at `since` (ISO UTC), and each item after it until `until`, oldest first. */
  postureStates(domain: string, vantage: string, since: string, until?: string): Promise<readonly PostureState[]>;
  /** When a vantage watched, by day, from the day before `since` on. */
  postureWatches(vantage: string, since: string, until?: string): Promise<readonly PostureWatch[]>;
  postureVerdicts(): Promise<readonly StoredPostureVerdict[]>;
  postureVerdict(domain: string): Promise<StoredPostureVerdict | null>;
  /** Writes only if the stored version is still `expected` (0: there is none). False if another judge was first. */
  writePostureVerdict(verdict: PostureVerdict, expected: number): Promise<boolean>;
  postureProgress(): Promise<PostureProgress | null>;
  writePostureProgress(progress: PostureProgress): Promise<void>;
}

/** Milliseconds: an item is written at least once a day. */
const OLDEST = 2 * 24 * 3_600_000;

export function openPostureHistory(table: Table, options: PostureRecorderOptions = {}): PostureHistory {
  const { newId = () => crypto.randomUUID().slice(0, 8) } = options;
  const tell = reportOnce(options.reportUnreadable);
  const settings = { ...options, newId, reportUnreadable: tell };

  const history: PostureHistory = {
    ...openPostureRecorder(table, settings),

    async postureStates(domain, vantage, since, until = endOfKeys) {
      const from = postureKey.sk(vantage, daysBefore(since));
      const items = await table.query(postureKey.pk(domain), { from, to: postureKey.sk(vantage, until) });
      const states = readable(items, postureOf, tell);
      const first = states.findLastIndex(({ at }) => at <= since);
      return states.slice(Math.max(0, first));
    },

    async postureWatches(vantage, since, until = endOfKeys) {
      const range = { from: postureWatchKey.sk(vantage, daysBefore(since)), to: postureWatchKey.sk(vantage, until) };
      return readable(await table.query(postureWatchKey.pk, range), watchOf, tell);
    },

    async postureVerdicts() {
      const range = { from: postureVerdictsKey.first, to: endOfKeys, consistent: true };
      return readable(await table.query(postureVerdictsKey.pk, range), postureVerdictOf, tell);
    },

    async postureVerdict(domain) {
      const item = await table.get(postureVerdictsKey.pk, domain);
      return item === null ? null : readOrNull(item, postureVerdictOf, tell);
    },

    async writePostureVerdict(verdict, expected) {
      const key = { pk: postureVerdictsKey.pk, sk: verdict.domain };
      const item = { ...fitVerdict(verdict), ...key, version: expected + 1, written: newId() };
      return writeVersion(table, item, expected, postureVerdictOf);
    },

    async postureProgress() {
      const item = await table.get(postureVerdictsKey.pk, postureVerdictsKey.progress);
      return item === null ? null : readOrNull(item, postureProgressOf, tell);
    },

    async writePostureProgress(progress) {
      await table.put({ ...progress, pk: postureVerdictsKey.pk, sk: postureVerdictsKey.progress });
    },
  };
  return history;
}

function daysBefore(since: string): string {
  return new Date(Date.parse(since) - OLDEST).toISOString().slice(0, 10);
}
