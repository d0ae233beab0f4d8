/** The script of all pages, `page.js`. Without it the pages still read. */

import { openCopyButtons } from './copy-buttons.ts';
import { showLocalTimes } from './local-times.ts';
import { openAges } from './overview/ages.ts';
import { openDayBars } from './overview/day-bar-tips.ts';
import { openFilter } from './overview/filter.ts';
import { openPageAge } from './page-age.ts';
import { openPageUpdates } from './page-updates.ts';
import { openServerClock } from './server-clock.ts';

const clock = openServerClock();

/**
 * What the script does with the main part of a page: at the start, and again each time that the part was updated. Each is
 * called with the part as it is then, and must bear to be called with the same one again.
 */
const PARTS: readonly ((main: ParentNode) => void)[] = [
  showLocalTimes,
  openCopyButtons,
  openAges(document, clock),
  openDayBars(document),
  openFilter(document),
];

// The first page, whichever page this is: scripts lie beside it.
const root = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : location.href;
const enhance = () => {
  for (const part of PARTS) part(document);
};
const age = openPageAge(clock);
enhance();
// A report names the time that it is of.
const isReport = document.body.dataset.heard === undefined;
if (location.protocol !== 'file:' && !isReport) openPageUpdates(root, { age, clock }, enhance);
