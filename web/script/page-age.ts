/** Says so if the monitor was not heard for too long: a page that is not updated must not look green. */

import { durationText } from '../../lambda/alert/words/time-text.ts';
import { openHeardRounds } from './heard-rounds.ts';
import type { ServerClock } from './server-clock.ts';

export interface PageAge {
  /** The newest round that the page or `now.json` knows of. */
  heard(round: string): void;
  /** Compares the newest round with the clock. */
  show(): void;
  /** What it showed last. */
  isOld(): boolean;
}

const INTERVAL = 5_000;
/** Before the title: the tab of a page that is not in sight has nothing else. */
const OLD_TITLE = 'Old: ';

export function openPageAge({ now }: Pick<ServerClock, 'now'>): PageAge {
  const rounds = openHeardRounds();
  const { heard } = rounds;
  let old = false;
  const show = () => {
    const { heard: newest = '', stale = '', written = '', lasts = '' } = document.body.dataset;
    heard(newest);
    // A report does not become old.
    old = stale !== '' && (rounds.areOld(Number(stale), now()) || isOver(written, lasts, now()));
    document.body.classList.toggle('stale', old);
    const title = titleOf(document.title, old);
    if (document.title !== title) document.title = title;
    const notice = document.getElementById('stale');
    if (notice === null) return;
    if (old && location.protocol === 'file:') notice.textContent = savedText(Number(stale));
    notice.hidden = !old;
  };
  show();
  setInterval(show, INTERVAL);
  return { heard, show, isOld: () => old };
}

/** Nothing but the clock of the reader says how old a saved page is, or whether rounds were recorded since. @param stale seconds */
function savedText(stale: number): string {
  const length = durationText(stale * 1000);
  return `This is a saved page. By the clock of this device it is older than ${length}, and what it shows may no longer be true.`;
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
