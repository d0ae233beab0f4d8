/** Says so if the monitor was not heard for too long: a page that is not updated must not look green. */

export interface PageAge {
  /** The newest round that the page or `now.json` knows of. */
  heard(round: string): void;
  /** Compares the newest round with the clock. */
  show(): void;
}

const INTERVAL = 5_000;
/** Before the title: the tab of a page that is not in sight has nothing else. */
const OLD_TITLE = 'Old: ';

export function openPageAge(): PageAge {
  let newest = '';
  const heard = (round: string) => {
    if (round > newest) newest = round;
  };
  const show = () => {
    const { heard: written = '', stale = '' } = document.body.dataset;
    heard(written);
    // A report does not become old.
    const old = stale !== '' && isOld(newest, Number(stale), Date.now());
    document.body.classList.toggle('stale', old);
    const title = titleOf(document.title, old);
    if (document.title !== title) document.title = title;
    const notice = document.getElementById('stale');
    if (notice !== null) notice.hidden = !old;
  };
  show();
  setInterval(show, INTERVAL);
  return { heard, show };
}

/** @param title the present one, which may say already that the page is old */
export function titleOf(title: string, old: boolean): string {
  const bare = title.startsWith(OLD_TITLE) ? title.slice(OLD_TITLE.length) : title;
  return old ? `${OLD_TITLE}${bare}` : bare;
}

/**
 * @param round ISO 8601 UTC; none is old
 * @param after seconds
 * @param now epoch milliseconds
 */
export function isOld(round: string, after: number, now: number): boolean {
  return !(now - Date.parse(round) <= after * 1000);
}
