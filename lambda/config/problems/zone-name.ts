/** Names of time zones, and what people write for them. */

import { closestWord } from '../../standards/spelling.ts';
import { ownValue } from '../../wire/own-value.ts';
import type { ConfigPath } from '../schema/config-path.ts';
import type { ConfigFault } from './problem.ts';
import { atValue } from './rule-building-blocks.ts';

/** Abbreviations, old names and large cities, by a zone of the list. */
const MEANT: Readonly<Record<string, string>> = {
  ...meaning('Europe/Berlin', 'CET CEST MEZ MESZ MET Germany Frankfurt Munich München Hamburg Cologne'),
  ...meaning('Europe/London', 'BST Britain England Manchester Edinburgh'),
  ...meaning('Europe/Lisbon', 'WET WEST Portugal'),
  ...meaning('Europe/Helsinki', 'EET EEST'),
  ...meaning('Europe/Moscow', 'MSK'),
  ...meaning('Europe/Zurich', 'Geneva Basel Bern Switzerland'),
  ...meaning('Europe/Rome', 'Milan Italy'),
  ...meaning('Europe/Madrid', 'Barcelona Spain'),
  ...meaning('Europe/Istanbul', 'TRT Turkey Ankara'),
  ...meaning('America/New_York', 'EST EDT ET EST5EDT Eastern Boston Washington Atlanta Miami Philadelphia NYC'),
  ...meaning('America/Chicago', 'CST CDT CT CST6CDT Central Dallas Houston Austin'),
  ...meaning('America/Denver', 'MST MDT MT MST7MDT Mountain'),
  ...meaning('America/Los_Angeles', 'PST PDT PT PST8PDT Pacific San_Francisco Seattle LA'),
  ...meaning('America/Sao_Paulo', 'BRT Brazil'),
  ...meaning('Asia/Kolkata', 'IST India Mumbai Bombay Delhi New_Delhi Bangalore Bengaluru Chennai Hyderabad'),
  ...meaning('Asia/Tokyo', 'JST Japan Osaka'),
  ...meaning('Asia/Seoul', 'KST Korea'),
  ...meaning('Asia/Shanghai', 'China Beijing Peking Shenzhen Guangzhou PRC'),
  ...meaning('Asia/Hong_Kong', 'HKT'),
  ...meaning('Asia/Singapore', 'SGT'),
  ...meaning('Australia/Sydney', 'AEST AEDT Canberra'),
  ...meaning('Australia/Adelaide', 'ACST ACDT'),
  ...meaning('Australia/Perth', 'AWST'),
  ...meaning('Pacific/Auckland', 'NZST NZDT New_Zealand Wellington'),
  ...meaning('Pacific/Apia', 'Samoa'),
  ...meaning('UTC', 'GMT Z Zulu UCT'),
};

function meaning(zone: string, words: string): Readonly<Record<string, string>> {
  return Object.fromEntries(words.split(' ').map((word) => [plain(word), zone]));
}

/** Letter case, spaces, dashes and underscores do not matter. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[\s_-]/g, '');
}

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
  const city = (name: string) => plain(name.slice(name.lastIndexOf('/') + 1));
  const named = zoneNames().find((name) => plain(name) === plain(word));
  const meant = ownValue(MEANT, plain(word).replace(/time$/, '')) ?? ownValue(MEANT, city(word));
  if (named !== undefined || meant !== undefined) return named ?? meant ?? null;
  return zoneNames().find((name) => city(name) === city(word)) ?? closestWord(word, zoneNames()) ?? cityNear(word);
}

function cityNear(word: string): string | null {
  const cities = new Map(zoneNames().map((name) => [name.slice(name.lastIndexOf('/') + 1), name]));
  const near = closestWord(word.slice(word.lastIndexOf('/') + 1), [...cities.keys()]);
  return near === null ? null : (cities.get(near) ?? null);
}

function isOffset(text: string): boolean {
  return /^\s*(?:(?:UTC|GMT)\s*)?[+-]\s*\d/i.test(text);
}

/** The fault of a zone that is none. Nothing if it is no text, which the schema reports. */
export function zoneFaults(zone: unknown, path: ConfigPath): readonly ConfigFault[] {
  if (typeof zone !== 'string' || isZone(zone)) return [];
  const nearest = nearestZone(zone);
  const hint = isOffset(zone)
    ? 'an offset has no summer time: write the name of a place, such as `Europe/Berlin`, or `UTC`'
    : nearest === null
      ? 'write a name of the IANA list, such as `Europe/Berlin`'
      : `did you mean \`${nearest}\`?`;
  return [atValue(path, `is not a time zone of the IANA list: "${zone.slice(0, 60)}"`, hint)];
}
