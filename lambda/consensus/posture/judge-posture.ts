/** Decides which alerts about the posture of a domain are due. */
import { isDeepStrictEqual } from 'node:util';
import type { PostureArea } from '../../posture/codes/code.ts';
import { isoSeconds } from '../judgement/round-name.ts';
import { type JudgedStep, judgeFinding } from './judge-finding.ts';
import { addNews, withdrawalNews } from './posture-alerts.ts';
import { ignoreOf, type PosturePolicy } from './posture-policy.ts';
import { findingIdentity, type TrackedFinding } from './posture-state.ts';
import type { JudgedFinding, PostureKind, PostureVerdict } from './posture-verdict.ts';
import { castPostureVote, decidePresence, type PostureDecision, type PostureWitness } from './posture-vote.ts';

/** Findings that are remembered of a domain. What was reported comes first; of others the worst. */
const MOST_FINDINGS = 200;

export interface PostureQuestion {
  readonly domain: string;
  readonly previous: PostureVerdict | null;
  /** The vantages of the policy, in its order. */
  readonly witnesses: readonly PostureWitness[];
  readonly policy: PosturePolicy;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * The next verdict. A finding is reported when two runs of each vantage see it, and its end likewise. Returns `previous` itself
 * if nothing changed, so that nothing is written. Two judges with the same input add the same alerts with the same ids.
 */
export function judgePosture(question: PostureQuestion): PostureVerdict {
  const { domain, previous, policy, now } = question;
  const at = isoSeconds(now);
  const before = previous === null || previous.isGone ? newVerdict(domain, at, previous) : previous;
  const decided = candidatesOf(question, before).map((finding) => {
    const votes = question.witnesses.map((witness) => castPostureVote(witness, finding, before.since, now));
    return { finding, decision: decidePresence(votes) };
  });
  const known = new Map(before.findings.map((finding) => [findingIdentity(finding), finding]));
  const steps = decided.flatMap(({ finding, decision }): readonly JudgedStep[] => {
    const own = known.get(findingIdentity(finding)) ?? null;
    const step =
      finding.isTold || own !== null
        ? judgeFinding({ finding, before: own, decision, ignored: ignoreOf(finding, policy.ignore, now), now, at })
        : null;
    return step === null ? [] : [step];
  });
  const warnings = decided.flatMap(({ finding, decision }) =>
    finding.outcome === 'warn' && decision.presence === 'present' && ignoreOf(finding, policy.ignore, now) === null
      ? [{ code: finding.code, subject: finding.subject, detail: finding.detail }]
      : [],
  );
  const undecided = decided.some(
    ({ finding, decision }) => (finding.isTold || known.has(findingIdentity(finding))) && isOpen(decision),
  );
  const next = addNews({ before, steps, warnings, policy, now, at, undecided });
  return previous !== null && isDeepStrictEqual(bare(previous), next) ? previous : next;
}

/** The verdict without the attributes that the store adds. */
function bare({
  domain,
  since,
  findings,
  episodes,
  undecided,
  alerts,
  lastAlert,
  owed,
  isGone,
}: PostureVerdict): PostureVerdict {
  return { domain, since, findings, episodes, undecided, alerts, lastAlert, owed, ...(isGone ? { isGone } : {}) };
}

/** Numbers of alerts are not given twice, also if a domain comes back into the config. */
function newVerdict(domain: string, at: string, previous: PostureVerdict | null): PostureVerdict {
  const { alerts = 0, lastAlert = null, owed = [] } = previous ?? {};
  return { domain, since: at, findings: [], episodes: {}, undecided: false, alerts, lastAlert, owed };
}

interface Candidate extends Pick<JudgedFinding, 'kind' | 'area' | 'code' | 'subject' | 'detail'> {
  readonly outcome: TrackedFinding['outcome'];
  /** Whether it is reported by itself. */
  readonly isTold: boolean;
}

/** What any vantage sees, and what was reported. */
function candidatesOf({ witnesses, policy }: PostureQuestion, before: PostureVerdict): readonly Candidate[] {
  const candidates = new Map<string, Candidate>();
  for (const finding of before.findings)
    candidates.set(findingIdentity(finding), { ...finding, outcome: 'fail', isTold: true });
  const seen = witnesses.flatMap(({ state }) => state?.findings ?? []);
  for (const outcome of ['fail', 'warn'] as const) {
    for (const finding of seen) if (finding.outcome === outcome) addCandidate(candidates, finding, policy);
  }
  return [...candidates.values()];
}

function addCandidate(candidates: Map<string, Candidate>, finding: TrackedFinding, { warnings }: PosturePolicy): void {
  const { area, code, subject, detail, outcome } = finding;
  const identity = findingIdentity(finding);
  if (!candidates.has(identity) && candidates.size >= MOST_FINDINGS) return;
  const isTold = outcome === 'fail' || warnings;
  candidates.set(identity, { kind: kindOf(area, outcome), area, code, subject, detail, outcome, isTold });
}

function kindOf(area: PostureArea, outcome: TrackedFinding['outcome']): PostureKind {
  return area === 'dnsbl' && outcome === 'fail' ? 'listed' : 'posture';
}

/** Whether a vantage did not abstain, and nothing is decided. */
function isOpen({ presence, votes }: PostureDecision): boolean {
  return presence === 'open' && votes.some(({ vote }) => vote !== 'abstain');
}

/** Ends the verdict of a domain that is no longer in the config, with an alert for what is open. Idempotent. */
export function withdrawPosture(verdict: PostureVerdict, now: number): PostureVerdict {
  return verdict.isGone ? verdict : withdrawalNews(bare(verdict), isoSeconds(now));
}
