/** How far the judge has come with posture: one small item, so that a pass with nothing to do reads little. */
import type { Item } from '../table/table.ts';
import { isFields, isMapOf, isNumber, isText, isTextOrNull, isTime } from '../table/type-guards.ts';
import { must } from '../table/unreadable.ts';

export interface PostureProgress {
  /** Of each vantage, the items that were judged: `PostureWatch.recent` at that time. */
  readonly judged: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Of each vantage, `PostureWatch.omitted` at that time. */
  readonly omitted: Readonly<Record<string, string | null>>;
  /** When every domain was judged last, epoch milliseconds. */
  readonly all: number;
  /** When a verdict may change by time alone, epoch milliseconds; null if none will. */
  readonly next: number | null;
  /** A digest of what the config says of posture. */
  readonly config: string;
}

/** @throws where it is none */
export function postureProgressOf({ judged, omitted, all, next, config }: Item): PostureProgress {
  must(isMapOf(judged, isTimes) && isMapOf(omitted, isTextOrNull), 'what was judged');
  must(isNumber(all) && (next === null || isNumber(next)) && isText(config), 'the next time');
  return { judged, omitted, all, next, config };
}

function isTimes(value: unknown): value is Readonly<Record<string, string>> {
  return isFields(value) && isMapOf(value, isTime);
}
