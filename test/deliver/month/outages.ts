/** What happens in the month: October 2026, in which summer time ends in Berlin, on the 25th at 01:00 UTC. */

export const MINUTE = 60_000;

export interface Outage {
  readonly targets: readonly string[];
  /** Epoch milliseconds. It is also the name of the outage. */
  readonly from: number;
  readonly to: number;
  readonly code: 'connect-timeout' | 'connect-refused' | 'tls-failed';
  readonly address: string;
  /** When a person acknowledges it. */
  readonly acknowledged?: number;
  /** It comes and goes so often that an incident of the time before may still be open. */
  readonly isFlap?: boolean;
}

export const MONTH = { from: at('01 00:00'), to: at('31 23:59') } as const;

/** The receiver that takes nothing for a day. */
export const DEAD = { entry: 'archive', from: at('13 06:00'), to: at('14 06:00') } as const;

/** The window of that night: from 02:00 summer time until 04:00 winter time, three hours. */
export const WINDOW = { from: at('25 00:00'), to: at('25 03:00') } as const;

/** Of October 2026, UTC. */
function at(time: string): number {
  return Date.parse(`2026-10-${time.replace(' ', 'T')}Z`);
}

const ADDRESSES: Readonly<Record<string, string>> = {
  mx1: '198.51.100.1',
  mx2: '198.51.100.2',
  mx3: '203.0.113.3',
  mx4: '2001:db8:4::25',
};

type Rest = Partial<Pick<Outage, 'code' | 'acknowledged'>>;

function single(id: string, from: string, minutes: number, { code = 'connect-timeout', ...rest }: Rest = {}): Outage {
  const begin = at(from);
  return { targets: [id], from: begin, to: begin + minutes * MINUTE, code, address: ADDRESSES[id] ?? '', ...rest };
}

/** All tenants fail for 15 minutes, come and go four times, and recover. */
function storm(tenants: readonly string[]): readonly Outage[] {
  const begin = at('08 14:05:20');
  const spans = [[0, 15], ...[20, 26, 32, 38].map((minute) => [minute, minute + 3])] as [number, number][];
  return spans.map(([from, to], place) => ({
    ...{ targets: tenants, code: 'connect-timeout', address: '192.0.2.25' },
    ...{ from: begin + from * MINUTE, to: begin + to * MINUTE },
    ...(place === 0 ? {} : { isFlap: true }),
  }));
}

export function outagesOf(tenants: readonly string[]): readonly Outage[] {
  const outages = [
    // Friday: short. Saturday: long enough for the second step. Monday: before the hours of the desk, and into them.
    single('mx3', '02 09:13:20', 4),
    single('mx4', '03 17:41:50', 25),
    single('mx3', '05 05:10:40', 95, { code: 'connect-refused' }),
    ...storm(tenants),
    // Another cause, in the storm.
    single('mx3', '08 14:13:35', 20, { code: 'connect-refused' }),
    single('mx4', '13 07:20:05', 25),
    single('mx3', '13 15:00:30', 12, { code: 'tls-failed' }),
    single('mx3', '13 23:30:15', 20),
    single('mx4', '18 11:00:25', 45, { acknowledged: at('18 11:06:30') }),
    // The night in which summer time ends. Told before the window and over in it; only in it; in it and beyond.
    single('mx1', '24 23:40:10', 50),
    single('mx2', '25 00:40:45', 40, { code: 'connect-refused' }),
    single('mx3', '25 01:30:20', 15, { code: 'tls-failed' }),
    single('mx1', '25 02:10:55', 75, { code: 'connect-refused' }),
    single('mx4', '29 20:19:59', 12),
  ];
  return outages.sort((a, b) => a.from - b.from);
}

const BEFORE = 10 * MINUTE;
/** A target that flapped is up again after half an hour; limits are of an hour. */
const AFTER = { usual: 15 * MINUTE, flap: 80 * MINUTE } as const;
const SIX_HOURS = 360 * MINUTE;

/**
 * Milliseconds from one round that is simulated to the next: a minute around outages, five while a channel retries. Where all is
 * well and nothing is pending, a judge has nothing to decide, and four rounds a day are enough.
 */
export function stepAfter(now: number, outages: readonly Outage[]): number {
  const begins = ({ from }: Outage) => Math.floor((from - BEFORE) / MINUTE) * MINUTE;
  const isNear = (outage: Outage) =>
    now >= begins(outage) && now < outage.to + (outage.isFlap ? AFTER.flap : AFTER.usual);
  if (outages.some(isNear)) return MINUTE;
  const isDead = now >= DEAD.from && now < DEAD.to + 60 * MINUTE;
  const next = outages.map(begins).filter((begin) => begin > now);
  return Math.min(isDead ? 5 * MINUTE : SIX_HOURS, ...next.map((begin) => begin - now));
}
