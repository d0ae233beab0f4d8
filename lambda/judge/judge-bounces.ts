/** One pass of the judge over the bounces of sending domains. */
import { type BounceCounts, countsBySender } from '../bounces/counts.ts';
import { BOUNCE_POLICY } from '../consensus/bounces/bounce-policy.ts';
import type { BounceVerdict, StoredBounceVerdict } from '../consensus/bounces/bounce-verdict.ts';
import { judgeBounceRates, withdrawBounces } from '../consensus/bounces/judge-bounces.ts';
import { type BounceHistory, hourStart } from '../history/bounces/bounce-history.ts';
import type { BounceProgress } from '../history/bounces/bounce-progress.ts';
import { fitBounceVerdict } from '../history/bounces/bounce-verdict-item.ts';
import type { JudgePorts } from '../ports.ts';
import { digestOf } from './pass/config-digest.ts';
import { openPassFailures, type PassFailures } from './pass/pass-failures.ts';
import { attempt, runEach } from './pass/run-each-despite-errors.ts';
import { hasTimeLeft } from './pass/time-left.ts';
import { handOverVerdicts, type VerdictStore } from './verdict-outbox.ts';

/** The result of one pass, for the log. */
export interface BounceJudgeReport {
  /** Sending domains whose rates were judged. */
  readonly domains: number;
  readonly changed: number;
  /** Alerts that were handed over to the channels. */
  readonly told: number;
  /** Items of hours that were written. */
  readonly hours: number;
  /** What could not be done in this pass; the next one does it. */
  readonly failed: readonly string[];
}

const NOTHING = { domains: 0, changed: 0, told: 0, hours: 0 } as const;

/** Milliseconds after which the rates are judged again without an event: it may have been lost, and rates fall by time alone. */
const AGAIN = 5 * 60_000;

interface BouncePass {
  readonly ports: JudgePorts;
  readonly bounces: BounceHistory;
  readonly progress: BounceProgress | null;
  readonly failed: PassFailures;
  readonly now: number;
}

/**
 * Judges the rates of all sending domains: at once when a source counted a bounce, and each five minutes. A pass with nothing to
 * do reads one small item. A verdict and its pending alerts are one conditional write. What a pass has done is written last: if a
 * judge ends before that, the next one does it again, and changes nothing.
 * @param isEvent whether a source has new bounces
 */
export async function judgeBounces(ports: JudgePorts, isEvent = true): Promise<BounceJudgeReport> {
  const failed = openPassFailures(ports.log);
  const done = await attempt('bounces', judgeWhatIsDue(ports, isEvent, failed), failed);
  return { ...(done ?? NOTHING), failed: failed.names() };
}

async function judgeWhatIsDue(ports: JudgePorts, isEvent: boolean, failed: PassFailures) {
  const { bounces, config } = ports;
  if (bounces === undefined) return NOTHING;
  const progress = await bounces.progress();
  const pass: BouncePass = { ports, bounces, progress, failed, now: ports.now() };
  return isDue(pass, isEvent && config.bounces !== undefined) ? await judgeAllDomains(pass) : NOTHING;
}

function isDue({ progress, ports, now }: BouncePass, isEvent: boolean): boolean {
  if (isEvent) return true;
  if (progress === null) return ports.config.bounces !== undefined;
  if (progress.config !== configDigest(ports)) return true;
  // A clock that was set back must not stop it.
  return progress.next !== null && (progress.next <= now || progress.next > now + AGAIN);
}

/** Another config may end what was reported. */
function configDigest({ config }: JudgePorts): string {
  return digestOf(config.bounces ?? null);
}

async function judgeAllDomains(pass: BouncePass): Promise<Omit<BounceJudgeReport, 'failed'>> {
  const { ports, bounces, failed, progress, now } = pass;
  const [counts, stored] = await Promise.all([bounces.lastDay(now, progress?.rolledUp ?? 0), bounces.verdicts()]);
  const bySender = countsBySender(counts);
  const known = new Map(stored.map((verdict) => [verdict.domain, verdict]));
  const judged = await runEach(
    domainsOf(counts, stored),
    (domain) => domain,
    (domain) => judgeDomain(pass, bySender.get(domain) ?? new Map(), domain, known.get(domain) ?? null),
    failed,
  );
  const verdicts = judged.map(({ verdict }) => verdict);
  const store: VerdictStore<StoredBounceVerdict> = { ...bounces, nameOf: ({ domain }) => domain };
  const told = await handOverVerdicts(ports, verdicts, store, failed);
  const hours = await rollUp(pass);
  await writeProgress(pass);
  const changed = judged.filter(({ isChanged }) => isChanged).length;
  return { domains: judged.length, changed, told, hours };
}

/** Sending domains of a log are what a message says: many of them are an attack or a mistake. */
const MOST_DOMAINS = 500;

/** Those that were reported come first, then those with most mail. */
function domainsOf(counts: BounceCounts, stored: readonly StoredBounceVerdict[]): readonly string[] {
  const sums = new Map<string, number>();
  for (const rows of counts.values())
    for (const { from, delivered, bounced } of rows.values())
      sums.set(from, (sums.get(from) ?? 0) + delivered + bounced);
  const byMail = [...sums].sort(([, a], [, b]) => b - a).map(([from]) => from);
  return [...new Set([...stored.map(({ domain }) => domain), ...byMail])].slice(0, MOST_DOMAINS);
}

interface JudgedSender {
  /** As it is stored now; null if there is nothing to store, or another judge wrote first: that one does the rest. */
  readonly verdict: StoredBounceVerdict | null;
  readonly isChanged: boolean;
}

async function judgeDomain(
  pass: BouncePass,
  counts: BounceCounts,
  domain: string,
  previous: StoredBounceVerdict | null,
): Promise<JudgedSender> {
  if (!hasTimeLeft(pass.ports)) throw new Error('it is left to the next pass');
  const next = nextVerdict(pass, counts, domain, previous);
  if (next === null || next === previous) return { verdict: previous, isChanged: false };
  const fitted = fitBounceVerdict(next);
  const version = previous?.version ?? 0;
  const isWritten = await pass.bounces.writeVerdict(fitted, version);
  return { verdict: isWritten ? { ...fitted, version: version + 1 } : null, isChanged: isWritten };
}

function nextVerdict(
  { ports, now }: BouncePass,
  counts: BounceCounts,
  domain: string,
  previous: StoredBounceVerdict | null,
): BounceVerdict | null {
  const policy = ports.config.bounces?.policy;
  if (policy === undefined) return previous === null ? null : withdrawBounces(previous, BOUNCE_POLICY, now);
  return judgeBounceRates({ domain, previous, counts, policy, now });
}

/** Once an hour, after alerts were handed over. */
async function rollUp({ bounces, progress, failed, now }: BouncePass): Promise<number> {
  if ((progress?.rolledUp ?? 0) >= hourStart(now)) return 0;
  return (await attempt('hours of bounces', bounces.rollUpHours(now), failed)) ?? 0;
}

/** If anything failed, the next pass does not claim to have come further, and looks again. */
async function writeProgress({ bounces, ports, progress, failed, now }: BouncePass): Promise<void> {
  const isComplete = failed.names().length === 0;
  const next = ports.config.bounces === undefined ? null : now + AGAIN;
  await bounces.writeProgress({
    next: isComplete ? next : now,
    rolledUp: isComplete ? Math.max(hourStart(now), 0) : (progress?.rolledUp ?? 0),
    config: isComplete ? configDigest(ports) : (progress?.config ?? ''),
  });
}
