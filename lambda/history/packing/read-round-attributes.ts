/** The attributes of a round beside its samples. An attribute of a wrong type is omitted. */

import type { Item } from '../table/table.ts';
import { isMapOf, isNumber, isText } from '../table/type-guards.ts';
import type { Round } from './recorded-round.ts';

/** Milliseconds by which the probe may have delayed the timings. */
export function lagOf({ lag }: Item): { readonly lag?: number } {
  return isNumber(lag) ? { lag } : {};
}

/** The second at which the probes began. Without it, votes use the time in the name of the round. */
export function beganOf({ began }: Item): Pick<Round, 'began'> {
  return typeof began === 'string' && !Number.isNaN(Date.parse(began)) ? { began } : {};
}

/** Targets that are absent, because there was no time for them. */
export function unreachedOf({ unreached }: Item): Pick<Round, 'unreached'> {
  return isNumber(unreached) ? { unreached } : {};
}

/** How long the round counts as recent, if it says so. */
export function freshOf({ fresh }: Item): Pick<Round, 'fresh'> {
  return isNumber(fresh) && fresh > 0 ? { fresh } : {};
}

/** The probes that had not ended when the round was recorded. */
export function underWayOf({ underWay }: Item): Pick<Round, 'underWay'> {
  return isMapOf(underWay, isNumber) && Object.keys(underWay).length > 0 ? { underWay } : {};
}

export type Origin = Pick<Round, 'release' | 'egress'>;

/** The release that recorded a round and the address of its sessions, as far as they are known. */
export function originOf({ release, egress }: Item | { readonly [Name in keyof Origin]: unknown }): Origin {
  return { ...(isText(release) ? { release } : {}), ...(isText(egress) ? { egress } : {}) };
}
