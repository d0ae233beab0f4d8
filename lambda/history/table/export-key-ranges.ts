/** Ranges of keys of the table, for export and import. */
import {
  bounceMailboxesKey,
  bouncesKey,
  bounceVerdictsKey,
  endOfKeys,
  mutesKey,
  notificationsKey,
  postureKey,
  postureLeftKey,
  postureVerdictsKey,
  postureWatchKey,
  rollupKey,
  roundKey,
  statementsKey,
  targetKey,
  tripKey,
  tripMailboxesKey,
  tripVerdictsKey,
  verdictsKey,
  windowsKey,
} from './keys.ts';
import type { Item, Table } from './table.ts';

/** A range of sort keys in one partition. Bounds are inclusive. */
export interface KeyRange {
  readonly pk: string;
  readonly from: string;
  readonly to: string;
  /** Selects items of the range. If absent, all of them are selected. */
  readonly keeps?: (item: Item) => boolean;
}

/** The key ranges of these vantages and subjects in this period, and of the current verdicts and progress. */
export function keyRangesOf(
  vantages: readonly string[],
  subjects: readonly string[],
  since: string,
  until: string,
): readonly KeyRange[] {
  return [
    wholeOf(verdictsKey),
    wholeOf(rollupKey.pk),
    ...subjects.flatMap((target) => [
      ...incidentsOpenIn(target, since, until),
      rangeOf(targetKey.pk(target), targetKey.day(since.slice(0, 10)), targetKey.day(until.slice(0, 10))),
      rangeOf(targetKey.pk(target), targetKey.hour(since.slice(0, 13)), targetKey.hour(until.slice(0, 13))),
    ]),
    ...vantages.map((vantage) => rangeOf(roundKey.pk(vantage), since, until)),
    ...plannedIn(since, until),
    // Those of an incident that began before the period, too: it may have been open in it.
    { pk: statementsKey.pk, from: '', to: until + endOfKeys },
  ];
}

/** Mutes, and the windows and mutes that were in force in the period. What is in force in one table is not in force in another. */
function plannedIn(since: string, until: string): readonly KeyRange[] {
  return [
    { pk: mutesKey.pk, from: mutesKey.first, to: endOfKeys },
    {
      pk: windowsKey.pk,
      from: '',
      to: until + endOfKeys,
      keeps: ({ until: end }) => typeof end !== 'string' || end >= since,
    },
  ];
}

function rangeOf(pk: string, from: string, to: string): KeyRange {
  return { pk, from, to: to + endOfKeys };
}

function wholeOf(pk: string): KeyRange {
  return rangeOf(pk, '', '');
}

/**
 * The keys of an incident and of its chapters have the time it opened. An incident that opened before `since` may have been
 * open then.
 */
function incidentsOpenIn(target: string, since: string, until: string): readonly KeyRange[] {
  const pk = targetKey.pk(target);
  const endsAfter = (end: unknown) => typeof end !== 'string' || end >= since;
  const { incident, chapters } = targetKey;
  return [
    { pk, from: incident(''), to: incident(until) + endOfKeys, keeps: ({ closed }) => endsAfter(closed) },
    { pk, from: chapters(''), to: chapters(until) + endOfKeys, keeps: ({ to }) => endsAfter(to) },
  ];
}

/** What is stored of the posture of these domains in this period, and what was reported of it. */
export function postureRangesOf(domains: readonly string[], since: string, until: string): readonly KeyRange[] {
  const isWithin = (at: string) => at >= since && at <= until + endOfKeys;
  const timeOf = ({ sk }: Item) => sk.slice(sk.indexOf('#') + 1);
  return [
    wholeOf(postureVerdictsKey.pk),
    {
      ...wholeOf(postureWatchKey.pk),
      // Where a run continues is of no use elsewhere.
      keeps: (item) => !item.sk.startsWith(postureLeftKey.sk('')) && isDayWithin(timeOf(item), since, until),
    },
    ...domains.map((domain) => ({
      ...wholeOf(postureKey.pk(domain)),
      keeps: (item: Item) => isWithin(timeOf(item)),
    })),
  ];
}

