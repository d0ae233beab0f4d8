/** A year of a mail server and of the world between it and its watchers, the same for every policy that is compared. */

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const YEAR = 365 * 24 * HOUR;
export const START = Date.parse('2026-01-01T00:00:00Z');

interface Span {
  readonly from: number;
  readonly to: number;
}

/** How long a failing probe takes to know it: refused at once, no greeting in 12 s, no answer at all in 20 s. */
export interface Outage extends Span {
  readonly took: number;
}

/** A region that is away, is blocked on port 25 (and knows it), or fails all it tries. */
export interface RegionLoss extends Span {
  readonly vantage: number;
  readonly how: 'away' | 'blocked' | 'dead end';
}

/** What one probe came to, and how long it took in milliseconds. Null when it never ran. */
export type Probe = { readonly outcome: 'pass' | 'fail' | 'unable'; readonly took: number } | null;

export interface Year {
  readonly outages: readonly Outage[];
  readonly losses: readonly RegionLoss[];
  probe(vantage: number, at: number): Probe;
}

/** Share of probes of a healthy server that are lost, each by itself. */
export const LOSS = 0.01;

export function yearOf(seed: number, vantages: number): Year {
  const dice = diceOf(seed);
  const outages = spans(dice, 36 * HOUR, () => pick(dice, [2 * MINUTE, 6 * MINUTE, 20 * MINUTE, 60 * MINUTE])).map(
    (span) => ({ ...span, took: pick(dice, [200, 200, 200, 200, 12_000, 20_000]) }),
  );
  const losses = spans(dice, 100 * HOUR, () => HOUR).map((span) => ({
    ...span,
    vantage: Math.floor(dice() * vantages),
    how: pick(dice, ['away', 'blocked', 'dead end'] as const),
  }));
  const [outageAt, lossAt] = [finder(outages), finder(losses)];
  return {
    outages,
    losses,
    probe(vantage, at) {
      const loss = lossAt(at);
      const hit = loss?.vantage === vantage ? loss.how : null;
      if (hit === 'away') return null;
      if (hit === 'blocked') return { outcome: 'unable', took: 100 };
      if (hit === 'dead end') return { outcome: 'fail', took: 20_000 };
      const outage = outageAt(at);
      if (outage !== null) return { outcome: 'fail', took: outage.took };
      return chance(seed, vantage, at) < LOSS ? { outcome: 'fail', took: 10_000 } : { outcome: 'pass', took: 300 };
    },
  };
}

/** Whether the server was truly down at some time of the span. */
export function wasDown({ outages }: Year, from: number, to: number): boolean {
  return outages.some((outage) => outage.from <= to && outage.to >= from);
}

function spans(dice: () => number, gap: number, length: () => number): Span[] {
  const all: Span[] = [];
  for (let at = START - Math.log(1 - dice()) * gap; at < START + YEAR; ) {
    const to = at + length();
    all.push({ from: at, to });
    at = to + 10 * MINUTE - Math.log(1 - dice()) * gap;
  }
  return all;
}

/** Finds the span a time lies in; asked for times that mostly move on. */
function finder<S extends Span>(all: readonly S[]): (at: number) => S | null {
  let place = 0;
  return (at) => {
    while (place > 0 && (all[place - 1]?.to ?? 0) > at) place -= 1;
    while (place < all.length && (all[place]?.to ?? 0) <= at) place += 1;
    const span = all[place];
    return span !== undefined && span.from <= at ? span : null;
  };
}

function pick<T>(dice: () => number, choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(dice() * choices.length)] ?? choices[0];
}

/** From 0 to 1, decided by who looks and when alone: every policy that looks there and then loses the same probe. */
export function chance(seed: number, vantage: number, at: number): number {
  let mixed = (seed * 0x9e3779b1) ^ (vantage * 0x85ebca6b) ^ (Math.floor(at / SECOND) * 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}

function diceOf(seed: number): () => number {
  let thrown = 0;
  return () => chance(seed, 997, thrown++ * SECOND);
}
