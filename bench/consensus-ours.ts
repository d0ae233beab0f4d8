import { judgeTarget } from '../lambda/consensus/judge.ts';
import type { Judgement } from '../lambda/consensus/judgement.ts';
import { type Observation, roundName } from '../lambda/consensus/observation.ts';
import { opinionsWanted } from '../lambda/consensus/opinion.ts';
import { type Policy, policyDefaults, windowOf } from '../lambda/consensus/policy.ts';
import { staggerOf } from '../lambda/consensus/stagger.ts';
import type { Page, Watch } from './consensus-peers.ts';
import { chance, MINUTE, SECOND, START, YEAR, type Year } from './consensus-year.ts';

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
  let observations: Observation[] = [];
  let judgement: Judgement | null = null;
  let paged: number | null = null;

  const later = (at: number, happen: (at: number) => void) => {
    const place = queue.findLastIndex((due) => due.at <= at);
    queue.splice(place + 1, 0, { at, happen });
  };
  const probe = (index: number, round: string, at: number) => {
    const seen = year.probe(index, at);
    if (seen === null) return;
    const vantage = policy.vantages[index] ?? '';
    const phase = seen.outcome === 'pass' ? null : 'connect';
    later(at + seen.took, (done) => {
      observations.push({ vantage, round, outcome: seen.outcome, phase, code: phase, reply: null });
      if (seen.outcome !== 'pass' || !isQuiet()) later(done + DELIVERY, judge);
    });
  };
  const isQuiet = () => judgement?.verdict === 'up' && observations.every(({ outcome }) => outcome === 'pass');
  const judge = (now: number) => {
    const previous: Judgement | null = judgement;
    const next = judgeTarget({ target: 'mx1', previous, observations, policy, now });
    for (const { kind, is } of next.owed) heard(kind === 'flapping' ? 'down' : is, now);
    judgement = next.owed.length === 0 ? next : { ...next, owed: [] };
    for (const { round, vantages } of opinionsWanted([{ previous, next }]))
      for (const vantage of vantages) later(now + SECOND, (at) => probe(policy.vantages.indexOf(vantage), round, at));
  };
  const heard = (is: Judgement['verdict'], now: number) => {
    if (is === 'down') paged ??= now;
    else if (paged !== null) {
      pages.push({ at: paged, until: now });
      paged = null;
    }
  };

  for (let minute = START; minute < START + YEAR; minute += MINUTE) {
    for (const [index] of policy.vantages.entries()) {
      const delay = policy.stagger ? staggerOf(index, policy.vantages.length, policy.every) : 0;
      const late = Math.floor(chance(seed + 2, index, minute) * 1500);
      later(minute + delay + late, (at) => probe(index, roundName(minute), at));
    }
    const oldest = minute - windowOf(policy) - MINUTE;
    observations = observations.filter(({ round }) => Date.parse(round) >= oldest);
    later(minute + 30 * SECOND, (now) => isQuiet() || judge(now));
    for (let due = queue[0]; due !== undefined && due.at < minute + MINUTE; due = queue[0]) {
      queue.shift();
      due.happen(due.at);
    }
  }
  return pages;
}