function isDayWithin(date: string, since: string, until: string): boolean {
  return date >= since.slice(0, 10) && date <= until.slice(0, 10);
}

/** What became of sent mail in the hours of this period, and what people were told of it. */
export function bounceRangesOf(since: string, until: string): readonly KeyRange[] {
  const [first, last] = [since.slice(0, 13), until.slice(0, 13)];
  // Without the source, a key is the beginning of those of its hour.
  const rangeOfKind = (kind: 'hour' | 'slot') => rangeOf(bouncesKey.pk, `${kind}#${first}`, `${kind}#${last}`);
  return [wholeOf(bounceVerdictsKey.pk), wholeOf(bounceMailboxesKey), rangeOfKind('hour'), rangeOfKind('slot')];
}

/** The trips of these round trips in this period, what people were told of them, and the trips that are under way. */
export function tripRangesOf(roundTrips: readonly string[], since: string, until: string): readonly KeyRange[] {
  return [
    wholeOf(tripVerdictsKey),
    wholeOf(tripMailboxesKey),
    // Without `Z`: keys have milliseconds.
    ...roundTrips.map((trip) => rangeOf(tripKey.pk(trip), since.slice(0, 19), until)),
  ];
}

/** Who was told of which incident: a monitor that moves tells the same people of the end. */
export function notificationRanges(): readonly KeyRange[] {
  return [wholeOf(notificationsKey)];
}

/** The round trips that these items of mailboxes and verdicts name. A mailbox names each one that ever sent. */
export function roundTripsNamedBy(items: readonly Item[]): readonly string[] {
  const verdicts = items.filter(({ pk }) => pk === tripVerdictsKey).map(({ sk }) => sk);
  const sent = items.flatMap(({ last }) => (typeof last === 'object' ? Object.keys(last ?? {}) : []));
  return [...new Set([...verdicts, ...sent])].sort();
}

/** The domains whose posture these items of its verdicts and its watch name. */
export function domainsNamedBy(items: readonly Item[]): readonly string[] {
  const verdicts = items.filter(({ pk, sk }) => pk === postureVerdictsKey.pk && sk > postureVerdictsKey.first);
  const watched = items.flatMap(({ recent }) => (typeof recent === 'object' ? Object.keys(recent ?? {}) : []));
  return [...new Set([...verdicts.map(({ sk }) => sk), ...watched])].sort();
}

/** The vantages and subjects of these partition keys. */
export function namesOfPartitions(partitions: readonly string[]): {
  vantages: readonly string[];
  subjects: readonly string[];
} {
  const after = (prefix: string) =>
    partitions.filter((pk) => pk.startsWith(prefix)).map((pk) => pk.slice(prefix.length));
  return { vantages: after(roundKey.pk('')).sort(), subjects: after(targetKey.pk('')).sort() };
}

/** Items in memory at once: a round may have 400 KB. */
const PAGE = 25;

/** The items of a range, read a few at a time. */
export async function* itemsInRange(
  table: Table,
  { pk, from, to, keeps = () => true }: KeyRange,
): AsyncGenerator<Item> {
  let next = from;
  for (;;) {
    const items = await table.query(pk, { from: next, to, limit: PAGE });
    yield* items.filter(keeps);
    const last = items.at(-1);
    if (last === undefined || items.length < PAGE) return;
    // The smallest key after the last one.
    next = `${last.sk}\0`;
  }
}

/** The position of a key between the first key and the end of its range, 0 to 1; 0 if the keys contain no time. */
export function progressShare(sk: string, first: string, { to }: KeyRange): number {
  const [at, start, end] = [timeIn(sk), timeIn(first), timeIn(to)];
  return end > start && at >= start ? Math.min(1, (at - start) / (end - start)) : 0;
}

/** Epoch milliseconds of the time in a key; of an hour or a day its start. NaN if there is none. */
function timeIn(key: string): number {
  const [, date, hour = 'T00', rest = ':00:00'] = /(\d{4}-\d\d-\d\d)(T\d\d)?(:\d\d:\d\d)?/.exec(key) ?? [];
  return date === undefined ? Number.NaN : Date.parse(`${date}${hour}${rest}Z`);
}
