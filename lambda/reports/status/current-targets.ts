import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { StoredJudgement } from '../../history/history.ts';
import { hourName } from '../../history/rollup/hour-names.ts';
import { endOfKeys, targetKey } from '../../history/table/keys.ts';
import type { ReportSource } from '../source/report-source.ts';
import { readRounds, roundSpan } from '../source/rounds.ts';

/** What is watched now, out of all that the history has. */
export interface CurrentTargets {
  readonly targets: readonly string[];
  readonly vantages: readonly string[];
  /** Targets and vantages of the history that are watched no more. */
  readonly omitted: readonly string[];
}

/**
 * The history keeps a target that was removed or renamed for good. What is watched now the config says; without one,
 * a target is gone when the judge withdrew it, or when no vantage had a sample of it for a day.
 * @param all leave out nothing
 */
export async function currentTargets(source: ReportSource, all: boolean): Promise<CurrentTargets> {
  const { targets, vantages } = source;
  if (all) return { targets, vantages, omitted: [] };
  const kept = { targets: namedTargets(source) ?? (await livingTargets(source)), vantages: namedVantages(source) };
  const gone = (names: readonly string[], keep: readonly string[]) => names.filter((name) => !keep.includes(name));
  return { ...kept, omitted: [...gone(targets, kept.targets), ...gone(vantages, kept.vantages)] };
}

/** Null where no config is beside this history, or one of something else: none of its targets was ever judged here. */
function namedTargets({ config, judgements }: ReportSource): readonly string[] | null {
  const named = config?.targets.map(({ id }) => id) ?? [];
  return judgements.some(({ target }) => named.includes(target)) ? named : null;
}

function namedVantages({ config, vantages }: ReportSource): readonly string[] {
  const named = vantages.filter((vantage) => config?.policy.vantages.includes(vantage));
  return named.length === 0 ? vantages : named;
}

const DAY = 86_400_000;
const LATELY = 600_000;

async function livingTargets(source: ReportSource): Promise<readonly string[]> {
  const unknown = new Map(source.judgements.filter(isUnknown).map((judgement) => [judgement.target, judgement]));
  const newest = unknown.size === 0 ? null : await roundSpan(source, '', endOfKeys);
  if (newest === null) return source.targets;
  const lately = await readRounds(source, isoSeconds(newest.to - LATELY), endOfKeys);
  const seen = new Set(lately.flatMap(({ samples }) => [...samples.keys()]));
  const living = await Promise.all(
    source.targets.map(async (target) => {
      const judgement = unknown.get(target);
      if (judgement === undefined || seen.has(target)) return true;
      return !wasWithdrawn(judgement) && (await hasHours(source, target, newest.to - DAY));
    }),
  );
  return source.targets.filter((_, at) => living[at]);
}

/** What the judge withdraws is unknown from then on: nothing else needs a second look. */
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
