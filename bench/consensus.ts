/** What the consensus is worth, beside the rules of others over the same simulated years, and what it costs to compute. */
import { judgeAll, type ObservationsByTarget } from '../lambda/consensus/judge-all.ts';
import type { Judgement } from '../lambda/consensus/judgement/judgement-state.ts';
import type { Observation } from '../lambda/consensus/judgement/observation.ts';
import { type Policy, policyDefaults } from '../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../lambda/consensus/judgement/round-name.ts';
import { measureSharedOutages } from './alert-delay-of-shared-outages.ts';
import { ours } from './consensus-ours.ts';
import { type Page, PEERS, type Watch } from './consensus-peers.ts';
import { judgePasses } from './judge/judge.ts';
import { MINUTE, START, wasDown, type Year, yearOf } from './random-year-of-outages.ts';

const YEARS = 1;
const VANTAGES = 5;
/** Shorter outages need not be paged: they may be over before anybody looks twice. */
const LONG_ENOUGH = 5 * MINUTE;

export async function run(): Promise<void> {
  compare(VANTAGES, { ...OURS, ...PEERS });
  compare(3, OURS);
  await measureSharedOutages();
  judgeMany();
  judgePasses();
}

const OURS: Readonly<Record<string, Watch>> = {
  'smtp-quorum': ours({}),
  'smtp-quorum, no second opinion': ours({ secondOpinion: false }),
  'smtp-quorum, no stagger': ours({ stagger: false }),
};

function compare(vantages: number, watches: Readonly<Record<string, Watch>>): void {
  console.log(
    `${YEARS} target-years at one minute from ${vantages} vantages: 1 % of probes lost, a region lost each four days`,
  );
  const years = Array.from({ length: YEARS }, (_, seed) => yearOf(seed + 1, vantages));
  console.table(
    Object.fromEntries(Object.entries(watches).map(([name, watch]) => [name, reckoned(years, watch, vantages)])),
  );
}

function reckoned(years: readonly Year[], watch: Watch, vantages: number) {
  const seen = years.map((year, seed) => ({ year, pages: watch(year, vantages, seed + 1) }));
  const delays = seen.flatMap(({ year, pages }) => delaysOf(year, pages)).sort((a, b) => a - b);
  const found = delays.filter(Number.isFinite);
  const quantile = (share: number) => `${Math.round((found[Math.floor(found.length * share)] ?? 0) / 1000)} s`;
  const wrong = seen.reduce((sum, { year, pages }) => sum + falsePages(year, pages), 0);
  return {
    'false pages a year': wrong / YEARS,
    outages: delays.length,
    missed: delays.length - found.length,
    median: quantile(0.5),
    p99: quantile(0.99),
  };
}

/** A page is false where the server was up, and had been for a minute and a half: some probes take that long to tell. */
function falsePages(year: Year, pages: readonly Page[]): number {
  return pages.filter(({ at }) => !wasDown(year, at - 1.5 * MINUTE, at)).length;
}

/** From the beginning of each long outage until people knew; infinite where they never did. */
function delaysOf(year: Year, pages: readonly Page[]): readonly number[] {
  const long = year.outages.filter(({ from, to }) => to - from >= LONG_ENOUGH);
  return long.map(({ from, to }) => {
    const page = pages.find(({ at, until }) => at <= to && until >= from);
    return page === undefined ? Number.POSITIVE_INFINITY : Math.max(0, page.at - from);
  });
}

/** CPU of the judge's reckoning, of a process that just started and of one that is warm. */
function judgeMany(): void {
  const rows: Record<string, object> = {};
  for (const outcome of ['pass', 'fail'] as const) {
    const policy: Policy = { vantages: ['a', 'b', 'c', 'd', 'e'], every: MINUTE, ...policyDefaults(5) };
    const fleet = { targets: Array.from({ length: 1000 }, (_, i) => `mx${i}`), policy, now: START + 5.9 * MINUTE };
    const observations = sightingsOf(fleet.targets, policy, outcome);
    let stored: readonly Judgement[] = [];
    const runs = Array.from({ length: 10 }, () => {
      const before = process.cpuUsage();
      stored = judgeAll({ ...fleet, observations, stored }).map(({ next }) => next);
      const { user, system } = process.cpuUsage(before);
      return Math.round((user + system) / 1000);
    });
    const warm = runs.slice(5).sort((a, b) => a - b)[2];
    const heap = `${Math.round(process.memoryUsage().heapUsed / 2 ** 20)} MB`;
    rows[outcome === 'pass' ? 'all up' : 'all down'] = { 'first run': `${runs[0]} ms`, warm: `${warm} ms`, heap };
  }
  console.log('Judging 1,000 targets × 5 vantages × 5 rounds, CPU:');
  console.table(rows);
}

function sightingsOf(targets: readonly string[], policy: Policy, outcome: 'pass' | 'fail'): ObservationsByTarget {
  const [phase, code] = outcome === 'pass' ? [null, null] : ['connect', 'connect-timeout'];
  const seen = (vantage: string, round: number, target: number): Observation => ({
    vantage,
    round: isoSeconds(START + round * MINUTE),
    outcome,
    phase,
    code,
    reply: null,
    address: `192.0.${target % 250}.25`,
  });
  const byVantage = (target: number) =>
    new Map(policy.vantages.map((vantage) => [vantage, [1, 2, 3, 4, 5].map((round) => seen(vantage, round, target))]));
  return new Map(targets.map((target, index) => [target, byVantage(index)]));
}
