/** Snapshots whose pages are compared, to find out what has changed. They are not published. */

import type { Snapshot, TargetSnapshot, VantageSnapshot } from '../reports/snapshot/snapshot.ts';

const NO_TIME = '1970-01-01T00:00:00Z';

/** Without the time of the page, which every page shows. */
export function withoutTime(snapshot: Snapshot): Snapshot {
  return { ...snapshot, at: NO_TIME, newestRound: null };
}

/**
 * Without what changes with each round, too: verdicts, incidents and what people plan are left. Of targets that are not up, and of
 * open incidents, the last sessions and votes are news: people look at them now.
 */
export function newsOf(snapshot: Snapshot): Snapshot {
  return {
    ...withoutTime(snapshot),
    vantages: snapshot.vantages.map(newsOfVantage),
    targets: snapshot.targets.map(newsOfTarget),
  };
}

function newsOfVantage(vantage: VantageSnapshot): VantageSnapshot {
  return { ...vantage, lastRound: null, lag: null, rounds: null };
}

function newsOfTarget(target: TargetSnapshot): TargetSnapshot {
  const last = target.verdict === 'up' ? [] : target.last;
  return { ...target, days: [], uptime: null, uptimeOutsidePlanned: null, unwatched: 0, last, latency: [] };
}
