/** The posture section of a report. */
import { durationText } from '../../../lambda/alert/words/time-text.ts';
import type { PostureTimes } from '../../../lambda/reports/posture/posture-report.ts';

/** Listings and open findings that are named. */
const MOST_NAMED = 6;

export const POSTURE_TITLES = ['Domain', 'Listed', 'Where', 'DMARC', 'To mend now', 'Unwatched'] as const;

/** In the order of `POSTURE_TITLES`. */
export function postureFigures({ domain, listed, listings, dmarc, open, unwatched }: PostureTimes): readonly string[] {
  const where = listings.map((one) => `${one.subject} ${durationText(one.listed)}`);
  const stood = (['enforced', 'none', 'broken'] as const).filter((state) => dmarc[state] > 0);
  const toMend = open.map(({ code, subject }) => `${code}: ${subject}`);
  return [
    domain,
    listed === 0 ? 'never' : durationText(listed),
    some(where) || '-',
    stood.map((state) => `${state} ${durationText(dmarc[state])}`).join(', ') || '-',
    some(toMend) || '-',
    unwatched === 0 ? '-' : durationText(unwatched),
  ];
}

/** One domain in a few lines. */
export function postureLines(times: PostureTimes): readonly string[] {
  const [domain = '', listed, where, dmarc, toMend, unwatched] = postureFigures(times);
  return [
    `${domain}: listed ${listed === 'never' ? 'never' : `for ${listed}`}; DMARC ${dmarc}; unwatched ${unwatched === '-' ? 'never' : `for ${unwatched}`}`,
    ...(where === '-' ? [] : [`  listed: ${where}`]),
    ...(toMend === '-' ? [] : [`  to mend now: ${toMend}`]),
  ];
}

function some(texts: readonly string[]): string {
  const left = texts.length - MOST_NAMED;
  return [...texts.slice(0, MOST_NAMED), ...(left > 0 ? [`and ${left} more`] : [])].join('; ');
}
