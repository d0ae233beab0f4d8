/** Lists that customers ask by a key. The key is a label of the zone, and is never shown. */

import { comparableName } from '../domain-name.ts';
import type { DnsList } from './dns-list.ts';
import { ABUSIX, DBL, publicList, ZEN } from './lists.ts';

/** Keys of the services. */
export interface ListKeys {
  readonly spamhaus?: string;
  readonly abusix?: string;
}

/** By the service: the zone below the key, and the list without a key. */
const KEYED: readonly { readonly service: keyof ListKeys; readonly below: string; readonly list: DnsList }[] = [
  { service: 'spamhaus', below: 'zen.dq.spamhaus.net', list: ZEN },
  { service: 'spamhaus', below: 'dbl.dq.spamhaus.net', list: DBL },
  { service: 'abusix', below: 'combined.mail.abusix.zone', list: ABUSIX },
];

/** Keys are one label of letters and digits. Another text would ask another zone. */
export function isListKey(text: string): boolean {
  return /^[a-z0-9]{1,63}$/i.test(text);
}

function keyedList(key: string, { below, list }: (typeof KEYED)[number]): DnsList {
  return { ...list, zone: `${key.toLowerCase()}.${below}`, shownZone: `<key>.${below}` };
}

/** The lists with the zones of the keys, and without those that need a key that is not there. */
export function withListKeys(lists: readonly DnsList[], keys: ListKeys): readonly DnsList[] {
  return lists.flatMap((list) => {
    const row = KEYED.find((one) => one.list.zone === list.zone);
    const key = row === undefined ? undefined : keys[row.service];
    if (row !== undefined && key !== undefined && isListKey(key)) return [keyedList(key, row)];
    return list.needsKey === true ? [] : [list];
  });
}

/** The list of a zone, which may have a key as its first label. */
export function listOfZone(zone: string): DnsList {
  const name = comparableName(zone);
  const [key = '', ...below] = name.split('.');
  const row = KEYED.find((one) => one.below === below.join('.'));
  return row === undefined || !isListKey(key) ? publicList(name) : keyedList(key, row);
}

/**
 * The lists that a run may ask. Runs begin at whole multiples of `cadence`; each list is asked in one of them within
 * `everyAtLeast`, so that nothing has to be stored. Times are in seconds.
 */
export function listsDue(lists: readonly DnsList[], began: number, cadence: number): readonly DnsList[] {
  return lists.filter(({ everyAtLeast }) => {
    const runs = Math.max(1, Math.ceil(everyAtLeast / cadence));
    return Math.floor(began / cadence) % runs === 0;
  });
}
