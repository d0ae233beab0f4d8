/** The promises about alerts of posture, checked as people get them. */
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import { POSTURE_FRESHNESS } from '../../../lambda/consensus/posture/posture-policy.ts';
import type { PostureFinding } from '../../../lambda/posture/finding.ts';
import type { Clock } from '../virtual-clock.ts';
import { keyOf, type PostureWorld } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What a run saw of a subject. A run that was killed may have been stored or not. */
interface View {
  readonly began: number;
  readonly saw: 'there' | 'nothing' | 'unable';
  isStored: boolean;
}

/** Milliseconds: longer than the clocks of two functions differ, and a write takes. */
const MARGIN = 2 * MINUTE;
/** Within this time all runs, passes and attempts happen, also with some faults. Milliseconds. */
const BOUND = { dnsbl: 3.5 * HOUR, spf: 10 * HOUR } as const;
/** A finding that flaps is told as over later. */
const STEADY = 7 * HOUR;

export function checkPosturePromises(clock: Clock, world: PostureWorld, vantages: readonly string[]) {
  const violations: string[] = [];
  const views = new Map<string, View[]>();
  const open = new Map<string, number>();
  const tellings = new Map<string, number[]>();
  const accepted = new Set<string>();
  const lastTold = new Map<string, number>();
  let news = 0;

  const violate = (what: string) => {
    violations.push(`${new Date(clock.now()).toISOString()} ${what}`);
  };
  const viewsOf = (vantage: string, key: string): View[] => {
    const name = `${key} @${vantage}`;
    const own = views.get(name) ?? [];
    views.set(name, own);
    return own;
  };

  /** The last view that was stored for certain, if none that may have been is later; null if it says nothing any more. */
  const lastWord = (vantage: string, key: string, at: number, freshness: number): View['saw'] | null => {
    const own = viewsOf(vantage, key).filter(({ began, saw }) => saw !== 'unable' && began <= at + MARGIN);
    const last = own.at(-1);
    if (last === undefined || !last.isStored || at - last.began > freshness - MARGIN || at - last.began < MARGIN)
      return null;
    return last.saw;
  };

  const told = (key: string, alert: Alert, freshness: number) => {
    const at = Date.parse(alert.at);
    if (open.has(key)) violate(`told twice: ${key} by ${alert.id}`);
    open.set(key, at);
    tellings.set(key, [...(tellings.get(key) ?? []), at]);
    const within = (length: number) => (tellings.get(key) ?? []).filter((time) => at - time < length).length;
    if (within(6 * HOUR) > 3 || within(DAY) > 6) violate(`told too often: ${key}`);
    const twice = vantages.some((vantage) => {
      const there = viewsOf(vantage, key).filter(({ saw, began }) => saw === 'there' && began <= clock.now());
      return there.length > 1 && (there.at(-1)?.began ?? 0) - (there[0]?.began ?? 0) >= 5 * MINUTE;
    });
    if (!twice) violate(`told without a second run: ${key}`);
    for (const vantage of vantages) {
      if (lastWord(vantage, key, at, freshness) === 'nothing') violate(`told although ${vantage} denies it: ${key}`);
    }
  };

  const over = (key: string, alert: Alert, freshness: number) => {
    const at = Date.parse(alert.at);
    if (!open.delete(key)) violate(`over, but not told: ${key} by ${alert.id}`);
    for (const vantage of vantages) {
      if (lastWord(vantage, key, at, freshness) === 'there') violate(`over although ${vantage} sees it: ${key}`);
      const own = viewsOf(vantage, key)
        .filter(({ began }) => began <= at + 5 * MINUTE)
        .slice(-6);
      // A vantage that was silent is left out, and comes back with one run.
      const isClose = own.every(({ began }, nth) => began - (own[nth - 1]?.began ?? began) < freshness - MARGIN);
      const isClear = own.length === 6 && isClose && own.every(({ isStored, saw }) => isStored && saw !== 'unable');
      const after = own.slice(
        own.findLastIndex(({ saw }, nth) => saw === 'there' && own[nth - 1]?.saw === 'there') + 1,
      );
      if (isClear && after.length < 2 && at - (own.at(-1)?.began ?? 0) < freshness - MARGIN)
        violate(`over after one run of ${vantage}: ${key}`);
    }
  };

  const overdue = (key: string, area: 'dnsbl' | 'spf') => {
    const states = vantages.map((vantage) => world.steady(vantage, key));
    const shortest = Math.min(...states.map((state) => state.for));
    const isThere = states.every((state) => state.isThere);
    const isGone = states.every((state) => !state.isThere);
    if (isThere && shortest > BOUND[area] && !open.has(key)) violate(`not told for ${shortest / HOUR} h: ${key}`);
    if (isGone && shortest > BOUND[area] + STEADY && open.has(key))
      violate(`not told as over for ${shortest / HOUR} h: ${key}`);
  };

  return {
    violations,
    news: () => news,
    /** A run begins. Returns what is to be called when it was stored. */
    viewed(vantage: string, domain: string, areas: readonly string[], findings: readonly PostureFinding[]): () => void {
      const made = world.subjects
        .filter((subject) => subject.domain === domain && areas.includes(subject.finding.area))
        .map(({ key, finding }) => {
          const isThere = findings.some((one) => keyOf(domain, one) === key);
          const isBlind = findings.some(({ outcome, area }) => outcome === 'unable' && area === finding.area);
          const view: View = {
            began: clock.now(),
            saw: isThere ? 'there' : isBlind ? 'unable' : 'nothing',
            isStored: false,
          };
          const own = viewsOf(vantage, key);
          // An event that comes twice is one run.
          const same = own.at(-1);
          if (same !== undefined && view.began - same.began < 5 * MINUTE && view.saw === same.saw) return same;
          own.push(view);
          return view;
        });
      return () => {
        for (const view of made) view.isStored = true;
      };
    },
    accepted(alert: Alert): void {
      if (accepted.has(alert.id)) return;
      accepted.add(alert.id);
      news += 1;
      for (const finding of alert.posture?.findings ?? []) {
        const key = keyOf(alert.subject, finding);
        const freshness = POSTURE_FRESHNESS[finding.area === 'dnsbl' ? 'lists' : 'rest'];
        const isEnd = alert.kind === 'delisted' || alert.kind === 'posture-over';
        if (alert.posture?.isReminder) {
          if (!open.has(key)) violate(`reminder of what is not open: ${key}`);
        } else if (isEnd) over(key, alert, freshness);
        else told(key, alert, freshness);
      }
      const line = `${alert.subject} ${alert.kind}`;
      const at = Date.parse(alert.at);
      if (alert.posture?.isReminder && at - (lastTold.get(line) ?? Number.NEGATIVE_INFINITY) < DAY - 10 * MINUTE)
        violate(`reminder too early: ${line}`);
      lastTold.set(line, at);
    },
    tick(): void {
      for (const { key, finding } of world.subjects) overdue(key, finding.area === 'dnsbl' ? 'dnsbl' : 'spf');
    },
  };
}
