/** The promises about bounces, checked in what is told and in what is counted in the end. */
import { sumRows } from '../../../lambda/bounces/counts.ts';
import { BOUNCE_POLICY } from '../../../lambda/consensus/bounces/bounce-policy.ts';
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import type { BounceHistory } from '../../../lambda/history/bounces/bounce-history.ts';
import type { Clock } from '../virtual-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WINDOWS = { hour: HOUR, day: 24 * HOUR } as const;
/** Milliseconds: a slot, clocks that were set, and the time in which events come. */
const MARGIN = 15 * MINUTE;
/** Milliseconds within which a high rate is told, also with some faults. */
const BOUND = 60 * MINUTE;

export interface TrueEvent {
  readonly at: number;
  readonly from: string;
  readonly provider: string;
  readonly kind: 'delivered' | 'bounced';
}

export function checkBouncePromises(clock: Clock, start: number) {
  const violations: string[] = [];
  const events: TrueEvent[] = [];
  const known = new Set<string>();
  /** Domains with an open episode, by the alerts that people got. */
  const open = new Set<string>();
  const high = new Map<string, number>();
  const violate = (what: string) => void violations.push(`${new Date(clock.now()).toISOString()} ${what}`);

  const trueCount = (from: string, provider: string | null, kind: TrueEvent['kind'], since: number) =>
    events.filter(
      (one) =>
        one.from === from && one.kind === kind && one.at >= since && (provider === null || one.provider === provider),
    ).length;

  /** No more than there were, and above the limit in truth, too. */
  const told = ({ subject, at, bounces }: Alert) => {
    for (const { provider, count, window, total } of bounces?.rates ?? []) {
      const since = Date.parse(at) - WINDOWS[window] - MARGIN;
      const bounced = trueCount(subject, provider, 'bounced', since);
      const all = bounced + trueCount(subject, provider, 'delivered', since);
      if (count > bounced) violate(`${subject}: ${count} bounces were told of ${bounced}`);
      if (total > all) violate(`${subject}: ${total} messages were told of ${all}`);
    }
  };

  return {
    violations,
    news: () => known.size,
    happened: (event: TrueEvent) => void events.push(event),
    accepted(alert: Alert): void {
      if (known.has(alert.id)) return;
      known.add(alert.id);
      if (alert.kind === 'bounces') told(alert);
      if (alert.kind === 'bounces' && alert.incident?.closed === null) open.add(alert.subject);
      if (alert.kind === 'bounces-over' && !open.has(alert.subject)) violate(`${alert.subject} was over, and not told`);
      if (alert.kind === 'bounces-over' && alert.incident?.closed !== null) open.delete(alert.subject);
    },
    tick(senders: readonly string[]): void {
      for (const from of senders) {
        const since = clock.now() - HOUR;
        const bounced = trueCount(from, null, 'bounced', since);
        const total = bounced + trueCount(from, null, 'delivered', since);
        const isHigh = total >= 2 * BOUNCE_POLICY.atLeast && bounced / total >= 3 * BOUNCE_POLICY.fail;
        if (!isHigh) high.delete(from);
        else if (!high.has(from)) high.set(from, clock.now());
        const length = clock.now() - (high.get(from) ?? clock.now());
        if (length > BOUND && !open.has(from)) violate(`${from} bounces for ${length / MINUTE} min, and was not told`);
      }
    },
    /** Each event is counted once, in hours and slots together. */
    async end(history: BounceHistory): Promise<void> {
      for (const from of open) violate(`${from} was told, and not as over`);
      const counted = sumRows(await history.counts(start - HOUR, clock.now()), 0, clock.now());
      for (const key of new Set(events.map(({ from, provider }) => `${from} ${provider}`))) {
        const [from = '', provider = ''] = key.split(' ');
        const row = counted.find((one) => one.from === from && one.provider === provider);
        for (const kind of ['delivered', 'bounced'] as const) {
          const happened = trueCount(from, provider, kind, 0);
          if (row?.[kind] !== happened) violate(`${key}: ${row?.[kind]} of ${happened} ${kind} were counted`);
        }
      }
    },
  };
}
