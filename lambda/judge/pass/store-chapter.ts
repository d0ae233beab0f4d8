import { endedChapter } from '../../consensus/incident/chapters.ts';
import type { JudgementPass } from '../../consensus/judge-all.ts';
import type { StoredJudgement } from '../../history/history.ts';
import type { Ports } from '../../ports.ts';

const ATTEMPTS = 3;

/**
 * Stores the chapter of an incident that this pass ends, if any. It is done before the write of the judgement, which has the
 * evidence of the next chapter only. If it fails, the verdict is written all the same: an alert matters more than evidence.
 */
export async function storeEndedChapter(
  { history, log }: Pick<Ports, 'history' | 'log'>,
  { previous, next }: JudgementPass<StoredJudgement>,
): Promise<void> {
  const chapter = endedChapter(previous?.incident ?? null, next.incident);
  if (next.incident === null || chapter === null) return;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await history.writeChapter(next.incident, chapter);
    } catch (error) {
      if (attempt < ATTEMPTS) continue;
      const { id } = next.incident;
      return log({ level: 'error', message: 'chapter not stored', facts: { incident: id, error: String(error) } });
    }
  }
}
