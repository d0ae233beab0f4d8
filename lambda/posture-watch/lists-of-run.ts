/** The DNS lists that a run asks, with the keys of customers. */
import type { Config } from '../config/config.ts';
import type { ListKeyName } from '../config/posture-domain.ts';
import type { LogEntry, Ports } from '../ports.ts';
import type { DnsList } from '../standards/dnsbl/dns-list.ts';
import { isListKey, type ListKeys, listOfZone, listsDue, withListKeys } from '../standards/dnsbl/list-keys.ts';
import { DEFAULT_LISTS } from '../standards/dnsbl/lists.ts';
import { RUN_EVERY } from './domain-order.ts';

/**
 * The keys that could be read. Without its key a list is asked as everybody asks it, which it may refuse: then nothing is known
 * of it.
 */
export async function readListKeys({
  config,
  secret,
  log,
}: Pick<Ports, 'config' | 'secret' | 'log'>): Promise<ListKeys> {
  const keys: Partial<Record<ListKeyName, string>> = {};
  for (const [name, reference] of Object.entries(config.listKeys ?? {}) as [ListKeyName, Reference][]) {
    try {
      const key = (await secret(reference)).trim();
      if (isListKey(key)) keys[name] = key;
      else log(unread(name, 'it is not one word of letters and digits'));
    } catch (error) {
      log(unread(name, error instanceof Error ? error.message : String(error)));
    }
  }
  return keys;
}

type Reference = NonNullable<NonNullable<Config['listKeys']>[ListKeyName]>;

function unread(name: ListKeyName, why: string): LogEntry {
  return {
    level: 'warn',
    message: 'the key of a DNS list cannot be used',
    facts: { list: name, why: why.slice(0, 300) },
  };
}

/** The lists of everybody, and further ones. */
export function configuredLists(zones: readonly string[]): readonly DnsList[] {
  const further = [...new Set(zones)].map(listOfZone);
  return [...DEFAULT_LISTS, ...further.filter(({ zone }) => !DEFAULT_LISTS.some((one) => one.zone === zone))];
}

/** @param scheduled epoch milliseconds */
export function listsOfRun(scheduled: number, zones: readonly string[]): readonly DnsList[] {
  return listsDue(configuredLists(zones), scheduled / 1000, RUN_EVERY / 1000);
}

/** Zones, as they are shown, that a run does not ask because they are not due: what is known of them stays. */
export function listsNotAsked(scheduled: number, zones: readonly string[], keys: ListKeys): readonly string[] {
  const shown = (lists: readonly DnsList[]) => withListKeys(lists, keys).map(({ shownZone }) => shownZone);
  const asked = new Set(shown(listsOfRun(scheduled, zones)));
  return shown(configuredLists(zones)).filter((zone) => !asked.has(zone));
}
