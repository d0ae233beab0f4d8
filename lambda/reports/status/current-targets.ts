import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { StoredJudgement } from '../../history/history.ts';
import { hourName } from '../../history/rollup/hour-and-day-names.ts';
import { endOfKeys, targetKey } from '../../history/table/keys.ts';
import type { ReportSource } from '../source/report-source.ts';
import { readRounds, roundSpan } from '../source/rounds.ts';

/** The targets and vantages of the history that are monitored now. */
export interface CurrentTargets {
  readonly targets: readonly string[];
  readonly vantages: readonly string[];
  /** Targets and vantages of the history that are no longer monitored. */
  readonly omitted: readonly string[];
}

/**
 * The history keeps removed and renamed targets. The config names the current ones. Without a config, a target is omitted
 * if the judge withdrew it, or if no vantage had a sample of it for a day.
 * @param all omit nothing
 */
export async function currentTargets(source: ReportSource, all: boolean): Promise<CurrentTargets> {
  const { targets, vantages } = source;
  if (all) return { targets, vantages, omitted: [] };
  const current = { targets: namedTargets(source) ?? (await activeTargets(source)), vantages: namedVantages(source) };
  const missing = (names: readonly string[], keep: readonly string[]) => names.filter((name) => !keep.includes(name));
  return { ...current, omitted: [...missing(targets, current.targets), ...missing(vantages, current.vantages)] };
}

/** Null without a config, or if the config belongs to another history: none of its targets was ever judged in this one. */
function namedTargets({ config, judgements }: ReportSource): readonly string[] | null {
  const named = config?.targets.map(({ id }) => id) ?? [];
  return judgements.some(({ target }) => named.includes(target)) ? named : null;
}

function namedVantages({ config, vantages }: ReportSource): readonly string[] {
  const named = vantages.filter((vantage) => config?.policy.vantages.includes(vantage));
  return named.length === 0 ? vantages : named;
}

const DAY = 86_400_000;
const RECENT = 600_000;

async function activeTargets(source: ReportSource): Promise<readonly string[]> {
  const unknown = new Map(source.judgements.filter(isUnknown).map((judgement) => [judgement.target, judgement]));
  const newest = unknown.size === 0 ? null : await roundSpan(source, '', endOfKeys);
  if (newest === null) return source.targets;
  const recent = await readRounds(source, isoSeconds(newest.to - RECENT), endOfKeys);
  const seen = new Set(recent.flatMap(({ samples }) => [...samples.keys()]));
  const active = await Promise.all(
    source.targets.map(async (target) => {
      const judgement = unknown.get(target);
      if (judgement === undefined || seen.has(target)) return true;
      return !wasWithdrawn(judgement) && (await hasHours(source, target, newest.to - DAY));
    }),
  );
  return source.targets.filter((_, at) => active[at]);
}

/** A withdrawn target stays unknown, so only unknown targets need these queries. */
function isUnknown({ verdict }: StoredJudgement): boolean {
  return verdict === 'unknown';
}

function wasWithdrawn({ incident, since }: StoredJudgement): boolean {
  return incident?.timeline.some(({ at, what }) => at === since && what.startsWith('withdrawn: ')) ?? false;
}

async function hasHours({ table }: ReportSource, target: string, since: number): Promise<boolean> {
  const range = { from: targetKey.hour(hourName(since)), to: targetKey.hour(endOfKeys), limit: 1 };
  return (await table.query(targetKey.pk(target), range)).length > 0;
}
