import { presentStatements, type Statement } from '../../history/statements/statement.ts';
import { openStatementStore } from '../../history/statements/statement-store.ts';
import { subjectOfIncident } from './incidents.ts';
import type { ReportSource } from './report-source.ts';

/** What people said of the incidents of a target in a time (ISO UTC, both included), oldest first. */
export async function readSaid(
  { table }: Pick<ReportSource, 'table'>,
  target: string,
  since: string,
  until: string,
): Promise<readonly Statement[]> {
  const all = await openStatementStore(table).statementsSince('0');
  const own = [...all].filter(([incident]) => subjectOfIncident(incident) === target);
  const said = own.flatMap(([, statements]) => presentStatements(statements));
  return said.filter(({ at }) => at >= since && at <= until).sort((one, other) => (one.at < other.at ? -1 : 1));
}
