/** Says so if the monitor was not heard for too long: a page that is not updated must not look green. */

import { openHeardRounds } from './heard-rounds.ts';

export interface PageAge {
  /** The newest round that the page or `now.json` knows of. */
  heard(round: string): void;
  /**
   * The time of the server, in epoch milliseconds: the clock of the reader may be late, and then an old page looks new. It is not
   * set back by what an old copy says.
   */
  serverTime(now: number): void;
  /** Compares the newest round with the clock. */
  show(): void;
}

const INTERVAL = 5_000;
/** Before the title: the tab of a page that is not in sight has nothing else. */
const OLD_TITLE = 'Old: ';

export function openPageAge(): PageAge {
  const rounds = openHeardRounds();
  const { heard } = rounds;
  let ahead = 0;
  const show = () => {
    const { heard: newest = '', stale = '', written = '', lasts = '' } = document.body.dataset;
    const now = Date.now() + ahead;
    heard(newest);
    // A report does not become old.
    const old = stale !== '' && (rounds.areOld(Number(stale), now) || isOver(written, lasts, now));
    document.body.classList.toggle('stale', old);
    const title = titleOf(document.title, old);
    if (document.title !== title) document.title = title;
    const notice = document.getElementById('stale');
    if (notice !== null) notice.hidden = !old;
  };
  const serverTime = (now: number) => {
    if (Number.isFinite(now)) ahead = Math.max(0, now - Date.now());
  };
  show();
  setInterval(show, INTERVAL);
  return { heard, serverTime, show };
}

/**
 * Whether a page was written too long ago that is written again and again: rounds are recorded, but nobody writes what they show.
 * @param lasts seconds; empty of a page that is written when something of it changes @param now epoch milliseconds
 */
function isOver(written: string, lasts: string, now: number): boolean {
  return lasts !== '' && now - Date.parse(written) > Number(lasts) * 1000;
}

/** @param title the present one, which may say already that the page is old */
export function titleOf(title: string, old: boolean): string {
  const bare = title.startsWith(OLD_TITLE) ? title.slice(OLD_TITLE.length) : title;
  return old ? `${OLD_TITLE}${bare}` : bare;
}
