import type { StoredJudgement } from '../../lambda/history/history.ts';
import type { Item } from '../../lambda/history/table/table.ts';

/** Checks that no chapter of an incident is lost: it is stored before the judgement that begins the next one. */
export interface ChapterChecks {
  stored(item: Item): void;
  /** What is wrong with the chapters of a judgement, in words. */
  check(before: StoredJudgement | null, after: StoredJudgement): readonly string[];
}

export function checkChapters(): ChapterChecks {
  /** The first and the last time of each chapter, by incident and number. */
  const stored = new Map<string, { readonly from: unknown; readonly to: unknown; readonly endsWithNext: unknown }>();
  return {
    stored({ incident, number, from, to, endsWithNext }) {
      stored.set(`${incident} ${number}`, { from, to, endsWithNext });
    },
    check(before, after) {
      const [was, is] = [before?.incident?.chapter, after.incident?.chapter];
      if (before?.incident?.id !== after.incident?.id || was === undefined || is === undefined) return [];
      if (is.number === was.number) return is.from === was.from ? [] : ['the beginning of a chapter changed'];
      if (is.number !== was.number + 1) return [`chapter ${was.number} was followed by ${is.number}`];
      const kept = stored.get(`${after.incident?.id} ${was.number}`);
      if (kept?.from !== was.from) return [`chapter ${was.number} is not stored`];
      const end = kept.endsWithNext ? is.from : kept.to;
      return end === (was.to ?? is.from)
        ? []
        : [`chapter ${was.number} ends at ${end}, and not at ${was.to ?? is.from}`];
    },
  };
}
