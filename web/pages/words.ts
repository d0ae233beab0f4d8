/** Words for a person: verdicts, lengths of time, shares. */

import type { Verdict } from '../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import type { Snapshot, TargetSnapshot } from '../../lambda/reports/snapshot/snapshot.ts';
import { type Html, html } from '../markup/html.ts';

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  up: 'Up',
  degraded: 'Degraded',
  down: 'Down',
  unknown: 'Unknown',
};

/** Not by colour alone. */
export const VERDICT_MARKS: Readonly<Record<Verdict, string>> = { up: '✓', degraded: '!', down: '✕', unknown: '?' };

export function badge(verdict: Verdict): Html {
  return html`<span class="verdict ${verdict}"><span aria-hidden="true">${VERDICT_MARKS[verdict]}</span> ${VERDICT_WORDS[verdict]}</span>`;
}

/** A time that the script of the page shows in the zone of the reader, with UTC as its title. */
export function time(at: string): Html {
  return html`<time datetime="${at}" title="${utc(at)}">${utc(at)}</time>`;
}

/** `2026-11-26 09:12 UTC`. */
export function utc(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}

/** Rounded down: 99.999 % is not 100 %. */
export function percentText(share: number | null): string {
  return share === null ? '–' : `${(Math.floor(share * 100) / 100).toFixed(share === 100 ? 0 : 2)} %`;
}

/** The sentence at the top of the overview. */
export function headline({ targets, vantages }: Snapshot): { readonly verdict: Verdict; readonly text: string } {
  const count = (verdict: Verdict) => targets.filter((target) => target.verdict === verdict).length;
  const seen = vantages.length === 1 ? 'seen from 1 vantage' : `seen from ${vantages.length} vantages`;
  const servers = (number: number) => `${number} ${number === 1 ? 'mail server' : 'mail servers'}`;
  const is = (number: number) => (number === 1 ? 'is' : 'are');
  if (targets.length === 0) return { verdict: 'unknown', text: 'No mail server has been probed yet' };
  const [down, unknown, degraded] = [count('down'), count('unknown'), count('degraded')];
  if (down > 0) return { verdict: 'down', text: `${down} of ${servers(targets.length)} ${is(down)} down, ${seen}` };
  if (unknown > 0) {
    return {
      verdict: 'unknown',
      text: `${unknown} of ${servers(targets.length)} ${is(unknown)} not known to be up or down`,
    };
  }
  if (degraded > 0) {
    return { verdict: 'degraded', text: `${degraded} of ${servers(targets.length)} ${is(degraded)} degraded, ${seen}` };
  }
  const all = targets.length === 1 ? 'The mail server is up' : `All ${targets.length} mail servers are up`;
  return { verdict: 'up', text: `${all}, ${seen}` };
}

const ORDER: readonly Verdict[] = ['down', 'unknown', 'degraded', 'up'];

/** Worst first; otherwise in the order of the config. */
export function worstTargetsFirst(targets: readonly TargetSnapshot[]): readonly TargetSnapshot[] {
  return targets.toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
}
