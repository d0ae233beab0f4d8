/** Statements as the table keeps them: one item for each incident. */
import { statementsKey } from '../table/keys.ts';
import type { Item } from '../table/table.ts';
import { isCount, isFields, isListOf, isText, isTime } from '../table/type-guards.ts';
import { must } from '../table/unreadable.ts';
import { LONGEST_STATEMENT, MOST_STATEMENTS, type Statement, statementStates } from './statement.ts';

export interface StoredStatements {
  /** The id of the incident. */
  readonly incident: string;
  readonly statements: readonly Statement[];
  /** 0: nothing is stored. */
  readonly version: number;
}

export function statementsItem({ incident, statements, version }: StoredStatements, written: string): Item {
  return { ...statementsKey.of(incident), incident, statements, version, written };
}

/** @throws where it is none */
export function storedStatementsOf({ pk, sk, incident, statements, version }: Item): StoredStatements {
  must(isText(incident), 'the incident');
  const key = statementsKey.of(incident);
  must(pk === key.pk && sk === key.sk, 'the key');
  must(isListOf(statements, isStatement) && statements.length <= MOST_STATEMENTS, 'the statements');
  must(isCount(version), 'the version');
  return { incident, statements, version };
}

const states: ReadonlySet<unknown> = new Set(statementStates);

function isStatement(value: unknown): value is Statement {
  if (!isFields(value)) return false;
  const { number, at, by, state, text, withdrawn } = value;
  return (
    isCount(number) &&
    isTime(at) &&
    isText(by) &&
    states.has(state) &&
    isText(text) &&
    text.length <= LONGEST_STATEMENT &&
    (withdrawn === undefined || (isFields(withdrawn) && isTime(withdrawn.at) && isText(withdrawn.by)))
  );
}
