/** The targets of a page with as much of their history as it shows. What is not on the page has no shards. */
import { hidesNothing, type ShowRules, shownOf } from '../../config/page/status-page.ts';
import type { ShardDetail } from './shard.ts';

export interface ShownTarget {
  readonly id: string;
  readonly detail: ShardDetail;
  /** Something is hidden, that the reason of a window or mute may name. */
  readonly hidesReasons?: true;
}

export function shownTargets(ids: readonly string[], show: ShowRules): readonly ShownTarget[] {
  const reasons = hidesNothing(show) ? {} : { hidesReasons: true as const };
  return ids.flatMap((id): readonly ShownTarget[] => {
    const detail = shownOf(show, id);
    return detail === 'none' ? [] : [{ id, detail, ...reasons }];
  });
}
