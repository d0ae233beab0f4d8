/** What people say of an incident on the status page. Statuspage calls it an incident update. */

/** In the words of Statuspage. */
export const statementStates = ['investigating', 'identified', 'monitoring', 'resolved'] as const;

export type StatementState = (typeof statementStates)[number];

/** One statement. Times are ISO 8601 UTC. */
export interface Statement {
  /** From 1 on. It stays when another one is withdrawn. */
  readonly number: number;
  readonly at: string;
  readonly by: string;
  readonly state: StatementState;
  /** Lines of safe text; empty if it is withdrawn. */
  readonly text: string;
  readonly withdrawn?: { readonly at: string; readonly by: string };
}

/** Of an incident; withdrawn ones count. 50 of them are 300 KB at most: they fit into an item. */
export const MOST_STATEMENTS = 50;

/** Characters (UTF-16 units) of a statement. */
export const LONGEST_STATEMENT = 2000;

/** With one more; null if there are too many. */
export function addStatement(
  all: readonly Statement[],
  statement: Omit<Statement, 'number' | 'withdrawn'>,
): readonly Statement[] | null {
  return all.length >= MOST_STATEMENTS ? null : [...all, { number: all.length + 1, ...statement }];
}

/** Keeps its number, so that links to the others stay, and removes its text. Null if there is none that can be withdrawn. */
export function withdrawStatement(
  all: readonly Statement[],
  number: number,
  withdrawn: NonNullable<Statement['withdrawn']>,
): readonly Statement[] | null {
  if (!all.some((one) => one.number === number && one.withdrawn === undefined)) return null;
  return all.map((one) => (one.number === number ? { ...one, text: '', withdrawn } : one));
}

/** Those that readers see. */
export function presentStatements(all: readonly Statement[]): readonly Statement[] {
  return all.filter(({ withdrawn }) => withdrawn === undefined);
}
