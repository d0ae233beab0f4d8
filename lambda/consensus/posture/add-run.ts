/** Adds a run to what a vantage knew of a domain. */
import type { PostureArea } from '../../posture/codes/code.ts';
import type { PostureFinding } from '../../posture/finding.ts';
import { hasWords, isLeftOpen } from './cover-by-unable.ts';
import { RUNS_APART } from './posture-policy.ts';
import type { PostureRun } from './posture-run.ts';
import { findingIdentity, type PostureState, type TrackedFinding } from './posture-state.ts';

const DAY = 24 * 3_600_000;

/** Characters of a sentence, and of one that stands for several findings with one identity. */
const LONGEST_DETAIL = 400;

/**
 * The state after a run. A run that is older than what is known of an area does not change that area. Of a domain that does
 * not exist nothing but that is known: its other findings stay as they were.
 * @param now epoch milliseconds
 */
export function addRun(before: PostureState | null, run: PostureRun, now: number): PostureState {
  const areas = newAreas(before, run, now);
  const isDue = (finding: TrackedFinding) => areas.includes(finding.area) && !isNotAsked(finding, run);
  const kept = (before?.findings ?? []).filter((finding) => !isDue(finding));
  const known = (before?.findings ?? []).filter(isDue);
  const seen = distinct(run.findings.filter(({ area }) => areas.includes(area)));
  const byIdentity = new Map(known.map((finding) => [findingIdentity(finding), finding]));
  const identities = new Set(seen.map(findingIdentity));
  const missed = known.filter((finding) => !identities.has(findingIdentity(finding)));
  return {
    domain: run.domain,
    vantage: run.vantage,
    at: laterThan(before, now),
    areas: { ...before?.areas, ...Object.fromEntries(areas.map((area) => [area, run.began])) },
    findings: [
      ...kept,
      ...seen.map((finding) => seenAgain(finding, byIdentity.get(findingIdentity(finding)), run.began)),
      ...missed.flatMap((finding) => notSeen(finding, run)),
    ],
    policies: areas.includes('mta-sts') ? (run.policies ?? before?.policies ?? []) : (before?.policies ?? []),
  };
}

/** The areas of the run of which nothing newer is known. A clock that was ahead does not stop those that are right. */
function newAreas(before: PostureState | null, run: PostureRun, now: number): readonly PostureArea[] {
  const exists = !run.findings.some(({ code }) => code === 'mx-no-domain');
  return run.areas.filter((area) => {
    const last = before?.areas[area];
    const isNewer = last === undefined || last < run.began || Date.parse(last) > now + RUNS_APART;
    return isNewer && (exists || area === 'mx');
  });
}

function isNotAsked({ area, subject }: TrackedFinding, { notAsked = [] }: PostureRun): boolean {
  return area === 'dnsbl' && notAsked.some((zone) => hasWords(subject, zone));
}

/** Findings with one identity, such as two mistakes in one record, are one with the details of all. */
function distinct(findings: readonly PostureFinding[]): readonly PostureFinding[] {
  const byIdentity = new Map<string, PostureFinding>();
  for (const finding of findings) {
    const identity = findingIdentity(finding);
    const first = byIdentity.get(identity);
    byIdentity.set(identity, first === undefined || first.detail === finding.detail ? finding : joined(first, finding));
  }
  return [...byIdentity.values()];
}

function joined(first: PostureFinding, other: PostureFinding): PostureFinding {
  const detail = `${first.detail}; ${other.detail}`.slice(0, LONGEST_DETAIL);
  return { ...first, detail, publish: [...new Set([...first.publish, ...other.publish])] };
}

/** A finding that one run saw and the next did not begins anew. */
function seenAgain(finding: PostureFinding, known: TrackedFinding | undefined, began: string): TrackedFinding {
  const before = known?.confirmed === false && known.gone !== null ? undefined : known;
  const since = before?.since ?? began;
  const confirmed = before !== undefined && (before.confirmed || areApart(since, began));
  return { ...finding, since, confirmed, gone: null, unknown: null };
}

/** A finding that this run does not have. It ends with the second such run. */
function notSeen(finding: TrackedFinding, { began, domain, findings }: PostureRun): readonly TrackedFinding[] {
  if (finding.outcome === 'pass' || finding.outcome === 'unable') return [];
  if (isLeftOpen(finding, domain, findings)) return [{ ...finding, unknown: finding.unknown ?? began }];
  if (finding.gone !== null && areApart(finding.gone, began)) return [];
  return [{ ...finding, gone: finding.gone ?? began, unknown: null }];
}

function areApart(one: string, other: string): boolean {
  return Date.parse(other) - Date.parse(one) >= RUNS_APART;
}

function laterThan(before: PostureState | null, now: number): string {
  const last = before === null ? Number.NEGATIVE_INFINITY : Date.parse(before.at);
  return new Date(Math.max(now, last + 1)).toISOString();
}

/**
 * Whether the state is worth an item: something changed, a second run confirmed it, an area was checked for the first time, or
 * the last item is a day old.
 */
export function isToBeStored(before: PostureState | null, after: PostureState): boolean {
  if (before === null || Date.parse(after.at) - Date.parse(before.at) >= DAY) return true;
  return signature(before) !== signature(after);
}

/**
 * What passed is not part of it: addresses that passed may be others in each run, behind one name. The order of answers in
 * a sentence is not part of it either.
 */
function signature({ areas, findings, policies }: PostureState): string {
  const parts = findings
    .filter(({ outcome }) => outcome !== 'pass')
    .map((finding) => [findingIdentity(finding), ...stateOf(finding)]);
  const known = policies.map(({ lastSeen: _, ...policy }) => policy);
  return JSON.stringify([Object.keys(areas).sort(), parts.map((part) => JSON.stringify(part)).sort(), known]);
}

/** Why a query was not answered may differ each time. */
function stateOf({ outcome, detail, confirmed, gone, unknown }: TrackedFinding): readonly unknown[] {
  if (outcome === 'unable') return [];
  return [detail.split(/[\s,;]+/).sort(), confirmed, gone !== null, unknown !== null];
}
