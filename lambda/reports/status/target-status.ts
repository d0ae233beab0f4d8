import { isOpen } from '../../consensus/judgement/incident.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { Verdict } from '../../consensus/judgement/vote-and-verdict-definitions.ts';
import type { StoredJudgement } from '../../history/history.ts';
import type { Round, VantageSample } from '../../history/packing/recorded-round.ts';
import type { ReportSource } from '../source/report-source.ts';
import { type RecentRounds, samplesOfTarget } from '../source/rounds.ts';
import type { CurrentTargets } from './current-targets.ts';

/** The status of a target: its verdict, and the last sample of each vantage. */
export interface TargetStatus {
  readonly target: string;
  /** `unknown` if it has not been judged yet. */
  readonly verdict: Verdict;
  readonly since: string | null;
  readonly incident: string | null;
  /** By vantage; null if none of the recent rounds has the target. */
  readonly last: ReadonlyMap<string, VantageSample | null>;
  /** Samples of the last hours from all vantages. */
  readonly recent: readonly VantageSample[];
}

const MINUTE = 60_000;

/** Limit of the search for the last sample of a target. */
const LOOK_BACK = 180 * MINUTE;

/** Tried in turn until every target has a sample. Usually the newest round has all of them. */
const WINDOWS = [2 * MINUTE, 10 * MINUTE, 60 * MINUTE, LOOK_BACK];

/** Limit of samples for the sparklines, to bound the work to about a second. A large fleet, and short rounds, get a shorter time span. */
const MAX_SPARKLINE_SAMPLES = 60_000;
const MIN_SPARKLINE_ROUNDS = 10;

/** @param withRecent read the recent samples for sparklines, too, and not only the last ones */
export async function targetStatuses(
  source: ReportSource,
  { targets, vantages }: CurrentTargets,
  rounds: RecentRounds,
  now: number,
  withRecent: boolean,
): Promise<readonly TargetStatus[]> {
  const span = withRecent ? sparklineSpan(targets.length * vantages.length, source.config?.policy.every ?? MINUTE) : 0;
  const read = vantages.map(async (vantage) => {
    return [vantage, await enoughRounds(source, rounds, vantage, targets, now, span)] as const;
  });
  const byVantage = new Map(await Promise.all(read));
  const judgements = new Map(source.judgements.map((judgement) => [judgement.target, judgement]));
  const since = isoSeconds(now - span);
  return targets.map((target) => {
    const judgement = judgements.get(target);
    const seen = new Map([...byVantage].map(([vantage, all]) => [vantage, samplesOfTarget(all, target)]));
    return {
      target,
      verdict: judgement?.verdict ?? 'unknown',
      since: judgement?.since ?? null,
      incident: openIncident(judgement),
      last: new Map([...seen].map(([vantage, all]) => [vantage, all.at(-1) ?? null])),
      recent: withRecent ? [...seen.values()].flat().filter(({ round }) => round >= since) : [],
    };
  });
}

/** @param every milliseconds between rounds; longer rounds than of a minute count as such */
export function sparklineSpan(perRound: number, every: number): number {
  const rounds = Math.max(MIN_SPARKLINE_ROUNDS, MAX_SPARKLINE_SAMPLES / Math.max(1, perRound));
  return Math.min(LOOK_BACK, rounds * Math.min(MINUTE, every));
}

/** The newest rounds of a vantage, far enough back to have each target, and at least `span` long. */
async function enoughRounds(
  { history }: ReportSource,
  rounds: RecentRounds,
  vantage: string,
  targets: readonly string[],
  now: number,
  span: number,
): Promise<readonly Round[]> {
  let read: readonly Round[] = [];
  for (const window of [span, ...WINDOWS].filter((length) => length > 0 && length >= span)) {
    read = await rounds.read(history, vantage, isoSeconds(now - window), isoSeconds(now - LOOK_BACK), now);
    const seen = new Set(read.flatMap(({ samples }) => [...samples.keys()]));
    if (targets.every((target) => seen.has(target))) break;
  }
  return read;
}

function openIncident(judgement: StoredJudgement | undefined): string | null {
  const incident = judgement?.incident ?? null;
  return isOpen(incident) ? incident.id : null;
}
