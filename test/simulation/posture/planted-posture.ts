/** Bugs of the posture watch, each of which breaks a promise. The simulation must detect each. */
import { type Bug, withPlanted } from '../planted.ts';
import type { PostureProduct } from './simulate-posture.ts';

export const POSTURE_BUGS: readonly Bug[] = [
  {
    name: 'one run of a vantage is enough',
    file: 'consensus/posture/add-run.ts',
    find: 'const confirmed = before !== undefined && (before.confirmed || areApart(since, began));',
    plant: 'const confirmed = true;',
  },
  {
    name: '`unable` is taken for the end of a finding',
    file: 'consensus/posture/add-run.ts',
    find: 'if (isLeftOpen(finding, domain, findings)) return',
    plant: 'if (false) return',
  },
  {
    name: 'a run of lists makes all other findings vanish',
    file: 'consensus/posture/add-run.ts',
    find: 'const isDue = (finding: TrackedFinding) => areas.includes(finding.area) && !isNotAsked(finding, run);',
    plant: 'const isDue = (_: TrackedFinding) => true;',
    seed: 10,
  },
  {
    name: 'one vantage decides',
    file: 'consensus/posture/posture-vote.ts',
    find: "cast.size === 1 && (only === 'present' || only === 'absent') ? only : 'open'",
    plant: "cast.has('present') ? 'present' : cast.size === 1 && only === 'absent' ? only : 'open'",
    seed: 3,
  },
  {
    name: 'alerts are handed over that were never stored',
    file: 'judge/judge-posture-domain.ts',
    find: 'await pass.postures.writePostureVerdict(fitted, version);',
    plant: 'await pass.postures.writePostureVerdict({ ...fitted, owed: [] }, version);',
  },
  {
    name: 'an item whose event was lost is not seen',
    file: 'judge/domains-to-judge.ts',
    find: 'judged[vantage]?.[domain] === at ? [] : [domain]',
    plant: 'true ? [] : [domain]',
    seed: 3,
  },
  {
    name: 'verdicts that are not steady are not judged again',
    file: 'judge/domains-to-judge.ts',
    find: 'return timeOf(verdict, now - POSTURE_EVERY.lists) <= now;',
    plant: 'return timeOf(verdict, now) <= now;',
    seed: 12,
  },
  {
    name: 'a listing that comes and goes is told each time',
    file: 'consensus/posture/judge-finding.ts',
    find: 'flapping: tellings.length >= FLAPS',
    plant: 'flapping: false',
  },
  {
    name: 'it is told as over while a vantage sees it again',
    file: 'consensus/posture/judge-finding.ts',
    find: "if (presence !== 'absent' || present.flapping)",
    plant: 'if (present.isPresent || present.flapping)',
  },
];

const ENTRY = `
  export { judge } from './judge/judge.ts';
  export { judgePostures } from './judge/judge-postures.ts';
  export { deliverChannel } from './deliver/deliver-channel.ts';
  export { openDeliveries } from './deliver/delivery-table.ts';
  export { openNotifications } from './history/notifications/notification-store.ts';
  export { openHistory } from './history/history.ts';
  export { openPostureHistory } from './history/posture/posture-history.ts';`;

export function withPostureBug(bug: Bug): Promise<PostureProduct> {
  return withPlanted<PostureProduct>(bug, ENTRY);
}
