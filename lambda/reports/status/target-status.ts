import { isOpen } from '../../consensus/judgement/incident.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { Verdict } from '../../consensus/judgement/verdict.ts';
import type { StoredJudgement } from '../../history/history.ts';
import type { Round, VantageSample } from '../../history/packing/recorded-sample.ts';
import type { ReportSource } from '../source/report-source.ts';
import { type RecentRounds, samplesOfTarget } from '../source/rounds.ts';
import type { CurrentTargets } from './current-targets.ts';

/** How a target stands: its verdict, and what each vantage saw of it last. */
export interface TargetStatus {
  readonly target: string;
  /** `unknown` where it has not been judged yet. */
  readonly verdict: Verdict;
  readonly since: string | null;
  readonly incident: string | null;
  /** By vantage; null where none of the recent rounds has the target. */
  readonly last: ReadonlyMap<string, VantageSample | null>;
  /** Samples of the last hours from all vantages. */
  readonly recent: readonly VantageSample[];
}

const MINUTE = 60_000;

/** How far back the last probe of a target is looked for. */
const LOOK_BACK = 180 * MINUTE;

/** Tried in turn until every target was seen: mostly the newest round has them all. */
const WINDOWS = [2 * MINUTE, 10 * MINUTE, 60 * MINUTE, LOOK_BACK];

/** Samples that the lines of recent outcomes are drawn of: a second's work. Large fleets have them of less time. */
const DRAWN = 60_000;
const SHORTEST = 10 * MINUTE;

/** @param drawn whether there are lines of recent outcomes, for which more is read than the last probes */
export async function targetStatuses(
  source: ReportSource,
  { targets, vantages }: CurrentTargets,
  rounds: RecentRounds,
  now: number,
  drawn: boolean,
): Promise<readonly TargetStatus[]> {
  const span = drawn ? drawnSpan(targets.length * vantages.length) : 0;
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
      recent: drawn ? [...seen.values()].flat().filter(({ round }) => round >= since) : [],
    };
  });
}

/** Rounds of a minute are the most that there can be. */
function drawnSpan(perRound: number): number {
  return Math.max(SHORTEST, Math.min(LOOK_BACK, (DRAWN / Math.max(1, perRound)) * MINUTE));
}

/** The newest rounds of a vantage, as far back as each target was seen in them; and at least as far as `span`. */
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
    read = await rounds.of(history, vantage, isoSeconds(now - window), isoSeconds(now - LOOK_BACK));
    const seen = new Set(read.flatMap(({ samples }) => [...samples.keys()]));
    if (targets.every((target) => seen.has(target))) break;
  }
  return read;
}

function openIncident(judgement: StoredJudgement | undefined): string | null {
  const incident = judgement?.incident ?? null;
  return isOpen(incident) ? incident.id : null;
}
