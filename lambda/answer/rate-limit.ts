/**
 * Counts requests by minute, in the memory of one process. On AWS each of the few containers that reserved concurrency permits
 * counts its own: a counter in the table would cost a write for each request of an attack.
 */
export interface RateLimit {
  /** False if the request is one too many. @param now epoch milliseconds */
  take(source: string, now: number): boolean;
}

export interface RateLimitSettings {
  /** Requests of one source in a minute. */
  readonly each: number;
  /** Requests of all sources in a minute; so many sources at most are remembered. */
  readonly all: number;
}

const ANSWER_LIMITS: RateLimitSettings = { each: 60, all: 300 };

/** Refused requests that are logged in a minute. */
export const REFUSALS_LOGGED: RateLimitSettings = { each: 10, all: 10 };

const MINUTE = 60_000;

export function openRateLimit({ each, all }: RateLimitSettings = ANSWER_LIMITS): RateLimit {
  let minute = Number.NaN;
  let total = 0;
  const counts = new Map<string, number>();
  return {
    take: (source, now) => {
      const current = Math.floor(now / MINUTE);
      if (current !== minute) {
        minute = current;
        total = 0;
        counts.clear();
      }
      const network = networkOf(source);
      const count = (counts.get(network) ?? 0) + 1;
      if (count > each || total >= all) return false;
      total++;
      counts.set(network, count);
      return true;
    },
  };
}

/** Whoever has one IPv6 address has the 2^64 of its network. */
function networkOf(source: string): string {
  const [head = '', tail] = source.slice(0, 64).toLowerCase().split('::', 2);
  if (!source.includes(':') || /\d\.\d/.test(source)) return source.slice(0, 64);
  const groups = head.split(':').filter((group) => group !== '');
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter((group) => group !== '').length;
  const first = [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...(tail?.split(':') ?? [])].slice(0, 4);
  return first.map((group) => group.replace(/^0+(?=.)/, '')).join(':');
}
