/** The promises about round trips, checked in what is stored, sent and told. */
import type { RoundTrip } from '../../../lambda/config/round-trip.ts';
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import { tripKey, tripMailboxesKey, tripVerdictsKey } from '../../../lambda/history/table/keys.ts';
import type { Item } from '../../../lambda/history/table/table.ts';
import { MOST_EARLY } from '../../../lambda/trip-run/due-trips.ts';
import type { Clock } from '../virtual-clock.ts';
import type { TripRoutes } from './route.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Milliseconds by which right clocks differ at most, and a write takes. */
const SKEW = 7_000;
/** Milliseconds: two intervals, the time until a message is missed, and as much again for faults. */
const BOUND = 100 * MINUTE;

interface Claim {
  readonly trip: string;
  readonly id: string;
  /** By the clock of the run. */
  readonly at: number;
  readonly time: number;
  readonly isSecond: boolean;
}

export interface TripChecks {
  readonly violations: string[];
  /** Alerts that people got. */
  news(): number;
  /** A run with a clock that was set. */
  wrongClock(): void;
  written(before: Item | null, after: Item): void;
  /** A run reads the mailbox. */
  looked(): void;
  accepted(alert: Alert): void;
  tick(): void;
  end(): void;
}

export function checkTripPromises(
  clock: Clock,
  routes: TripRoutes,
  trips: readonly RoundTrip[],
  vantages: readonly string[],
): TripChecks {
  const violations: string[] = [];
  const claims: Claim[] = [];
  const wrong: number[] = [];
  const looks = { claimed: 0, done: 0 };
  const known = new Set<string>();
  const open = new Map<string, string>();
  const last = new Map<string, Claim>();
  const seconds = new Map<string, number>();
  const perDay = Math.min(...trips.map((trip) => trip.perDay));
  const violate = (what: string) => void violations.push(`${new Date(clock.now()).toISOString()} ${what}`);
  const isUnclear = (from: number) => wrong.some((time) => time >= from - 5 * MINUTE && time <= clock.now());

  const claimed = (trip: string, { id, sk, isSecond, vantage }: Item) => {
    const claim: Claim = {
      ...{ trip, id: String(id), at: Date.parse(sk), time: clock.now(), isSecond: isSecond === true },
    };
    const before = last.get(trip);
    const every = trips.find((one) => one.id === trip)?.every ?? 0;
    const least = wrong.some((time) => clock.now() - time < every + 10 * MINUTE)
      ? every - 7 * MINUTE
      : every - MOST_EARLY - SKEW;
    if (claim.isSecond) secondOf(claim);
    else if (before !== undefined && claim.time - before.time < least)
      violate(`${trip} was claimed at ${vantage} ${(claim.time - before.time) / 1000} s after the one before`);
    last.set(trip, claim);
    claims.push(claim);
    const day = Math.floor(claim.time / DAY);
    const isNearMidnight = (time: number) => Math.abs(((time + DAY / 2) % DAY) - DAY / 2) < 5 * MINUTE;
    const today = claims.filter(({ time }) => Math.floor(time / DAY) === day && !isNearMidnight(time)).length;
    if (today > perDay) violate(`${today} messages were claimed on one day`);
  };

  /** Each message that failed is followed by one second message at most. */
  const secondOf = ({ trip }: Claim) => {
    const failed = claims.filter((one) => one.trip === trip && (isUnclear(one.time) || !isGood(one.id))).length;
    const count = (seconds.get(trip) ?? 0) + 1;
    if (count > failed) violate(`${trip} was sent a second time ${count} times, and ${failed} messages had failed`);
    seconds.set(trip, count);
  };
  const isGood = (id: string) => routes.sent.get(id)?.[0]?.isGood ?? true;

  const judged = (before: Item | null, after: Item) => {
    const [was, is] = [before?.owed ?? [], after.owed] as readonly (readonly Alert[])[];
    const ids = new Set(was?.map(({ id }) => id));
    for (const alert of is ?? []) if (alert.kind === 'trip' && !ids.has(alert.id)) toldOf(after);
  };

  /** What is reported has failed, twice at least and from two vantages if there are two, and the mailbox was read since. */
  const toldOf = ({ sk, failed }: Item) => {
    const all = failed as readonly { readonly id: string; readonly at: number; readonly vantage: string }[];
    const seen = new Set(all.map(({ vantage }) => vantage)).size;
    if (all.length < 2 || (seen < Math.min(2, vantages.length) && all.length < 4))
      violate(`${sk} was told after ${all.length} messages from ${seen} vantages`);
    for (const { id, at } of all) {
      if (isUnclear(at)) continue;
      if (!routes.sent.has(id)) violate(`${sk} was told because of ${id}, which no server was given`);
      else if (isGood(id)) violate(`${sk} was told because of ${id}, which arrived as it should`);
    }
  };

  return {
    violations,
    news: () => known.size,
    wrongClock: () => void wrong.push(clock.now()),
    written(before, after) {
      if (after.pk === tripVerdictsKey) return judged(before, after);
      if (after.pk === tripMailboxesKey && after.look !== (before?.look ?? null)) looks.claimed += 1;
      const trip = trips.find(({ id }) => tripKey.pk(id) === after.pk);
      if (trip !== undefined && before === null) claimed(trip.id, after);
    },
    looked() {
      looks.done += 1;
      if (looks.done > looks.claimed) violate('the mailbox was read by a run that had not claimed the round');
    },
    accepted({ id, kind, subject }) {
      if (known.has(id)) return;
      known.add(id);
      if (kind === 'trip' && open.has(subject)) violate(`${subject} was told twice: ${open.get(subject)}, ${id}`);
      if (kind === 'trip-over' && !open.has(subject)) violate(`${subject} was over, and not told: ${id}`);
      if (kind === 'trip') open.set(subject, id);
      else open.delete(subject);
    },
    tick() {
      if (routes.removed.some(({ isForeign }) => isForeign)) violate('a message that is not ours was removed');
      const day = Math.floor(clock.now() / DAY);
      const today = claims.filter(({ time }) => Math.floor(time / DAY) === day).length;
      for (const { id } of trips) {
        const { isGood: isWell, for: length } = routes.steady(id);
        // A claim whose run ended before its record was written counts, too.
        if (length < BOUND || today >= perDay - 8 || clock.now() % DAY < BOUND) continue;
        if (!isWell && !open.has(id)) violate(`${id} has failed for ${length / MINUTE} min, and was not told`);
        if (isWell && open.has(id)) violate(`${id} is well for ${length / MINUTE} min, and was not told as over`);
      }
    },
    end() {
      const ours = new Set(claims.map(({ id }) => id));
      for (const [id, messages] of routes.sent) {
        if (messages.length > 1) violate(`the message ${id} was sent ${messages.length} times`);
        if (!ours.has(id)) violate(`the message ${id} was sent without a claim`);
      }
      const left = routes.messages.filter(
        ({ isForeign, arrived }) => !isForeign && clock.now() - arrived > 30 * MINUTE,
      );
      if (left.length > 0) violate(`${left.length} of our messages are left in the mailbox`);
    },
  };
}
