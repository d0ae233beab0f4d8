/** Words for a person: verdicts, lengths of time, shares. */

import { durationText } from '../../lambda/alert/words/time-text.ts';
import { type Verdict, WORST_VERDICT_FIRST } from '../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import type {
  DaySnapshot,
  IncidentSnapshot,
  Snapshot,
  TargetSnapshot,
  VantageSnapshot,
} from '../../lambda/reports/snapshot/snapshot.ts';
import { type Html, html } from '../markup/html.ts';
import { mark } from './marks.ts';

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  up: 'Up',
  degraded: 'Degraded',
  down: 'Down',
  unknown: 'Unknown',
};

export function badge(verdict: Verdict): Html {
  return html`<span class="verdict ${verdict}">${mark(verdict)}${VERDICT_WORDS[verdict]}</span>`;
}

/** Words that are read out, and not seen: links beside each other that lead to different pages have different names. */
export function unseen(words: string | Html): Html {
  return html`<span class="unseen">${words}</span>`;
}

/** A time that the script of the page shows in the zone of the reader, with UTC as its title. */
export function time(at: string): Html {
  return html`<time datetime="${at}" title="${utcSecond(at)}">${utc(at)}</time>`;
}

/** The same to the second, where several things happen within a minute. */
export function exactTime(at: string): Html {
  return html`<time class="exact" datetime="${at}" title="${utcSecond(at)}">${utcSecond(at)}</time>`;
}

/** A time that the script shows as its age, `20 s ago`, and counts on. Without script it is the time. */
export function age(at: string): Html {
  return html`<time class="age" datetime="${at}" title="${utcSecond(at)}">at ${utc(at)}</time>`;
}

/** `2026-11-26 09:12 UTC`. */
export function utc(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}

/** `2026-11-26 09:12:30 UTC`. */
export function utcSecond(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
}

/** Rounded down: 99.999 % is not 100 %. */
export function percentText(share: number | null): string {
  return share === null ? '–' : `${(Math.floor(share * 100) / 100).toFixed(share === 100 ? 0 : 2)} %`;
}

/** To a thousandth, as `report` has it, and rounded down, too. */
export function exactPercentText(share: number | null): string {
  return share === null ? '–' : `${(Math.floor(share * 1000) / 1000).toFixed(3)} %`;
}

/** `1 incident`, `3 incidents`. */
export function countText(number: number, one: string, more = `${one}s`): string {
  return `${number} ${number === 1 ? one : more}`;
}

/** `in the last 90 days, of which 3 were watched`. */
export function lastDaysText(days: readonly DaySnapshot[]): string {
  const seen = days.filter(({ up, down }) => up + down > 0).length;
  if (seen === 0) return 'in the last 90 days, of which none was watched yet';
  return seen < 90
    ? `in the last 90 days, of which ${seen} ${seen === 1 ? 'was' : 'were'} watched`
    : 'in the last 90 days';
}

/** The time in the name of a round, to the second. */
export function beginOfRound(round: string): string {
  return `${round.slice(0, 19)}Z`;
}

interface Headline {
  readonly verdict: Verdict;
  readonly text: string;
}

/** The sentence at the top of the overview. What nobody saw for longer than `stale` is not called up. */
export function headline(snapshot: Snapshot): Headline {
  const { targets } = snapshot;
  const silent = silence(snapshot);
  if (targets.length === 0)
    return {
      verdict: 'unknown',
      text:
        snapshot.newestRound === null ? 'No mail server has been probed yet' : 'No mail server is shown on this page',
    };
  if (silent !== null) return { verdict: 'unknown', text: silent };
  const seen = `seen from ${vantagesText(snapshot.vantages)}`;
  const count = (verdict: Verdict) => targets.filter((target) => target.verdict === verdict).length;
  const [down, unknown, degraded] = [count('down'), count('unknown'), count('degraded')];
  const some = (number: number) =>
    `${number} of ${countText(targets.length, 'mail server')} ${number === 1 ? 'is' : 'are'}`;
  if (down > 0) return { verdict: 'down', text: `${some(down)} down, ${seen}` };
  if (unknown > 0) return { verdict: 'unknown', text: `${some(unknown)} not known to be up or down` };
  if (degraded > 0) return { verdict: 'degraded', text: `${some(degraded)} degraded, ${seen}` };
  const all = targets.length === 1 ? 'The mail server is up' : `All ${targets.length} mail servers are up`;
  return { verdict: 'up', text: `${all}, ${seen}` };
}

/**
 * How the target of an incident is now. An open incident keeps its last bad verdict, and stays open for a time after a recovery. Null: the
 * target is not shown.
 */
export function presentVerdict({ targets }: Pick<Snapshot, 'targets'>, of: string): Verdict | null {
  return targets.find(({ id }) => id === of)?.verdict ?? null;
}

/** `down`, or `up again`; of an incident that has ended, `ended`. */
export function stateOfIncident(
  snapshot: Pick<Snapshot, 'targets'>,
  { target, closed, verdict }: Pick<IncidentSnapshot, 'target' | 'closed' | 'verdict'>,
): string {
  if (closed !== null) return 'ended';
  const present = presentVerdict(snapshot, target) ?? verdict;
  return present === 'up' ? 'up again' : present;
}

/** Rounds, and seconds at least, after which a page is old. */
const STALE = { rounds: 3, least: 60 } as const;

/** Seconds after the newest round. `now.json` is read every 15 seconds at least, and written twice in this time at least. */
export function staleAfter({ every }: Pick<Snapshot, 'every'>): number {
  return Math.max(STALE.least, every * STALE.rounds);
}

/** Null while rounds are recorded. */
function silence(snapshot: Snapshot): string | null {
  const { at, newestRound } = snapshot;
  if (newestRound === null) return null;
  const length = Date.parse(at) - Date.parse(beginOfRound(newestRound));
  return length <= staleAfter(snapshot) * 1000 ? null : `No round was recorded for ${durationText(length)}`;
}

/** `3 regions`, or `2 of 3 regions` if one is blind. */
function vantagesText(vantages: readonly VantageSnapshot[]): string {
  const areRegions = vantages.every(({ vantage }) => /^[a-z]{2}(-[a-z]+)+-\d+$/.test(vantage));
  const [one, more] = areRegions ? ['region', 'regions'] : ['vantage', 'vantages'];
  const seeing = vantages.filter(({ blind }) => !blind).length;
  const all = countText(vantages.length, one, more);
  return seeing === vantages.length ? all : `${seeing} of ${all}`;
}

/** Worst first; otherwise in the order of the config. */
export function worstTargetsFirst(targets: readonly TargetSnapshot[]): readonly TargetSnapshot[] {
  const place = ({ verdict }: TargetSnapshot) => WORST_VERDICT_FIRST.indexOf(verdict);
  return targets.toSorted((a, b) => place(a) - place(b));
}
