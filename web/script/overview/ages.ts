/** Times that are shown as their age, `20 s ago`. */

import { durationText } from '../../../lambda/alert/words/time-text.ts';
import type { ServerClock } from '../server-clock.ts';

const INTERVAL = 5_000;

/** They count on from then on, also those that come later. @returns what shows those of a part of the page */
export function openAges(document: Document, { now }: Pick<ServerClock, 'now'>): (part: ParentNode) => void {
  const show = (part: ParentNode) => {
    for (const time of part.querySelectorAll<HTMLTimeElement>('time.age')) {
      time.textContent = ageText(time.dateTime, now()) ?? time.textContent;
    }
  };
  setInterval(() => show(document), INTERVAL);
  return show;
}

/** Null if it is no time. @param now epoch milliseconds */
export function ageText(at: string, now: number): string | null {
  const length = now - Date.parse(at);
  if (Number.isNaN(length)) return null;
  return length < 1000 ? 'just now' : `${durationText(length)} ago`;
}
