/** Converts the issues of zod to messages for people. */
import type { z } from 'zod';
import { closestWord } from '../../standards/spelling.ts';
import { regionNames, regions } from '../schema/aws-regions.ts';
import type { ConfigPath } from '../schema/config-path.ts';
import { configJsonSchema, keysAt } from '../schema/json-schema.ts';
import { hintFor } from './hints.ts';
import { isSecretValue, maskText } from './mask-secrets.ts';
import type { ConfigFault } from './problem.ts';

type Issue = z.core.$ZodIssue;

export function explainIssues(issues: readonly Issue[], written: unknown): readonly ConfigFault[] {
  const faults = issues.flatMap((issue) => faultsOfIssue(issue, [], written)).map((fault) => hinted(fault, written));
  return oncePerValue(faults);
}

/** Two rules of the schema may reject one value. The first says what is wrong. */
function oncePerValue(faults: readonly ConfigFault[]): readonly ConfigFault[] {
  const told = new Set<string>();
  return faults.filter(({ at, path }) => {
    const value = JSON.stringify(path);
    if (at === 'value' && told.has(value)) return false;
    if (at === 'value') told.add(value);
    return true;
  });
}

function hinted(fault: ConfigFault, written: unknown): ConfigFault {
  if (fault.at === 'key') return fault;
  const hint = hintFor(fault.path, valueAt(written, fault.path));
  return hint === null ? fault : { ...fault, suggestion: hint };
}

function faultsOfIssue(issue: Issue, within: ConfigPath, written: unknown): readonly ConfigFault[] {
  const path = [...within, ...(issue.path as ConfigPath)];
  switch (issue.code) {
    case 'unrecognized_keys':
      return unknownKeys(path, issue.keys);
    case 'invalid_type':
      return [wrongType(path, valueAt(written, path), issue.expected)];
    case 'invalid_value':
      return [wrongValue(path, valueAt(written, path), issue.values.map(String))];
    case 'invalid_union':
      return wrongShape(issue.errors, issue.message, path, written);
    default:
      return [{ path, at: 'value', message: `${issue.message}, found ${valueTextAt(written, path)}` }];
  }
}

/** Keys of one place that are named; a file of another kind has thousands. */
const mostUnknownKeys = 20;

function unknownKeys(path: ConfigPath, keys: readonly string[]): readonly ConfigFault[] {
  const named = keys.slice(0, mostUnknownKeys).map((key) => unknownKey(path, key));
  const next = keys[mostUnknownKeys];
  if (next === undefined) return named;
  const message = `and ${keys.length - named.length} more keys here are not keys of the config`;
  return [...named, { path: [...path, next], at: 'key', message, suggestion: 'is this a config of smtp-quorum?' }];
}

function unknownKey(path: ConfigPath, key: string): ConfigFault {
  const known = keysAt(configJsonSchema(), path);
  if (/^[\w-]+:\S/.test(key)) {
    return { path: [...path, key], at: 'key', message: 'is not a key: a space is missing after the colon' };
  }
  const suggested = closestWord(key, known);
  const suggestion = suggested === null ? `valid keys: ${known.join(', ')}` : `did you mean \`${suggested}\`?`;
  return { path: [...path, key], at: 'key', message: 'is not a key of the config', suggestion };
}

function wrongType(path: ConfigPath, value: unknown, expected: string): ConfigFault {
  if (value === undefined) return { path, at: 'key', message: 'is missing' };
  return { path, at: 'value', message: `must be ${typeNames[expected] ?? expected}, found ${valueText(value, path)}` };
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: '`true` or `false`',
  array: 'a list',
  object: 'a set of keys with values',
};

function wrongValue(path: ConfigPath, value: unknown, words: readonly string[]): ConfigFault {
  if (value === undefined) return { path, at: 'key', message: 'is missing' };
  const suggested = typeof value === 'string' ? (closestWord(value, words) ?? regionOfPlace(value, words)) : null;
  const suggestion = suggested === null ? null : `did you mean \`${suggested}\`?`;
  if (words.includes(regionNames[0] ?? '')) {
    return {
      path,
      at: 'value',
      message: `is neither an AWS region nor \`local\`: ${valueText(value, path)}`,
      suggestion,
    };
  }
  return {
    path,
    at: 'value',
    message: `must be one of ${words.map((word) => `\`${word}\``).join(', ')}, found ${valueText(value, path)}`,
    suggestion,
  };
}

/** The region of a place, such as `Ireland`. */
function regionOfPlace(written: string, words: readonly string[]): string | null {
  const region = regionNames.find((name) => regions[name].toLowerCase() === written.toLowerCase());
  return region !== undefined && words.includes(region) ? region : null;
}

/** Explains the issues of the shape that matches the value best; if none matches, lists all shapes. */
function wrongShape(
  options: readonly (readonly Issue[])[],
  message: string,
  path: ConfigPath,
  written: unknown,
): readonly ConfigFault[] {
  const matching = options.filter(
    (issues) => !issues.some((issue) => issue.path.length === 0 && isOfAnotherShape(issue)),
  );
  const best = [...matching].sort((a, b) => a.length - b.length)[0];
  if (best !== undefined) return best.flatMap((issue) => faultsOfIssue(issue, path, written));
  const value = valueAt(written, path);
  const words = options.flat().flatMap((issue) => (issue.code === 'invalid_value' ? issue.values.map(String) : []));
  const suggested = typeof value === 'string' ? closestWord(value, words) : null;
  const text = message === 'Invalid input' ? `must be ${shapesOf(options)}` : message;
  return [
    {
      path,
      at: 'value',
      message: `${text}, found ${valueText(value, path)}`,
      suggestion: suggested === null ? null : `did you mean \`${suggested}\`?`,
    },
  ];
}

function isOfAnotherShape(issue: Issue): boolean {
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

function shapesOf(options: readonly (readonly Issue[])[]): string {
  const shapes = options.flat().flatMap((issue) => {
    if (issue.code === 'invalid_value') return issue.values.map((value) => `\`${String(value)}\``);
    return issue.code === 'invalid_type' ? [typeNames[issue.expected] ?? issue.expected] : [issue.message];
  });
  return [...new Set(shapes)].join(', ').replace(/, ([^,]*)$/, ' or $1');
}

function valueTextAt(written: unknown, path: ConfigPath): string {
  return valueText(valueAt(written, path), path);
}

/** A value in a message. A secret is not shown. */
function valueText(value: unknown, path: ConfigPath): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a set of keys';
  if (isSecretValue(path, value)) return 'a value, which is not shown here';
  const text = JSON.stringify(typeof value === 'string' ? maskText(value) : value);
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}

function valueAt(written: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? (value as Record<string | number, unknown>)[part]
        : undefined,
    written,
  );
}
