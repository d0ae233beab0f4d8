import { judgeTarget } from '../lambda/consensus/judge-target.ts';
import type { Judgement } from '../lambda/consensus/judgement/judgement-state.ts';
import type { Observation } from '../lambda/consensus/judgement/observation.ts';
import { type Policy, policyDefaults, voteWindow } from '../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../lambda/consensus/judgement/round-name.ts';
import { staggerDelay } from '../lambda/consensus/judgement/stagger.ts';
import { secondOpinionRequests } from '../lambda/consensus/quorum/second-opinion.ts';
import type { Page, Watch } from './consensus-peers.ts';
import { chance, MINUTE, SECOND, START, YEAR, type Year } from './random-year-of-outages.ts';

/** Writing a round, an event on the bus and a judge's run, one after the other, measured on AWS in tenths of a second. */
const DELIVERY = 1500;

interface Due {
  readonly at: number;
  readonly happen: (at: number) => void;
}

/** This project's policy, the judge itself, as it looks and asks through a year. */
export function ours(changes: Partial<Policy>): Watch {
  return (year, vantages, seed) => {
    const names = Array.from({ length: vantages }, (_, index) => `v${index}`);
    const policy: Policy = {
      vantages: names,
      every: MINUTE,
      ...policyDefaults(vantages, changes.secondOpinion),
      ...changes,
    };
    return liveThrough(year, policy, seed);
  };
}

function liveThrough(year: Year, policy: Policy, seed: number): readonly Page[] {
  const pages: Page[] = [];
  const queue: Due[] = [];
  const lastFailed = new Set<number>();
  let observations: Observation[] = [];
  let judgement: Judgement | null = null;
  let paged: number | null = null;
  let troubleSeen = START;

  const later = (at: number, happen: (at: number) => void) => {
    const place = queue.findLastIndex((due) => due.at <= at);
    queue.splice(place + 1, 0, { at, happen });
  };
  const isQuiet = (now: number) => judgement?.verdict === 'up' && now - troubleSeen > voteWindow(policy) + 2 * MINUTE;
  const record = (index: number, round: string, outcome: Observation['outcome']) => {
    const phase = outcome === 'pass' ? null : 'connect';
    observations.push({ vantage: policy.vantages[index] ?? '', round, outcome, phase, code: phase, reply: null });
  };
  const probe = (index: number, round: string, at: number) => {
    const seen = year.probe(index, at);
    if (seen !== null) later(at + seen.took, (done) => recorded(index, round, seen.outcome, done));
  };
  const recorded = (index: number, round: string, outcome: Observation['outcome'], done: number) => {
    record(index, round, outcome);
    const isNews = outcome !== 'pass' || lastFailed.delete(index);
    if (isNews) later(done + DELIVERY, judge);
    if (outcome === 'pass') return;
    lastFailed.add(index);
    troubleSeen = done;
  };
  const judge = (now: number) => {
    const previous: Judgement | null = judgement;
    const next = judgeTarget({ target: 'mx1', previous, observations, policy, now });
    for (const { kind, is } of next.owed) heard(kind === 'flapping' ? 'down' : is, now);
    judgement = next.owed.length === 0 ? next : { ...next, owed: [] };
    for (const { round, vantages } of secondOpinionRequests([{ previous, next }]))
      for (const vantage of vantages) later(now + SECOND, (at) => probe(policy.vantages.indexOf(vantage), round, at));
  };
  const heard = (is: Judgement['verdict'], now: number) => {
    if (is === 'down') paged ??= now;
    else if (paged !== null) {
      pages.push({ at: paged, until: now });
      paged = null;
    }
  };
  const startOf = (index: number, minute: number) => {
    const delay = policy.stagger ? staggerDelay(index, policy.vantages.length, policy.every) : 0;
    return minute + delay + Math.floor(chance(seed + 2, index, minute) * 1500);
  };
  /** A minute in which nothing is under way and every probe passes changes nothing: most of a year is like that. */
  const passedOver = (minute: number, round: string) => {
    if (queue.length > 0 || !isQuiet(minute)) return false;
    const seen = policy.vantages.map((_, index) => year.probe(index, startOf(index, minute)));
    if (seen.some((probed) => probed !== null && probed.outcome !== 'pass')) return false;
    for (const [index, probed] of seen.entries()) if (probed !== null) record(index, round, 'pass');
    return true;
  };

  for (let minute = START; minute < START + YEAR; minute += MINUTE) {
    const round = isoSeconds(minute);
    if (observations.length > 100) observations = observations.slice(-60);
    if (passedOver(minute, round)) continue;
    for (const index of policy.vantages.keys()) later(startOf(index, minute), (at) => probe(index, round, at));
    later(minute + 30 * SECOND, judge);
    for (let due = queue[0]; due !== undefined && due.at < minute + MINUTE; due = queue[0]) {
      queue.shift();
      due.happen(due.at);
    }
  }
  return pages;
}
