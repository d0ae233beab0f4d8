/** One pass of the judge over the posture of the domains. */
import { postureVantages } from '../config/posture-domain.ts';
import type { StoredPostureVerdict } from '../consensus/posture/posture-verdict.ts';
import type { PostureHistory } from '../history/posture/posture-history.ts';
import type { JudgePorts } from '../ports.ts';
import { domainsToJudge, type PosturePass, progressAfter } from './domains-to-judge.ts';
import { type JudgedDomain, judgePostureDomain } from './judge-posture-domain.ts';
import { openPassFailures } from './pass/pass-failures.ts';
import { attempt, runEach } from './pass/run-each-despite-errors.ts';
import { handOverVerdicts, type VerdictStore } from './verdict-outbox.ts';

/** The result of one pass, for the log. */
export interface PostureJudgeReport {
  /** Domains whose items were read. */
  readonly judged: number;
  readonly changed: number;
  /** Alerts that were handed over to the channels. */
  readonly told: number;
  /** What could not be written or handed over in this pass. The alerts of it stay pending. */
  readonly failed: readonly string[];
}

const NOTHING = { judged: 0, changed: 0, told: 0 } as const;

/**
 * Judges the domains of which a vantage stored something new, and those whose time has come. A pass with nothing to do reads
 * one small item of each vantage, and one of its own. A verdict and its pending alerts are one conditional write. What a pass
 * has done is written last: if a judge ends before that, the next one does it again, and changes nothing.
 * @param fresh whether to use consistent reads, which cost twice as much. Only a judge that was started by an event must see
 * what the event is about.
 */
export async function judgePostures(ports: JudgePorts, fresh = true): Promise<PostureJudgeReport> {
  const failed = openPassFailures(ports.log);
  const pass = await attempt('posture', openPass(ports, fresh), failed);
  if (pass === null) return { ...NOTHING, failed: failed.names() };
  const done = await attempt('posture', judgeDue(pass), pass.failed);
  return { ...(done ?? NOTHING), failed: [...failed.names(), ...pass.failed.names()] };
}

/** Null if posture is not watched, and never was. */
async function openPass(ports: JudgePorts, fresh: boolean): Promise<PosturePass | null> {
  const { config, postures } = ports;
  if (postures === undefined) return null;
  const progress = await postures.postureProgress();
  if (progress === null && config.posture === undefined) return null;
  const vantages = postureVantages(config);
  const watches = await Promise.all(vantages.map((vantage) => postures.latestWatch(vantage, fresh)));
  const failed = openPassFailures(ports.log);
  return {
    ports,
    postures,
    failed,
    progress,
    vantages,
    watches: watches.filter((one) => one !== null),
    now: ports.now(),
  };
}

async function judgeDue(pass: PosturePass): Promise<Omit<PostureJudgeReport, 'failed'>> {
  const { ports, postures, failed } = pass;
  const due = await domainsToJudge(pass);
  if (due === null) return NOTHING;
  const judged = await runEach(
    due.domains,
    (domain) => domain,
    (domain) => judgePostureDomain(pass, domain, due.stored.get(domain) ?? null),
    failed,
  );
  const verdicts = judged.map(({ verdict }) => verdict);
  const told = await handOverVerdicts(ports, verdicts, verdictStore(postures), failed);
  await postures.writePostureProgress(progressAfter(pass, due, verdictsAfter(due.stored, judged)));
  return { judged: due.domains.length, changed: judged.filter(({ isChanged }) => isChanged).length, told };
}

function verdictStore({ postureVerdict, writePostureVerdict }: PostureHistory): VerdictStore<StoredPostureVerdict> {
  return { nameOf: ({ domain }) => domain, verdict: postureVerdict, writeVerdict: writePostureVerdict };
}

/** The verdicts by domain; those that could not be judged are not there. */
function verdictsAfter(
  stored: ReadonlyMap<string, StoredPostureVerdict>,
  judged: readonly JudgedDomain[],
): ReadonlyMap<string, StoredPostureVerdict> {
  return new Map([
    ...stored,
    ...judged.flatMap(({ domain, verdict }) => (verdict === null ? [] : [[domain, verdict] as const])),
  ]);
}
