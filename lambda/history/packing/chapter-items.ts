/** Chapters of incidents as items. An incident with very many keeps the first and the newest ones. */

import type { ChapterEvidence, Incident } from '../../consensus/judgement/incident.ts';
import type { Chapter } from '../../consensus/judgement/incident-chapter.ts';
import { targetKey } from '../table/keys.ts';
import type { Item } from '../table/table.ts';
import { must } from '../table/unreadable.ts';
import { isChapterEvidence } from './judgement-item.ts';
import { fitIncident } from './shrink-judgement-to-fit-item.ts';

/** How many chapters of an incident are kept. */
const kept = { first: 100, newest: 100 } as const;

/** A chapter beyond the limit replaces the oldest of the newest ones. */
function slotOf(number: number): number {
  return number <= kept.first ? number : kept.first + 1 + ((number - kept.first - 1) % kept.newest);
}

export function chapterItem({ id, target, opened }: Incident, chapter: ChapterEvidence): Item {
  const sk = targetKey.chapter(opened, slotOf(chapter.number));
  return { ...fitIncident(chapter), incident: id, pk: targetKey.pk(target), sk };
}

/** @throws where it is none */
export function readChapter({ pk: _pk, sk: _sk, incident: _incident, ...chapter }: Item): ChapterEvidence {
  must(isChapterEvidence(chapter), 'chapter');
  return chapter;
}

/** The chapters before the present one, in their order. A judge that lost its write may have left a later one. */
export function endedChapters(chapters: readonly ChapterEvidence[], { chapter }: Incident): readonly ChapterEvidence[] {
  const ended = chapters.filter(({ number }) => number < (chapter?.number ?? 1));
  const sorted = ended.sort((one, other) => one.number - other.number);
  return sorted.map((one, place) => withEnd(one, sorted[place + 1] ?? chapter));
}

/** A judge that lost its write may have stored another end. */
function withEnd({ endsWithNext, ...ended }: ChapterEvidence, next: Chapter | undefined): ChapterEvidence {
  return endsWithNext && next?.number === ended.number + 1 ? { ...ended, to: next.from } : ended;
}
