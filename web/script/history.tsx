/** The script of the page of a target, `history.js`: replaces the picture of its last hours by charts and sessions. */
import { render } from 'preact';
import { HistoryView } from './history/history-view.tsx';
import { openShardStore } from './history/shard-store.ts';
import { UPDATED } from './page-updated.ts';

const place = document.getElementById('history');

/** A saved page shows what was when it was saved. Others go by the clock of the server, as `page.js` knows it. */
function timeOfPage(): number {
  const { written, clockOffset = '0' } = document.body.dataset;
  if (location.protocol === 'file:' && written !== undefined) return Date.parse(written);
  return Date.now() + Number(clockOffset);
}

function onUpdate(changed: () => void): () => void {
  document.addEventListener(UPDATED, changed);
  return () => document.removeEventListener(UPDATED, changed);
}

if (place !== null) {
  const { shards = '', vantages = '[]' } = place.dataset;
  const store = openShardStore(shards, timeOfPage);
  // Updates of the page leave it to this script from now on.
  place.setAttribute('data-keep', '');
  place.replaceChildren();
  render(<HistoryView store={store} vantages={JSON.parse(vantages)} now={timeOfPage} onUpdate={onUpdate} />, place);
}
