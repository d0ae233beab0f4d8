/** Which domains a pass has to judge, and how far it then has come. */
import { nextPostureTime } from '../consensus/posture/next-posture-time.ts';
import { POSTURE_EVERY, POSTURE_REMINDER } from '../consensus/posture/posture-policy.ts';
import type { StoredPostureVerdict } from '../consensus/posture/posture-verdict.ts';
import type { PostureHistory } from '../history/posture/posture-history.ts';
import type { PostureProgress } from '../history/posture/posture-progress.ts';
import type { PostureWatch } from '../history/posture/posture-watch.ts';
import type { JudgePorts } from '../ports.ts';
import { digestOf } from './pass/config-digest.ts';
import type { PassFailures } from './pass/pass-failures.ts';

/** What a pass knows before it reads a domain. */
export interface PosturePass {
  readonly ports: JudgePorts;
  readonly postures: PostureHistory;
  readonly failed: PassFailures;
  /** How far the passes before have come; null if there was none. */
  readonly progress: PostureProgress | null;
  readonly vantages: readonly string[];
  readonly watches: readonly PostureWatch[];
  /** Epoch milliseconds. */
  readonly now: number;
}

export interface DueDomains {
  readonly domains: readonly string[];
  readonly stored: ReadonlyMap<string, StoredPostureVerdict>;
  readonly isAll: boolean;
}

/** Milliseconds after which every domain is judged again, whatever the vantages noted. */
const ALL_EVERY = 6 * 3_600_000;

/** Null if there is nothing to do. */
export async function domainsToJudge(pass: PosturePass): Promise<DueDomains | null> {
  const { ports, postures, progress, now } = pass;
  const isAll = areAllDue(pass);
  const changed = changedDomains(pass);
  const isTime = progress?.next != null && progress.next <= now;
  if (!isAll && !isTime && changed.size === 0) return null;
  const stored = new Map((await postures.postureVerdicts()).map((verdict) => [verdict.domain, verdict]));
  const configured = (ports.config.posture ?? []).map(({ domain }) => domain);
  const isDue = (domain: string) => isAll || changed.has(domain) || isTimeOf(stored.get(domain), now);
  return { domains: [...new Set([...configured, ...stored.keys()])].filter(isDue), stored, isAll };
}

function areAllDue({ progress, watches, ports, now }: PosturePass): boolean {
  if (progress === null || now - progress.all >= ALL_EVERY || now < progress.all) return true;
  if (progress.config !== configDigest(ports)) return true;
  return watches.some(({ vantage, omitted }) => omitted !== null && omitted !== progress.omitted[vantage]);
}

/** Another config may end what was reported, or silence it. */
function configDigest({ config }: JudgePorts): string {
  const { home, policy, posture } = config;
  return digestOf([home, policy.vantages, posture ?? []]);
}

function changedDomains({ progress, watches }: PosturePass): ReadonlySet<string> {
  const judged = progress?.judged ?? {};
  const changed = watches.flatMap(({ vantage, recent }) =>
    Object.entries(recent).flatMap(([domain, at]) => (judged[vantage]?.[domain] === at ? [] : [domain])),
  );
  return new Set(changed);
}

/** A verdict that is not steady is judged again in each pass that has anything to do. */
function isTimeOf(verdict: StoredPostureVerdict | undefined, now: number): boolean {
  return timeOf(verdict, now - POSTURE_EVERY.lists) <= now;
}

function timeOf(verdict: StoredPostureVerdict | undefined, now: number): number {
  if (verdict === undefined) return Number.POSITIVE_INFINITY;
  return nextPostureTime(verdict, { reminder: POSTURE_REMINDER }, now);
}

/** If anything failed, the next pass does not claim to have come further, and looks again. */
export function progressAfter(
  { ports, progress, watches, failed, now }: PosturePass,
  { isAll }: DueDomains,
  verdicts: ReadonlyMap<string, StoredPostureVerdict>,
): PostureProgress {
  const isComplete = failed.names().length === 0;
  if (!isComplete) return { judged: {}, omitted: {}, config: '', ...progress, all: progress?.all ?? 0, next: now };
  // What was pending is handed over by now.
  const times = [...verdicts.values()].map((verdict) => timeOf({ ...verdict, owed: [] }, now));
  const next = Math.min(...times);
  return {
    judged: Object.fromEntries(watches.map(({ vantage, recent }) => [vantage, recent])),
    omitted: Object.fromEntries(watches.map(({ vantage, omitted }) => [vantage, omitted])),
    all: isAll ? now : (progress?.all ?? now),
    next: Number.isFinite(next) ? next : null,
    config: configDigest(ports),
  };
}
