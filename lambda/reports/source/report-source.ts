import type { Config } from '../../config/config.ts';
import { vantageSubject } from '../../consensus/judge-blind-vantage.ts';
import { type History, openHistory, type StoredJudgement } from '../../history/history.ts';
import type { Table } from '../../history/table/table.ts';
import type { ReportUnreadable } from '../../history/table/unreadable.ts';

/** The history that reports are computed from, and the names of its targets and vantages. */
export interface ReportSource {
  /** Null without a config file. */
  readonly config: Config | null;
  readonly table: Table;
  readonly history: History;
  /** In the order of the config, if there is one. */
  readonly vantages: readonly string[];
  readonly targets: readonly string[];
  /** Everything that can have incidents: the targets, and the vantages (`vantage/eu-west-1`). */
  readonly subjects: readonly string[];
  /** Of the targets and of the vantages. */
  readonly judgements: readonly StoredJudgement[];
}

/** Reads the judgements, and takes the names of targets and vantages from them and from the config. */
export async function openReportSource(
  table: Table,
  config: Config | null,
  reportUnreadable: ReportUnreadable = () => {},
): Promise<ReportSource> {
  const history = openHistory(table, { reportUnreadable });
  const judgements = await history.judgements();
  const judged = judgements.map(({ target }) => target);
  const targets = [...(config?.targets ?? []).map(({ id }) => id), ...judged.filter((id) => vantageOf(id) === null)];
  return {
    config,
    table,
    history,
    judgements,
    vantages: inOrder(
      judged.flatMap((id) => vantageOf(id) ?? []),
      config?.policy.vantages ?? [],
    ),
    targets: unique(targets),
    subjects: unique([...targets, ...judged]),
  };
}

/** The vantage that a judgement is about; null for the judgement of a target. */
function vantageOf(subject: string): string | null {
  return subject.startsWith(vantageSubject('')) ? subject.slice(vantageSubject('').length) : null;
}

/** Names of the history, those of the config first: on one machine the config names regions that have no history there. */
function inOrder(names: readonly string[], order: readonly string[]): readonly string[] {
  return [...order.filter((name) => names.includes(name)), ...names.filter((name) => !order.includes(name))];
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
