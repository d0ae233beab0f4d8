/** Times that are shown as their age, `20 s ago`. */

import { durationText } from '../../../lambda/alert/words/time-text.ts';

const INTERVAL = 5_000;
let counts = false;

/** They count on from then on, also those that come later. */
export function showAges(part: ParentNode): void {
  for (const time of part.querySelectorAll<HTMLTimeElement>('time.age')) {
    time.textContent = ageText(time.dateTime, Date.now()) ?? time.textContent;
  }
  if (!counts) setInterval(() => showAges(document), INTERVAL);
  counts = true;
}

/** Null if it is no time. @param now epoch milliseconds */
export function ageText(at: string, now: number): string | null {
  const length = now - Date.parse(at);
  if (Number.isNaN(length)) return null;
  return length < 1000 ? 'just now' : `${durationText(length)} ago`;
}
