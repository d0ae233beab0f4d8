/** Names of time zones, and what people write for them. */

import { closestWord } from '../../standards/spelling.ts';
import { ownValue } from '../../wire/own-value.ts';
import type { ConfigPath } from '../schema/config-path.ts';
import type { ConfigFault } from './problem.ts';
import { atValue } from './rule-building-blocks.ts';

/** Fixed offsets and abbreviations: they have no summer time, or mean several zones. */
const MEANT: Readonly<Record<string, string>> = {
  CET: 'Europe/Berlin',
  CEST: 'Europe/Berlin',
  MEZ: 'Europe/Berlin',
  WET: 'Europe/Lisbon',
  EET: 'Europe/Helsinki',
  BST: 'Europe/London',
  EST: 'America/New_York',
  EDT: 'America/New_York',
  ET: 'America/New_York',
  CST: 'America/Chicago',
  CDT: 'America/Chicago',
  MST: 'America/Denver',
  PST: 'America/Los_Angeles',
  PDT: 'America/Los_Angeles',
  PT: 'America/Los_Angeles',
  IST: 'Asia/Kolkata',
  JST: 'Asia/Tokyo',
  AEST: 'Australia/Sydney',
  GMT: 'UTC',
  Z: 'UTC',
};

let names: readonly string[] | undefined;

/** Those of this machine. */
function zoneNames(): readonly string[] {
  names ??= ['UTC', ...Intl.supportedValuesOf('timeZone')];
  return names;
}

/** A name of the list, or another name of one of these places, as `Asia/Kathmandu` of `Asia/Katmandu`. */
export function isZone(name: string): boolean {
  if (zoneNames().includes(name)) return true;
  if (!/^[A-Z][A-Za-z_]+(?:\/[A-Z][A-Za-z0-9_+-]+){1,2}$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The zone that was meant: by an abbreviation, a city, or a name that is nearly the same. Null if nothing is near. */
export function nearestZone(written: string): string | null {
  const word = written.trim();
  const abbreviation = ownValue(MEANT, word.toUpperCase());
  if (abbreviation !== undefined) return abbreviation;
  const plain = (text: string) => text.toLowerCase().replace(/[\s_-]/g, '');
  const city = (name: string) => plain(name.slice(name.lastIndexOf('/') + 1));
  const named = zoneNames().find((name) => plain(name) === plain(word) || city(name) === city(word));
  return named ?? closestWord(word, zoneNames()) ?? cityNear(word);
}

function cityNear(word: string): string | null {
  const cities = new Map(zoneNames().map((name) => [name.slice(name.lastIndexOf('/') + 1), name]));
  const near = closestWord(word.slice(word.lastIndexOf('/') + 1), [...cities.keys()]);
  return near === null ? null : (cities.get(near) ?? null);
}

/** The fault of a zone that is none. Nothing if it is no text, which the schema reports. */
export function zoneFaults(zone: unknown, path: ConfigPath): readonly ConfigFault[] {
  if (typeof zone !== 'string' || isZone(zone)) return [];
  const nearest = nearestZone(zone);
  const hint =
    nearest === null ? 'write a name of the IANA list, such as `Europe/Berlin`' : `did you mean \`${nearest}\`?`;
  return [atValue(path, `is not a time zone of the IANA list: "${zone.slice(0, 60)}"`, hint)];
}
