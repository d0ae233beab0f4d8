/** Mutes as the table keeps them. */
import type { Mute } from '../../calendar/planned-time.ts';
import { mutesKey } from '../table/keys.ts';
import type { Item } from '../table/table.ts';
import { isCount, isListOf, isText, isTime } from '../table/type-guards.ts';
import { must } from '../table/unreadable.ts';

export interface StoredMute extends Mute {
  /** Who ended it before its time. */
  readonly endedBy?: string;
  readonly version: number;
}

/** No window or mute is longer. Milliseconds. */
export const LONGEST_PLANNED = 91 * 86_400_000;

/** Seconds after its end for which a mute is listed. */
const LISTED = 8 * 86_400;

export function muteItem({ id, from, until, ...rest }: StoredMute): Item {
  const at = (time: number) => new Date(time).toISOString();
  return { pk: mutesKey.pk, sk: id, ttl: Math.ceil(until / 1000) + LISTED, from: at(from), until: at(until), ...rest };
}

/** @throws where it is none */
export function muteOf({ sk, from, until, why, by, targets, tags, endedBy, version }: Item): StoredMute {
  must(isTime(from) && isTime(until) && Date.parse(until) - Date.parse(from) <= LONGEST_PLANNED, 'a time');
  must(isText(why) && isText(by) && isCount(version), 'the mute');
  must(targets === undefined || isListOf(targets, isText), 'targets');
  must(tags === undefined || isListOf(tags, isText), 'tags');
  must(endedBy === undefined || isText(endedBy), 'endedBy');
  return {
    id: sk,
    from: Date.parse(from),
    until: Date.parse(until),
    why,
    by,
    ...(targets === undefined ? {} : { targets }),
    ...(tags === undefined ? {} : { tags }),
    ...(endedBy === undefined ? {} : { endedBy }),
    version,
  };
}
