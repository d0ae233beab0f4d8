import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RoutedEntry } from '../../../lambda/alert/routing/entry.ts';
import { passOfTime } from '../../../lambda/alert/routing/pass-of-time.ts';
import { takeAlert } from '../../../lambda/alert/routing/take-alert.ts';
import { type WhoContext, whoIsTold } from '../../../lambda/alert/routing/who.ts';
import { inForce } from '../../../lambda/alert/windows/in-force.ts';
import { isWithinHours, nextStart } from '../../../lambda/calendar/hours.ts';
import type { MaintenanceWindow } from '../../../lambda/calendar/planned-time.ts';
import { spansOf } from '../../../lambda/calendar/window-times.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { Hold } from '../../../lambda/consensus/news/again.ts';
import type { Notification } from '../../../lambda/consensus/notification/notification.ts';
import { alertAt, minute, start } from '../delivery/deliveries.ts';
import { entry } from './routing-world.ts';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
/** A step of the world: all times are multiples of it. */
const STEP = 10 * minute;
const DAYS = 3;

function daily(id: string, at: number, to: number, grace = 0): MaintenanceWindow {
  const starts = [{ on: { kind: 'weekdays', days: EVERY_DAY }, at, end: { to } } as const];
  return { id, why: id, grace, times: { kind: 'recurring', zone: 'UTC', starts } };
}

/** Zones are read once, and not for each minute. */
function spansInSight(window: MaintenanceWindow): readonly MaintenanceWindow[] {
  const [from, until] = [start - 3 * 1440 * minute, start + 80 * 1440 * minute];
  return spansOf(window.times, from, until).map((span) => ({ ...window, times: { kind: 'once', ...span } }));
}

function contextOf(entries: readonly RoutedEntry[], windows: readonly MaintenanceWindow[]): WhoContext {
  const spans = windows.flatMap(spansInSight);
  // The router asks each time for each entry.
  const holds = new Map<string, Hold | null>();
  return {
    entries,
    tagsOf: () => [],
    isWithinHours,
    nextStart,
    holdOf: (alert, now) => {
      const opened = alert.incident?.opened ?? alert.at;
      const known = holds.get(`${opened} ${now}`);
      if (known !== undefined) return known;
      const held = inForce(spans, [], 'mx1', [], now, Date.parse(opened));
      const hold: Hold | null =
        held === null
          ? null
          : { why: 'window', what: held.id, since: isoSeconds(held.from), until: isoSeconds(held.tellsAt) };
      holds.set(`${opened} ${now}`, hold);
      return hold;
    },
  };
}

/** When the router tells each entry, by its id. */
function routed(context: WhoContext, minutes: number): ReadonlyMap<string, number> {
  const begins = start + minutes * minute;
  const told = new Map<string, number>();
  let notification: Notification = takeAlert(null, alertIn(minutes), context, begins);
  for (let now = begins; now < begins + DAYS * 1440 * minute; now += STEP) {
    notification = passOfTime({ ...notification, owed: [] }, context, now);
    for (const id of Object.keys(notification.told)) if (!told.has(id)) told.set(id, now);
  }
  return told;
}

function alertIn(minutes: number) {
  const alert = alertAt(minutes, 'down', 'mx1');
  return { ...alert, incident: alert.incident && { ...alert.incident, opened: alert.at } };
}

function saidAndRouted(entries: readonly RoutedEntry[], windows: readonly MaintenanceWindow[], minutes: number) {
  const context = contextOf(entries, windows);
  const begins = start + minutes * minute;
  const said = whoIsTold(alertIn(minutes), context, begins);
  const known = said.map(({ entry: { id }, at }) => [id, at === null ? null : isoSeconds(at)]);
  const real = routed(context, minutes);
  return {
    said: Object.fromEntries(known),
    routed: Object.fromEntries(entries.map(({ id }) => [id, real.has(id) ? isoSeconds(real.get(id) ?? 0) : null])),
    whole: said,
  };
}

const spans = fc
  .tuple(fc.integer({ min: 0, max: 143 }), fc.integer({ min: 1, max: 60 }))
  .map(([at, length]) => ({ from: at * 10, to: (at + length) * 10 }));
const windows = fc
  .array(fc.tuple(spans, fc.integer({ min: 0, max: 3 })), { maxLength: 3 })
  .map((all) => all.map(([{ from, to }, grace], nth) => daily(`w${nth}`, from, to, grace * STEP)));
const rules = fc.record({
  after: fc.constantFrom(0, 10, 20, 90).map((minutes) => minutes * minute),
  hours: fc.option(
    spans.map((span) => ({ zone: 'UTC', spans: [{ days: EVERY_DAY, ...span }] })),
    { nil: undefined },
  ),
});

test('`who` says what the router does, with windows that overlap, follow each other, or begin before a step', () => {
  fc.assert(
    fc.property(
      windows,
      fc.array(rules, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 0, max: 143 }),
      (all, written, at) => {
        const entries = written.map(({ after, hours }, nth) =>
          entry(`e${nth}`, { after, ...(hours === undefined ? {} : { hours }) }),
        );
        const { said, routed: real } = saidAndRouted(entries, all, at * 10);
        expect(said).toEqual(real);
      },
    ),
    { numRuns: 20 },
  );
});

const NIGHT = daily('patches', 120, 240);

test.each([
  {
    name: 'a second window that begins within the first',
    windows: [NIGHT, daily('cables', 180, 360)],
    at: '02:30',
    says: '06:00',
  },
  { name: 'a window that follows', windows: [NIGHT, daily('cables', 240, 360)], at: '02:30', says: '06:00' },
  { name: 'a window that begins before the step', windows: [NIGHT], at: '01:50', says: '04:00' },
])('$name', ({ windows: all, at, says }) => {
  const minutes = (Date.parse(`2026-11-22T${at}:00Z`) - start) / minute;
  const { whole } = saidAndRouted([entry('e', { after: at === '01:50' ? 15 * minute : 0 })], all, minutes);
  expect(isoSeconds(whole[0]?.at ?? 0).slice(11, 16)).toBe(says);
});

test('hours that lie within a window each time are never told', () => {
  const hours = { zone: 'UTC', spans: [{ days: EVERY_DAY, from: 150, to: 180 }] };
  const { whole, routed: real } = saidAndRouted([entry('e', { hours })], [NIGHT], 600);
  expect(whole[0]?.at).toBeNull();
  expect(whole[0]?.laterHolds[0]?.what).toBe('patches');
  expect(real).toEqual({ e: null });
});
