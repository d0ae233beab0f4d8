import type { CheckContext } from './check-context.ts';
import { type CheckResult, passed, problem } from './check-result.ts';

/** Items that are named; of the others the number is given. */
const named = 3;

/** Whether every item of the history can be read. Readers of the history skip the others. */
export async function checkStoredItems(context: CheckContext): Promise<CheckResult> {
  const items = await context.unreadable();
  if (items.length === 0) return passed('all can be read');
  const some = items.slice(0, named).map(({ pk, sk, why }) => `${pk} ${sk} (${why})`);
  const more = items.length > named ? `; and ${items.length - named} more` : '';
  return problem(
    'warn',
    `${items.length} cannot be read, and are skipped: ${some.join('; ')}${more}`,
    'delete them from the table; on one machine, export the history, which omits them, and import it into a new folder',
  );
}
