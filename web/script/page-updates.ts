/** Keeps the page up to date: reads `now.json`, and what the page shows once it is newer there. */

import { withTimeLimit } from '../../lambda/wire/time-limit.ts';
import { type Now, parseNow } from './now.ts';
import type { PageAge } from './page-age.ts';
import { UPDATED } from './page-updated.ts';
import { openReplacement } from './replace-content.ts';

/** Seconds. */
const LONGEST_INTERVAL = 15;
const SHORTEST_INTERVAL = 2;
/** Milliseconds. A page of hundreds of targets takes some seconds on a slow line. */
const LONGEST_FETCH = 30_000;

/**
 * @param root URL of the folder of `now.json`, or of a file beside it
 * @param enhance to be called after each update
 */
export function openPageUpdates(root: string, age: PageAge, enhance: () => void): void {
  const replaceContent = openReplacement(document);
  let seen: Now | null = null;
  let busy = false;
  const update = async () => {
    if (busy || document.hidden) return;
    busy = true;
    try {
      const now = await readNow(root, age);
      if (now !== null) age.heard(now.newestRound ?? '');
      if (!isNewer(now, seen, document.body.dataset.heard ?? '')) return;
      const next = await readPage(age);
      if (next === null) return;
      seen = now;
      if (next.body.dataset.written === document.body.dataset.written) return;
      replaceContent(next);
      enhance();
      document.dispatchEvent(new CustomEvent(UPDATED));
    } finally {
      busy = false;
      age.show();
    }
  };
  setInterval(update, updateInterval(document.body.dataset.every) * 1000);
  document.addEventListener('visibilitychange', update);
}

/** Each round, so that the page has what happened within two; of long rounds more often. @param every seconds of a round */
export function updateInterval(every: string | undefined): number {
  return Math.max(SHORTEST_INTERVAL, Math.min(LONGEST_INTERVAL, Number(every) || LONGEST_INTERVAL));
}

/** Null if there is none, or if it could not be read. */
async function readNow(root: string, age: PageAge): Promise<Now | null> {
  const text = await fetchText(new URL('now.json', root).href, age);
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
async function readPage(age: PageAge): Promise<Document | null> {
  const text = await fetchText(location.href, age);
  if (text === null) return null;
  const next = new DOMParser().parseFromString(text, 'text/html');
  return next.body.dataset.written === undefined ? null : next;
}

/** Null if it could not be read in time: a server that never answers would otherwise be waited for as long as the page is open. */
async function fetchText(url: string, age: PageAge): Promise<string | null> {
  const read = async (signal: AbortSignal) => {
    const answer = await fetch(url, { cache: 'no-cache', signal });
    age.serverTime(timeOf(answer.headers));
    return answer.ok ? await answer.text() : null;
  };
  return await withTimeLimit(LONGEST_FETCH, undefined, read).catch(() => null);
}

/** When an answer was sent, in epoch milliseconds; NaN if it does not say. A cache says how long it has it (RFC 9111, 5.1). */
export function timeOf(headers: Pick<Headers, 'get'>): number {
  return Date.parse(headers.get('date') ?? '') + Number(headers.get('age') ?? 0) * 1000;
}
