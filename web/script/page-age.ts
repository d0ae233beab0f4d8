/** Says so if the monitor was not heard for too long: a page that is not updated must not look green. */

export interface PageAge {
  /** The newest round that the page or `now.json` knows of. */
  heard(round: string): void;
  /** Compares the newest round with the clock. */
  show(): void;
}

const INTERVAL = 5_000;

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
    const notice = document.getElementById('stale');
    if (notice !== null) notice.hidden = !old;
  };
  show();
  setInterval(show, INTERVAL);
  return { heard, show };
}

/**
 * @param round ISO 8601 UTC; none is old
 * @param after seconds
 * @param now epoch milliseconds
 */
export function isOld(round: string, after: number, now: number): boolean {
  return !(now - Date.parse(round) <= after * 1000);
}
