/** Rules of the ids of `notify`. */
import { ownValue } from '../../../wire/own-value.ts';
import type { ConfigFault } from '../problem.ts';
import { atValue, duplicates, forEach, list, record, type Written } from '../rule-building-blocks.ts';

/** Channels that no entry names have these ids, and are told of everything. */
const OWN_CHANNELS: Readonly<Record<string, string>> = {
  topic: 'the SNS topic',
  terminal: 'the terminal',
};

export const entryIdRules: readonly ((config: Written) => readonly ConfigFault[])[] = [
  (config) =>
    duplicates(list(config.notify).map((entry) => record(entry)?.id)).map(({ index, first, value }) =>
      atValue(['notify', index, 'id'], `"${value}" is already the id of notify[${first}]`),
    ),
  (config) =>
    forEach(config, 'notify', ({ id }, path) => {
      const own = typeof id === 'string' ? ownValue(OWN_CHANNELS, id) : undefined;
      if (own === undefined) return [];
      return [atValue([...path, 'id'], `"${id}" is the id of ${own}`, 'choose another, such as `on-call`')];
    }),
];
