/** Windows and mutes that were in force, as the table keeps them: in parts, because one may be about thousands of targets. */
import type { PlannedTime } from '../../calendar/planned-time.ts';
import { windowsKey } from '../table/keys.ts';
import type { Item } from '../table/table.ts';
import { isListOf, isText, isTime } from '../table/type-guards.ts';
import { must } from '../table/unreadable.ts';

/** Ids in one part: of 63 characters at most, except for domains. An item has room for 400 KB. */
const SUBJECTS_OF_PART = 1500;

export function plannedTimeItems({ kind, id, why, from, until, subjects }: PlannedTime): readonly Item[] {
  const parts = subjects === null ? [null] : partsOf(subjects);
  const opened = new Date(from).toISOString();
  return parts.map((part, number) => ({
    pk: windowsKey.pk,
    sk: windowsKey.sk(from, kind, id, number),
    kind,
    id,
    why,
    from: opened,
    until: new Date(until).toISOString(),
    ...(part === null ? {} : { subjects: part }),
  }));
}

function partsOf(subjects: readonly string[]): readonly (readonly string[])[] {
  const count = Math.max(1, Math.ceil(subjects.length / SUBJECTS_OF_PART));
  return Array.from({ length: count }, (_, at) => subjects.slice(at * SUBJECTS_OF_PART, (at + 1) * SUBJECTS_OF_PART));
}

/** A part, as a planned time of its own. @throws where it is none */
export function plannedTimeOf({ sk, kind, id, why, from, until, subjects }: Item): PlannedTime {
  must(kind === 'window' || kind === 'mute', 'the kind');
  must(isText(id) && isText(why), 'the window');
  must(isTime(from) && isTime(until) && sk.startsWith(windowsKey.at(Date.parse(from))), 'a time');
  must(subjects === undefined || isListOf(subjects, isText), 'subjects');
  return { kind, id, why, from: Date.parse(from), until: Date.parse(until), subjects: subjects ?? null };
}
