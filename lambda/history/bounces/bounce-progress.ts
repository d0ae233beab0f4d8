/** How far the judge has come with bounces: one small item, so that a pass with nothing to do reads little. */
import type { Item } from '../table/table.ts';
import { isNumber, isText } from '../table/type-guards.ts';
import { must } from '../table/unreadable.ts';

export interface BounceProgress {
  /** When the rates are judged again without an event, epoch milliseconds; null if bounces are no longer watched. */
  readonly next: number | null;
  /** The hours before it are items of their own, epoch milliseconds. */
  readonly rolledUp: number;
  /** A digest of what the config says of bounces. */
  readonly config: string;
}

/** @throws where it is none */
export function bounceProgressOf({ next, rolledUp, config }: Item): BounceProgress {
  must((next === null || isNumber(next)) && isNumber(rolledUp) && isText(config), 'the progress');
  return { next, rolledUp, config };
}
