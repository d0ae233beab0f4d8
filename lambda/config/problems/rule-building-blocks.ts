/** Reads values of the config as written, whatever they are, and makes the faults of the rules between them. */

import { localVantage } from '../schema/aws-regions.ts';
import type { ConfigPath } from '../schema/config-path.ts';
import type { ConfigFault } from './problem.ts';

export type Written = Readonly<Record<string, unknown>>;

/** Requires exactly one of the keys. Does nothing without an object, which the schema reports. */
export function exactlyOne(object: Written | null, keys: readonly string[], path: ConfigPath): readonly ConfigFault[] {
  if (object === null) return [];
  const written = keys.filter((name) => object[name] !== undefined);
  const names = keys
    .map((name) => `\`${name}\``)
    .join(', ')
    .replace(/, ([^,]*)$/, ' and $1');
  if (written.length === 0) return [atValue(path, `must have one of ${names}`)];
  return written
    .slice(1)
    .map((name) => atKey([...path, name], `cannot be combined with \`${written[0]}\`: give exactly one of ${names}`));
}

export function forEach(
  config: Written,
  name: string,
  rule: (entry: Written, path: ConfigPath) => readonly ConfigFault[],
): readonly ConfigFault[] {
  return list(config[name]).flatMap((entry, index) => {
    const object = record(entry);
    return object === null ? [] : rule(object, [name, index]);
  });
}

export function duplicates(values: readonly unknown[]): readonly { index: number; first: number; value: string }[] {
  return values.flatMap((value, index) => {
    const first = values.indexOf(value);
    return typeof value === 'string' && first < index ? [{ index, first, value }] : [];
  });
}

export function isLocal(config: Written): boolean {
  const { vantages } = config;
  return vantages === undefined || vantages === localVantage || list(vantages).includes(localVantage);
}

export function vantageCount(config: Written): number {
  return config.vantages === undefined ? 1 : list(config.vantages).length;
}

/** Everything that an alert can be about: ids of targets and round trips, and domains. Each once. */
export function subjectNames(config: Written): readonly string[] {
  const targets = list(config.targets).flatMap((target) => [record(target)?.id, record(target)?.domain]);
  const domains = list(config.posture).map((entry) => record(entry)?.domain);
  const all = [...targets, ...domains, ...list(config.roundTrips).map((trip) => record(trip)?.id)];
  return [...new Set(all.filter((name) => typeof name === 'string'))];
}

export function record(value: unknown): Written | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Written) : null;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function atValue(path: ConfigPath, message: string, suggestion: string | null = null): ConfigFault {
  return { path, at: 'value', message, suggestion };
}

export function atKey(path: ConfigPath, message: string, suggestion: string | null = null): ConfigFault {
  return { path, at: 'key', message, suggestion };
}
