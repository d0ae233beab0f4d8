/** Who is to be told of an outage, and when, written a second time from docs/routing.md: it shares no code with the routing. */
import type { Channel } from '../../../lambda/config/channel.ts';
import { MINUTE, type Outage, WINDOW } from './outages.ts';

const EDGE = ['mx1', 'mx2'];
/** Milliseconds around a limit in which either is right: rounds and judges come once a minute. */
const MARGIN = 3 * MINUTE;

/** Epoch milliseconds; null if not at all; `any` where it depends on seconds. */
export function expectationOf(entry: Channel, target: string, outage: Outage): number | 'any' | null {
  if (entry.tags !== undefined && !EDGE.includes(target)) return null;
  const isHeld = EDGE.includes(target) && outage.from >= WINDOW.from && outage.from < WINDOW.to;
  const begins = isHeld ? WINDOW.to : outage.from;
  const due = opening(entry, begins + (entry.after ?? 0), outage);
  if (due === null || due > outage.to + MARGIN) return null;
  const isEnded = outage.acknowledged !== undefined && outage.acknowledged < due;
  if (isEnded && entry.after !== undefined) return null;
  // A later step of an outage that flaps counts from a time before; that it flaps is told by `degraded`.
  if (outage.isFlap && (entry.after !== undefined || !entry.when.includes('degraded'))) return 'any';
  return due > outage.to - MARGIN && due !== outage.from ? 'any' : due;
}

/** When the hours of the desk are, from Monday to Friday, 08:00 to 18:00 in Berlin. */
function opening({ hours }: Channel, from: number, { to }: Outage): number | null {
  if (hours === undefined) return from;
  for (let at = from; at < to; at += MINUTE) if (isOpen(at)) return at;
  return null;
}

const berlin = new Intl.DateTimeFormat('en-US', {
  ...{ timeZone: 'Europe/Berlin', weekday: 'short', hour: '2-digit', hourCycle: 'h23' },
});

function isOpen(at: number): boolean {
  const parts = new Map(berlin.formatToParts(at).map(({ type, value }) => [type, value]));
  const hour = Number(parts.get('hour'));
  return !['Sat', 'Sun'].includes(parts.get('weekday') ?? '') && hour >= 8 && hour < 18;
}
