/** One publication of the page. */

import { setTimeout as sleep } from 'node:timers/promises';
import { NOW_PATH } from '../../web/documents/now.ts';
import type { SiteFile } from '../../web/site.ts';
import { inParallel } from '../history/table/parallel.ts';
import { isShard } from './history-files.ts';
import {
  EMPTY_MANIFEST,
  type Manifest,
  manifestText,
  readManifest,
  unknownFiles,
  type WriteClaim,
  withoutClaim,
} from './manifest.ts';
import { type Plan, type PlannedFile, planPublication } from './plan.ts';
import type { SiteStore, StoredManifest } from './site-store.ts';

/** The page as it is to be published. */
export interface Site {
  /** Each changed file is asked for once. Null if there is nothing to write. */
  fileOf(path: string): Promise<SiteFile | null>;
  readonly files: ReadonlyMap<string, PlannedFile>;
}

export interface ReadRequest {
  /** Look for all changes, and not for news alone. */
  readonly isWhole: boolean;
  /** Some shards of the history may be written: no event waits. */
  readonly isHistoryDue: boolean;
  /** What is in the bucket. */
  readonly former: Manifest['files'];
}

export interface Publication {
  readonly store: SiteStore;
  /** Digest of what the config lets the page show. */
  readonly shows: string;
  /** Reads the history, and makes the page. */
  read(request: ReadRequest): Promise<Site>;
  /** Of this run. */
  readonly by: string;
  /** Epoch milliseconds. */
  now(): number;
  /** Epoch milliseconds by which this run has ended, whatever happens. */
  readonly deadline: number;
  /** Epoch milliseconds of the newest event that started this run; Infinity if a schedule did. */
  readonly newsAt: number;
}

export interface PublicationReport {
  /** Objects. */
  readonly written: number;
  readonly removed: number;
  readonly isWhole: boolean;
  /** Another publication had read the history after the events of this one. */
  readonly isCovered: boolean;
}

/** Objects written at once. */
const PARALLEL = 16;
/** The rollup begins at minute 7 and ends by minute 17; a whole publication is due once an hour after it. */
export const WHOLE_AFTER = 18 * 60_000;
const HOUR = 3_600_000;
/** Clocks of functions and queues may differ, and the message follows the write of the verdict. */
const CLOCK_TOLERANCE = 2_000;
/** Lambda ends each run before: a claim that lasts longer is of a clock that was wrong. */
const LONGEST_CLAIM = 20 * 60_000;
/** Between looks at a manifest that another run has claimed. */
const LOOK_AGAIN = 500;
/** Of the time of a run, for what it does after it has waited. */
const OWN_TIME = 30_000;
const MOST_TRIES = 20;

/**
 * Reads the history, claims the manifest, writes the objects that changed, and releases the manifest. Two runs never mix: the one
 * that claims second read a manifest that has changed since, and begins anew with a new read of the history.
 * @throws Error if another run holds the manifest for longer than this one can wait
 */
export async function publish(publication: Publication): Promise<PublicationReport> {
  const { store, shows, by, now, newsAt } = publication;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const found = await freeManifest(publication);
    const former = await knownManifest(publication, found);
    const isWhole = isWholeDue(former, shows, now());
    if (!isWhole && former.readAt > newsAt + CLOCK_TOLERANCE && former.readAt <= now() + CLOCK_TOLERANCE)
      return { ...NOTHING, isCovered: true };
    const readAt = now();
    const isHistoryDue = newsAt === Number.POSITIVE_INFINITY;
    const site = await publication.read({ isWhole, isHistoryDue, former: former.files });
    const plan = planPublication(former, site.files, shows);
    const claim: WriteClaim = { by, until: publication.deadline, paths: [...plan.puts.flat(), ...plan.deletes] };
    const tag = await store.writeManifest(manifestText({ ...former, claim }), found?.tag ?? null);
    if (tag === null) continue;
    try {
      await write(store, plan, site);
    } catch (error) {
      // The next need not wait until this claim is over. If that fails, too, it does.
      await store.writeManifest(manifestText(withoutClaim({ ...former, claim })), tag).catch(() => null);
      throw error;
    }
    const wholeAt = isWhole ? readAt : former.wholeAt;
    await release(publication, { readAt, wholeAt, shows, files: plan.files, claim: null }, tag);
    return { written: plan.puts.flat().length, removed: plan.deletes.length, isWhole, isCovered: false };
  }
  throw new Error('other publications were always first');
}

const NOTHING = { written: 0, removed: 0, isWhole: false } as const;

/** Once in each hour, and when the config lets the page show something else. */
export function isWholeDue({ wholeAt, shows: former }: Manifest, shows: string, now: number): boolean {
  const hour = (at: number) => Math.floor((at - WHOLE_AFTER) / HOUR);
  return former !== shows || hour(wholeAt) !== hour(now);
}

/**
 * What is in the bucket. Without a manifest that can be read, the bucket says which files there are: one that nobody knew of would
 * never be removed, whatever is on it. Of files that were written under other rules of what is shown, nothing is taken as known; shards say themselves under which.
 */
async function knownManifest({ store, shows }: Publication, found: StoredManifest | null): Promise<Manifest> {
  const former = withoutClaim(found === null ? EMPTY_MANIFEST : readManifest(found.text));
  if (former.shows === shows) return former;
  const paths = former.shows === '' ? await store.paths() : former.files.keys();
  const unknown = unknownFiles([...paths].filter((path) => path !== NOW_PATH));
  return { ...former, files: new Map([...unknown, ...[...former.files].filter(([path]) => isShard(path))]) };
}

/** Waits while another run holds the manifest. */
async function freeManifest({ store, by, now, deadline }: Publication): Promise<StoredManifest | null> {
  const until = deadline - OWN_TIME;
  for (;;) {
    const found = await store.manifest();
    const claim = found === null ? null : readManifest(found.text).claim;
    if (claim === null || claim.by === by || claim.until <= now() || claim.until > now() + LONGEST_CLAIM) return found;
    if (now() >= until) throw new Error('another publication is under way');
    await sleep(LOOK_AGAIN);
  }
}

async function write(store: SiteStore, { puts, deletes, hides }: Plan, site: Site): Promise<void> {
  const remove = () => forEach(deletes, (path) => store.remove(path));
  const put = async (path: string) => {
    const file = await site.fileOf(path);
    if (file !== null) await store.put(path, file);
  };
  if (hides) await remove();
  for (const stage of puts) await forEach(stage, put);
  if (!hides) await remove();
}

/** Rejects when none is under way any more: a late write would replace what the next publication wrote. */
async function forEach(paths: readonly string[], run: (path: string) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  await inParallel(paths, PARALLEL, async (path) => {
    if (failures.length === 0) await run(path).catch((error) => failures.push(error));
  });
  if (failures.length > 0) throw failures[0];
}

/** A first attempt may have succeeded without an answer: then the manifest is as it was to be. */
async function release({ store }: Publication, manifest: Manifest, tag: string): Promise<void> {
  const text = manifestText(manifest);
  if ((await store.writeManifest(text, tag)) !== null) return;
  if ((await store.manifest())?.text !== text)
    throw new Error('another publication took over before this one had ended');
}
