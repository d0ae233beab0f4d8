/** Rules between values of `drill`. */
import { readDrillTime } from '../../schema/notify/drill.ts';
import type { ConfigFault } from '../problem.ts';
import { atValue, record, type Written } from '../rule-building-blocks.ts';
import { zoneFaults } from '../zone-name.ts';

export function drillRules(config: Written): readonly ConfigFault[] {
  const { at, zone } = record(config.drill) ?? {};
  const wrongZone = zoneFaults(zone, ['drill', 'zone']);
  if (typeof at !== 'string') return wrongZone;
  const read = readDrillTime(at);
  return read.ok ? wrongZone : [...wrongZone, atValue(['drill', 'at'], read.message, read.suggestion)];
}
