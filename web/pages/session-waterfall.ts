/** The phases of a session below each other, each bar where its phase began, like the network panel of a browser. */

import type { LastSample } from '../../lambda/reports/snapshot/snapshot.ts';
import type { TimedPhase } from '../../lambda/smtp/sample/sample.ts';
import { type Html, html } from '../markup/html.ts';
import { roundedTime } from './latency-chart.ts';

/** In the order of a session. */
const PHASES: readonly TimedPhase[] = [
  'dns',
  'connect',
  'greeting',
  'ehlo',
  'starttls',
  'tls',
  'ehlo2',
  'auth',
  'mail',
  'rcpt',
  'data',
  'quit',
];

const LABELS: Partial<Record<TimedPhase, string>> = { ehlo2: 'ehlo in TLS' };
const WIDTH = 100;

export function sessionWaterfall({ timings, phase: failed, outcome }: LastSample): Html | null {
  const timed = PHASES.flatMap((phase) => (timings[phase] === undefined ? [] : [{ phase, length: timings[phase] }]));
  const total = timed.reduce((sum, { length }) => sum + length, 0);
  if (timed.length === 0 || total === 0) return null;
  let at = 0;
  const rows = timed.map(({ phase, length }) => {
    const from = at;
    at += length;
    const kind = phase === failed ? outcome : 'pass';
    const [x, width] = [(from / total) * WIDTH, Math.max(0.6, (length / total) * WIDTH)];
    return html`<tr><th scope="row">${LABELS[phase] ?? phase}</th><td><svg class="bar" viewBox="0 0 ${WIDTH} 10" preserveAspectRatio="none" aria-hidden="true"><rect class="${kind}" x="${hundredths(x)}" y="1" width="${hundredths(width)}" height="8"/></svg></td><td class="number">${roundedTime(length)}</td></tr>`;
  });
  return html`<table class="waterfall">${rows}<tr><th scope="row">in all</th><td></td><td class="number">${roundedTime(total)}</td></tr></table>`;
}

function hundredths(value: number): string {
  return String(Math.round(value * 100) / 100);
}
