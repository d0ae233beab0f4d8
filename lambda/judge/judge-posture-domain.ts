/** Judges the posture of one domain, and writes its verdict. */
import { judgePosture, withdrawPosture } from '../consensus/posture/judge-posture.ts';
import { POSTURE_REMINDER, type PosturePolicy } from '../consensus/posture/posture-policy.ts';
import type { PostureVerdict, StoredPostureVerdict } from '../consensus/posture/posture-verdict.ts';
import type { PostureWitness } from '../consensus/posture/posture-vote.ts';
import { fitVerdict } from '../history/posture/posture-verdict-item.ts';
import type { PosturePass } from './domains-to-judge.ts';
import { hasTimeLeft } from './pass/time-left.ts';

export interface JudgedDomain {
  readonly domain: string;
  /** As it is stored now; null if another judge wrote first: that one does the rest. */
  readonly verdict: StoredPostureVerdict | null;
  readonly isChanged: boolean;
}

/** @throws Error if there is no time left, so that the pass counts as incomplete */
export async function judgePostureDomain(
  pass: PosturePass,
  domain: string,
  previous: StoredPostureVerdict | null,
): Promise<JudgedDomain> {
  if (!hasTimeLeft(pass.ports)) throw new Error('it is left to the next pass');
  const next = await nextVerdict(pass, domain, previous);
  if (next === previous) return { domain, verdict: previous, isChanged: false };
  const fitted = fitVerdict(next);
  const version = previous?.version ?? 0;
  const isWritten = await pass.postures.writePostureVerdict(fitted, version);
  return { domain, verdict: isWritten ? { ...fitted, version: version + 1 } : null, isChanged: isWritten };
}

async function nextVerdict(
  pass: PosturePass,
  domain: string,
  previous: StoredPostureVerdict | null,
): Promise<PostureVerdict> {
  const { ports, vantages, now } = pass;
  const entry = ports.config.posture?.find((one) => one.domain === domain);
  if (entry === undefined && previous !== null) return withdrawPosture(previous, now);
  const policy: PosturePolicy = { vantages, ignore: entry?.ignore ?? [], reminder: POSTURE_REMINDER, warnings: false };
  return judgePosture({ domain, previous, witnesses: await witnessesOf(pass, domain), policy, now });
}

async function witnessesOf(
  { postures, vantages, watches }: PosturePass,
  domain: string,
): Promise<readonly PostureWitness[]> {
  return await Promise.all(
    vantages.map(async (vantage) => {
      const areas = watches.find((watch) => watch.vantage === vantage)?.areas ?? {};
      return { vantage, state: await postures.latestPosture(domain, vantage, true), areas };
    }),
  );
}
