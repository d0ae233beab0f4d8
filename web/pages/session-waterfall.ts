/** The phases of a session below each other, each bar where its phase began, like the network panel of a browser. */

import type { LastSample } from '../../lambda/reports/snapshot/snapshot.ts';
import { sessionPhases } from '../../lambda/smtp/sample/session-phases.ts';
import { latencyText } from '../history/latency-text.ts';
import { PHASE_LABELS } from '../history/phase-labels.ts';
import { type Html, html } from '../markup/html.ts';

const WIDTH = 100;

/** QUIT comes after the total. */
export function sessionWaterfall(sample: LastSample): Html | null {
  const { counted, quit } = sessionPhases(sample);
  const sum = counted.reduce((all, [, length]) => all + length, 0);
  const whole = sum + (quit ?? 0);
  if (whole === 0) return null;
  let at = 0;
  const row = (label: string, length: number, kind: string): Html => {
    const [x, width] = [(at / whole) * WIDTH, Math.max(0.6, (length / whole) * WIDTH)];
    at += length;
    return html`<tr><th scope="row">${label}</th><td><svg class="bar" viewBox="0 0 ${WIDTH} 10" preserveAspectRatio="none" aria-hidden="true"><rect class="${kind}" x="${hundredths(x)}" y="1" width="${hundredths(width)}" height="8"/></svg></td><td class="number">${latencyText(length)}</td></tr>`;
  };
  const rows = counted.map(([phase, length]) =>
    row(PHASE_LABELS[phase] ?? phase, length, phase === sample.phase ? sample.outcome : 'pass'),
  );
  const last = quit === null ? null : row('then quit', quit, sample.phase === 'quit' ? sample.outcome : 'pass');
  return html`<table class="waterfall">${rows}<tr><th scope="row">in all</th><td></td><td class="number">${latencyText(sum)}</td></tr>${last}</table>`;
}

function hundredths(value: number): string {
  return String(Math.round(value * 100) / 100);
}
