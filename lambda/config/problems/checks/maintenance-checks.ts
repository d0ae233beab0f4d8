/** Rules between values of `maintenance`, and of the hours of `notify` and of the status page. */
import { spansOf, type WindowTimes } from '../../../calendar/window-times.ts';
import { closestWord } from '../../../standards/spelling.ts';
import type { ConfigPath } from '../../schema/config-path.ts';
import { parseDuration } from '../../schema/duration.ts';
import { matchesGlob } from '../../schema/notify/glob.ts';
import { readHours } from '../../schema/times/read-hours.ts';
import { needsZone, readWindowTimes, shortestPause } from '../../schema/times/window-times.ts';
import type { ConfigFault } from '../problem.ts';
import {
  atKey,
  atValue,
  duplicates,
  exactlyOne,
  forEach,
  list,
  record,
  subjectNames,
  type Written,
} from '../rule-building-blocks.ts';
import { zoneFaults } from '../zone-name.ts';

/** @param now epoch milliseconds; 0 where dates that passed are no mistakes */
export function maintenanceRules(config: Written, now: number): readonly ConfigFault[] {
  const names = subjectNames(config);
  const tags = list(config.targets).flatMap((target) => list(record(target)?.tags));
  return [
    ...duplicateIds(config),
    ...forEach(config, 'maintenance', (entry, path) => exactlyOne(entry, ['weekly', 'monthly', 'from'], path)),
    ...forEach(config, 'maintenance', endFits),
    ...forEach(config, 'maintenance', (entry, path) => timesFaults(entry, path, now)),
    ...forEach(config, 'maintenance', (entry, path) => [
      ...unmatched(entry.targets, [...path, 'targets'], names, 'target', config.bounces !== undefined),
      ...unmatched(entry.tags, [...path, 'tags'], tags, 'tag', false),
    ]),
    ...forEach(config, 'notify', (entry, path) => hoursFaults(entry.hours, [...path, 'hours'])),
    ...hoursFaults(record(config.statusPage)?.serviceHours, ['statusPage', 'serviceHours']),
  ];
}

function duplicateIds(config: Written): readonly ConfigFault[] {
  return duplicates(list(config.maintenance).map((entry) => record(entry)?.id)).map(({ index, first, value }) =>
    atValue(['maintenance', index, 'id'], `"${value}" is already the id of maintenance[${first}]`),
  );
}

function endFits(entry: Written, path: ConfigPath): readonly ConfigFault[] {
  const { from, until, for: length } = entry;
  if (from === undefined) {
    if (until === undefined) return [];
    return [
      atKey([...path, 'until'], 'needs `from`', 'the end of a weekly or monthly window is in its times, or `for`'),
    ];
  }
  return exactlyOne({ until, for: length }, ['until', 'for'], path);
}

function timesFaults(entry: Written, path: ConfigPath, now: number): readonly ConfigFault[] {
  const wrongZone = zoneFaults(entry.zone, [...path, 'zone']);
  if (wrongZone.length > 0) return wrongZone;
  if (needsZone(entry))
    return [
      atKey(
        [...path, 'zone'],
        'is missing: the times need a time zone',
        'add `zone: UTC`, or such as `zone: Europe/Berlin`',
      ),
    ];
  const times = readWindowTimes(entry, typeof entry.zone === 'string' ? entry.zone : 'UTC');
  if (times === null) return [];
  if (!times.ok)
    return [atValue([...path, ...(times.key === undefined ? [] : [times.key])], times.message, times.suggestion)];
  const { value } = times;
  // A monitor starts again after a window has passed: it is a mistake only where somebody deploys.
  if (value.kind === 'once' && now > 0 && spansOf(value, now, Number.POSITIVE_INFINITY).length === 0)
    return [
      atValue(
        [...path, 'from'],
        'is a window that has passed',
        'remove the entry: the history keeps what was in force',
      ),
    ];
  return overrunFaults(entry.overrun, [...path, 'overrun'], value);
}

/** The next time of the window would hold what the last one held: nobody would ever be told. */
function overrunFaults(written: unknown, path: ConfigPath, times: WindowTimes): readonly ConfigFault[] {
  const overrun = typeof written === 'string' ? parseDuration(written) : null;
  if (overrun === null || overrun < shortestPause(times)) return [];
  return [
    atValue(
      path,
      'lasts until the window begins again: nobody would be told of what is still down',
      'write a shorter one, such as `15m`, or omit it',
    ),
  ];
}

function hoursFaults(hours: unknown, path: ConfigPath): readonly ConfigFault[] {
  const { zone, week } = record(hours) ?? {};
  const wrongZone = zoneFaults(zone, [...path, 'zone']);
  if (typeof week !== 'string') return wrongZone;
  const read = readHours(week, 'UTC');
  return read.ok ? wrongZone : [...wrongZone, atValue([...path, 'week'], read.message, read.suggestion)];
}

/** @param hasOthers whether there are names that the config does not know: domains that send mail */
function unmatched(
  patterns: unknown,
  path: ConfigPath,
  known: readonly unknown[],
  noun: 'target' | 'tag',
  hasOthers: boolean,
): readonly ConfigFault[] {
  const names = [...new Set(known.filter((name) => typeof name === 'string'))];
  return list(patterns).flatMap((pattern, index) => {
    if (typeof pattern !== 'string' || names.some((name) => matchesGlob(pattern, name))) return [];
    if (hasOthers && pattern.includes('.')) return [];
    const meant = /[*?]/.test(pattern) ? null : closestWord(pattern, names);
    const all = names.length === 0 ? `no target has a ${noun}` : `${noun}s: ${names.slice(0, 10).join(', ')}`;
    return [
      atValue(
        [...path, index],
        `matches no ${noun}: "${pattern.slice(0, 60)}"`,
        meant === null ? all : `did you mean \`${meant}\`?`,
      ),
    ];
  });
}
