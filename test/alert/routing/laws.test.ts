/** Laws of routing, whatever the entries and whatever happens. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RoutedEntry } from '../../../lambda/alert/routing/entry.ts';
import { exclusionOf } from '../../../lambda/alert/routing/match.ts';
import { minute } from '../delivery/deliveries.ts';
import { entry, isOdd, ODD, originOf, receiversOf, run, type Sent, type Step } from './routing-world.ts';

const rules = fc.record({
  when: fc.subarray(['down', 'degraded', 'unknown'] as const, { minLength: 1 }),
  severity: fc.option(fc.subarray(['critical', 'warning'] as const, { minLength: 1 }), { nil: undefined }),
  after: fc.option(fc.constantFrom(2 * minute, 5 * minute, 12 * minute), { nil: undefined }),
  repeat: fc.option(fc.constantFrom([3 * minute], [2 * minute, 7 * minute]), { nil: undefined }),
  hours: fc.option(fc.constant(ODD), { nil: undefined, freq: 3 }),
});

const entries = fc
  .array(rules, { minLength: 1, maxLength: 4 })
  .map((all) =>
    all.map((one, at) =>
      entry(`e${at}`, Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined))),
    ),
  );

const steps = fc
  .array(
    fc.constantFrom<Step>('wait', 'wait', 'wait', 'down', 'degraded', 'unknown', 'hold', 'release', 'acknowledge'),
    { minLength: 5, maxLength: 45 },
  )
  .map((middle): Step[] => ['down', ...middle]);
const RUNS = { numRuns: 300 };

const why = ({ message }: Sent) => message.again?.why ?? 'news';
/** Not of an acknowledgement alone: it tells an alert that the receiver has not heard. */
const isNews = (one: Sent) =>
  ['news', 'step', 'held', 'acknowledged'].includes(why(one)) && !one.message.id.includes('+acknowledged-');

test('what a process repeats, or does again after a crash, makes the same deliveries', () => {
  fc.assert(
    fc.property(entries, steps, fc.func(fc.boolean()), (all, script, repeats) => {
      expect(run(all, script, repeats).sent).toEqual(run(all, script).sent);
    }),
    RUNS,
  );
});

test('nobody is told of one alert twice, but by a reminder', () => {
  fc.assert(
    fc.property(entries, steps, (all, script) => {
      const { sent } = run(all, script);
      const told = sent
        .filter(isNews)
        .flatMap(({ message }) => (message.to ?? []).map((receiver) => `${receiver} ${originOf(message)}`));
      expect(new Set(told).size).toBe(told.length);
    }),
    RUNS,
  );
});

test('the end goes to exactly those who heard of the incident, also while it is held', () => {
  fc.assert(
    fc.property(entries, steps, fc.boolean(), (all, script, isHeld) => {
      const before = run(all, [...script, ...(isHeld ? (['hold'] as const) : [])]).sent;
      const { sent, notification } = run(all, [
        ...script,
        ...(isHeld ? (['hold'] as const) : []),
        'recovered',
        'wait',
        'release',
      ]);
      const after = sent.slice(before.length);
      expect(receiversOf(after)).toEqual(receiversOf(before));
      expect(after.every(({ message }) => message.kind === 'recovered')).toBe(true);
      expect(after.length).toBe(before.length === 0 ? 0 : 1);
      expect(notification?.closed).not.toBeNull();
    }),
    RUNS,
  );
});

test('after an acknowledgement there is no step and no reminder', () => {
  fc.assert(
    fc.property(entries, steps, (all, script) => {
      const { sent, notification } = run(all, script);
      const at = notification?.acknowledged?.at;
      if (at === undefined) return;
      const late = sent.filter((one) => one.at > Date.parse(at));
      expect(late.filter((one) => ['step', 'reminder'].includes(why(one)))).toEqual([]);
      const steps = all.filter(({ after }) => after !== undefined).map(({ receiver }) => receiver);
      const told = receiversOf(sent.filter((one) => one.at <= Date.parse(at)));
      expect(receiversOf(late).filter((receiver) => steps.includes(receiver) && !told.includes(receiver))).toEqual([]);
    }),
    RUNS,
  );
});

test('what time tells after an acknowledgement says who acknowledged it, and whether the receiver knew of it', () => {
  fc.assert(
    fc.property(entries, steps, (all, script) => {
      const { sent, notification } = run(all, script);
      const known = new Set<string>();
      for (const one of sent) {
        const { to = [], again } = one.message;
        const isFirst = to.every((receiver) => !known.has(receiver));
        if (why(one) === 'acknowledged') expect(again?.by).toBe('ops@example.com');
        if (why(one) === 'acknowledged') expect(again?.isFirst ?? false).toBe(isFirst);
        if (one.at > Date.parse(notification?.acknowledged?.at ?? '9999'))
          expect(['news', 'acknowledged']).toContain(why(one));
        for (const receiver of to) known.add(receiver);
      }
    }),
    RUNS,
  );
});

test('nobody is told while the incident is held, but of an acknowledgement', () => {
  fc.assert(
    fc.property(entries, steps, (all, script) => {
      const held = new Set<number>();
      let count = 0;
      run(all, script, undefined, (notification, at, sent) => {
        const news = sent.slice(count);
        count = sent.length;
        if (notification?.held == null) return;
        held.add(at);
        expect(news.filter((one) => one.at === at && (why(one) !== 'acknowledged' || isNews(one)))).toEqual([]);
      });
    }),
    RUNS,
  );
});

test('nothing is forgotten: whoever wants the latest alert, and whose time has come, has heard it', () => {
  fc.assert(
    fc.property(entries, steps, (all, script) => {
      /** When each entry first wanted an alert that nothing held. */
      const wanted = new Map<string, number>();
      run(all, script, undefined, (notification, now, sent) => {
        if (notification === null || notification.held !== null) return;
        const { alert, acknowledged } = notification;
        for (const one of all.filter((each) => exclusionOf(each, alert, []) === null)) {
          wanted.set(one.id, wanted.get(one.id) ?? now);
          const heard = sent.filter(({ message }) => message.to?.includes(one.receiver));
          if (!mustHaveHeard(one, wanted.get(one.id) ?? now, now, acknowledged !== null, heard.length > 0)) continue;
          expect(heard.map(({ message }) => originOf(message))).toContain(alert.id);
        }
      });
    }),
    RUNS,
  );
});

function mustHaveHeard(
  one: RoutedEntry,
  since: number,
  now: number,
  isAcknowledged: boolean,
  hasHeard: boolean,
): boolean {
  if (one.hours !== undefined && !isOdd(now)) return false;
  if (one.after === undefined || hasHeard) return true;
  return !isAcknowledged && now >= since + one.after;
}

test('reminders come as `repeat` says, the last duration again and again', () => {
  const all = [entry('ops', { repeat: [2 * minute, 5 * minute] })];
  const { sent } = run(all, ['down', ...Array<Step>(20).fill('wait')]);
  expect(sent.map(({ at, message }) => [(at - (sent[0]?.at ?? 0)) / minute, message.again?.number])).toEqual([
    [0, undefined],
    [2, 1],
    [7, 2],
    [12, 3],
    [17, 4],
  ]);
});
