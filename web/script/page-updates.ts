/** Keeps the page up to date: reads `now.json`, and what the page shows once it is newer there. */

import { withTimeLimit } from '../../lambda/wire/time-limit.ts';
import { type Now, parseNow } from './now.ts';
import type { PageAge } from './page-age.ts';
import { UPDATED } from './page-updated.ts';
import { openReplacement } from './replace-content.ts';
import { APART, type ServerClock } from './server-clock.ts';

/** Seconds. */
const LONGEST_INTERVAL = 15;
const SHORTEST_INTERVAL = 2;
/** Milliseconds. A page of hundreds of targets takes some seconds on a slow line. */
const LONGEST_FETCH = 30_000;

/** Milliseconds. A smaller difference of two clocks is not seen in a chart. */
const CLOCK_DIFFERENCE = 60_000;

interface PageTime {
  readonly age: PageAge;
  readonly clock: ServerClock;
}

/**
 * @param root URL of the folder of `now.json`, or of a file beside it
 * @param enhance to be called after each update
 */
export function openPageUpdates(root: string, { age, clock }: PageTime, enhance: () => void): void {
  const replaceContent = openReplacement(document);
  let seen: Now | null = null;
  let busy = false;
  const update = async () => {
    if (busy || document.hidden) return;
    busy = true;
    try {
      const now = await readNow(root, clock);
      if (now !== null) age.heard(now.newestRound ?? '');
      if (!isNewer(now, seen, document.body.dataset.heard ?? '')) return;
      const next = await readPage(clock);
      if (next === null) return;
      seen = now;
      if (next.body.dataset.written === document.body.dataset.written) return;
      replaceContent(next);
      announce();
    } finally {
      busy = false;
      if (hasOtherOffset(clock)) announce();
      age.show();
    }
  };
  const announce = () => {
    enhance();
    document.dispatchEvent(new CustomEvent(UPDATED));
  };
  setInterval(update, updateInterval(document.body.dataset.every) * 1000);
  document.addEventListener('visibilitychange', update);
  if (!age.isOld()) return;
  // Or the clock of the reader is wrong: two answers say that.
  void update();
  setTimeout(update, APART + 500);
}

/** Keeps by how much the clock of the reader differs, for the script of charts. @returns whether it is another difference */
function hasOtherOffset({ now }: ServerClock): boolean {
  const { dataset } = document.body;
  const offset = now() - Date.now();
  if (Math.abs(offset - Number(dataset.clockOffset ?? 0)) < CLOCK_DIFFERENCE) return false;
  dataset.clockOffset = String(offset);
  return true;
}

/** Each round, so that the page has what happened within two; of long rounds more often. @param every seconds of a round */
export function updateInterval(every: string | undefined): number {
  return Math.max(SHORTEST_INTERVAL, Math.min(LONGEST_INTERVAL, Number(every) || LONGEST_INTERVAL));
}

/** Null if there is none, or if it could not be read. */
async function readNow(root: string, clock: ServerClock): Promise<Now | null> {
  const text = await fetchText(new URL('now.json', root).href, clock);
  if (text === null) return null;
  try {
    return parseNow(JSON.parse(text));
  } catch {
    return null;
  }
}

/**
 * Whether the page is worth reading again: it has an older round, or other verdicts than when it was last read. Without
 * `now.json` it is always.
 */
export function isNewer(now: Now | null, seen: Now | null, written: string): boolean {
  if (now === null) return true;
  return (now.newestRound ?? '') > written || now.verdicts !== seen?.verdicts;
}

/** Null if it could not be read, or is no page of the monitor. */
async function readPage(clock: ServerClock): Promise<Document | null> {
  const text = await fetchText(location.href, clock);
  if (text === null) return null;
  const next = new DOMParser().parseFromString(text, 'text/html');
  return next.body.dataset.written === undefined ? null : next;
}

/** Null if it could not be read in time: a server that never answers would otherwise be waited for as long as the page is open. */
async function fetchText(url: string, clock: ServerClock): Promise<string | null> {
  const read = async (signal: AbortSignal) => {
    const answer = await fetch(url, { cache: 'no-cache', signal });
    clock.heard(timeOf(answer.headers));
    return answer.ok ? await answer.text() : null;
  };
  return await withTimeLimit(LONGEST_FETCH, undefined, read).catch(() => null);
}

/** When an answer was sent, in epoch milliseconds; NaN if it does not say. A cache says how long it has it (RFC 9111, 5.1). */
export function timeOf(headers: Pick<Headers, 'get'>): number {
  return Date.parse(headers.get('date') ?? '') + Number(headers.get('age') ?? 0) * 1000;
}
