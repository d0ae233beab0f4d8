/** When a vantage watched the posture of the domains: one item for each day, written once in a run of all domains. */
import { cadenceOf, POSTURE_FRESHNESS, type PostureCadence } from '../../consensus/posture/posture-policy.ts';
import type { PostureArea } from '../../posture/codes/code.ts';
import { mergeSpans, type TimeSpan } from '../rollup/merge-and-clip-time-spans.ts';
import { packSpans, unpackSpans } from '../rollup/watched-spans.ts';
import { postureWatchKey } from '../table/keys.ts';
import type { Item } from '../table/table.ts';
import { isCount, isFields, isMapOf, isText, isTextOrNull, isTime } from '../table/type-guards.ts';
import { must } from '../table/unreadable.ts';

export interface PostureWatch {
  readonly vantage: string;
  /** `2026-11-22`, UTC. */
  readonly date: string;
  readonly version: number;
  /** When the last run began that checked an area, ISO 8601 UTC. */
  readonly areas: Readonly<Partial<Record<PostureArea, string>>>;
  /** When a run of this day counted as fresh. The last span may end after the day. */
  readonly watched: Readonly<Record<PostureCadence, readonly TimeSpan[]>>;
  /** Domains with an item of the last hours, and its time (`PostureState.at`). */
  readonly recent: Readonly<Record<string, string>>;
  /** The latest time of an item for which `recent` had no room; null if there was room for all. */
  readonly omitted: string | null;
  /** When each DNS list was last asked, by its zone as it is shown: a zone with a key is a secret. */
  readonly asked: Readonly<Record<string, string>>;
}

/** What a run of all domains notes about itself. */
export interface PostureWatchRun {
  readonly vantage: string;
  /** ISO 8601 UTC. */
  readonly began: string;
  readonly areas: readonly PostureArea[];
  /** The time of the newest item of each domain that was checked, whether this run wrote it or another. */
  readonly items: Readonly<Record<string, string>>;
  /** The DNS lists that were asked, by their zones as they are shown. */
  readonly asked: readonly string[];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Milliseconds for which a domain is in `recent`: longer than a judge is away. */
const RECENT = 3 * HOUR;
const MOST_RECENT = 400;
const MOST_LISTS = 100;
/** A list that was not asked for so long is forgotten, milliseconds. */
const ASKED_KEPT = 7 * DAY;
/** Seconds: 13 months. */
const KEPT = 400 * 86_400;

export function addWatchRun(before: PostureWatch | null, run: PostureWatchRun, now: number): PostureWatch {
  const { vantage, began } = run;
  // A run that is late, or whose clock was set back, is noted with the newest day.
  const date = [began.slice(0, 10), before?.date ?? ''].sort()[1] ?? '';
  const isSameDay = before?.date === date;
  const items = { ...before?.recent, ...run.items };
  const newest = Object.entries(items)
    .filter(([, at]) => now - Date.parse(at) < RECENT)
    .sort(([, one], [, other]) => (one < other ? 1 : -1));
  return {
    vantage,
    date,
    version: isSameDay ? before.version + 1 : 1,
    areas: { ...before?.areas, ...Object.fromEntries(run.areas.map((area) => [area, began])) },
    watched: {
      lists: watchedAfter(isSameDay ? before : null, run, 'lists', date),
      rest: watchedAfter(isSameDay ? before : null, run, 'rest', date),
    },
    recent: Object.fromEntries(newest.slice(0, MOST_RECENT)),
    omitted: newest[MOST_RECENT]?.[1] ?? null,
    asked: askedAfter(before, run, now),
  };
}

function watchedAfter(
  before: PostureWatch | null,
  { began, areas }: PostureWatchRun,
  cadence: PostureCadence,
  date: string,
): readonly TimeSpan[] {
  const spans = before?.watched[cadence] ?? [];
  if (!areas.some((area) => cadenceOf(area) === cadence)) return spans;
  const at = Date.parse(began);
  const from = Math.max(at, startOf(date));
  return mergeSpans([...spans, { from, to: at + POSTURE_FRESHNESS[cadence] }]);
}

function askedAfter(before: PostureWatch | null, { asked, began }: PostureWatchRun, now: number) {
  const all = Object.entries({ ...before?.asked, ...Object.fromEntries(asked.map((zone) => [zone, began])) });
  const kept = all.filter(([, at]) => now - Date.parse(at) < ASKED_KEPT);
  return Object.fromEntries(kept.sort(([, one], [, other]) => (one < other ? 1 : -1)).slice(0, MOST_LISTS));
}

export function watchItem(watch: PostureWatch): Item {
  const { vantage, date, watched, omitted, ...rest } = watch;
  const start = startOf(date);
  return {
    pk: postureWatchKey.pk,
    sk: postureWatchKey.sk(vantage, date),
    ttl: start / 1000 + KEPT,
    ...rest,
    ...(omitted === null ? {} : { omitted }),
    watched: { lists: packSpans(watched.lists, start), rest: packSpans(watched.rest, start) },
  };
}

/** @throws where it is none */
export function watchOf({ sk, version, areas, watched, recent, omitted = null, asked }: Item): PostureWatch {
  const [vantage = '', date = ''] = sk.split('#');
  must(isTime(`${date}T00:00:00Z`), 'the date');
  must(isCount(version), 'version');
  must(
    [areas, recent, asked].every((times) => isMapOf(times, isTime)),
    'a time',
  );
  must(isFields(watched) && isText(watched.lists) && isText(watched.rest), 'watched');
  must(isTextOrNull(omitted), 'omitted');
  const spans = { lists: readSpans(watched.lists, date), rest: readSpans(watched.rest, date) };
  return { vantage, date, version, areas, watched: spans, recent, omitted, asked } as PostureWatch;
}

function readSpans(text: string, date: string): readonly TimeSpan[] {
  const spans = text === '' ? [] : unpackSpans(text, startOf(date));
  must(
    spans.every(({ from, to }) => Number.isFinite(from) && to > from),
    'watched',
  );
  return spans;
}

function startOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`);
}
