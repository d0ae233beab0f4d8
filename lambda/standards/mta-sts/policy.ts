/** Parses an MTA-STS policy, and matches hosts against it: RFC 8461 3.2, 4.1. Never throws. */

import { comparableName } from '../domain-name.ts';
import { suggestionText } from '../spelling.ts';

export type StsMode = 'enforce' | 'testing' | 'none';

export interface StsPolicy {
  readonly mode: StsMode | null;
  /** Patterns in lower case. */
  readonly mx: readonly string[];
  /** Seconds. */
  readonly maxAge: number | null;
  /** A sentence for each mistake that makes the policy invalid. */
  readonly problems: readonly string[];
}

/** 3.2: about a year. */
export const LONGEST_MAX_AGE = 31_557_600;
/** Keys with findings of their own. */
const OWN_KEYS: ReadonlySet<string> = new Set(['version', 'mode', 'max_age', 'mx']);
const MODES: readonly StsMode[] = ['enforce', 'testing', 'none'];

/** Lines end with LF or CRLF (erratum 6253). Unknown keys are ignored; of a key that is there twice, the first one counts. */
export function parseStsPolicy(body: string): StsPolicy {
  const lines = body.split(/\r?\n/).map((text, nth) => ({ text, number: nth + 1 }));
  const fields = lines.flatMap(({ text }) => {
    const [, key, value = ''] = /^([A-Za-z0-9][A-Za-z0-9_.-]{0,31})[ \t]*:[ \t]*(.*?)[ \t]*$/.exec(text) ?? [];
    return key === undefined ? [] : [{ key, value }];
  });
  const first = (name: string) => fields.find(({ key }) => key === name)?.value ?? null;
  const mode = MODES.find((one) => one === first('mode')) ?? null;
  const mx = fields.flatMap(({ key, value }) => (key === 'mx' ? [value.toLowerCase()] : []));
  const maxAge = /^\d{1,10}$/.test(first('max_age') ?? '') ? Number(first('max_age')) : null;
  const damaged = lines.find(({ text }) => text.trim() !== '' && !/^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}[ \t]*:/.test(text));
  const empty = fields.find(({ key, value }) => value === '' && !OWN_KEYS.has(key));
  const problems = [
    ...(damaged === undefined ? [] : [`line ${damaged.number} is not 'key: value'`]),
    ...(empty === undefined ? [] : [`${empty.key} has no value`]),
    ...(first('version') === 'STSv1' ? [] : [`there is no line 'version: STSv1'`]),
    ...(mode === null ? [`mode is ${quotedOrMissing(first('mode'))}${modeText(first('mode') ?? '')}`] : []),
    ...(maxAge === null ? [`max_age is ${quotedOrMissing(first('max_age'))}; it must be seconds`] : []),
    ...(maxAge !== null && maxAge > LONGEST_MAX_AGE ? [`max_age is more than ${LONGEST_MAX_AGE} s`] : []),
    ...(mx.length === 0 && mode !== 'none' ? [`there is no line 'mx: <host>'`] : []),
    ...mx.filter((pattern) => !isPattern(pattern)).map((pattern) => `mx: ${pattern} is not a host name or *.domain`),
  ];
  return { mode, mx, maxAge, problems };
}

function modeText(value: string): string {
  return suggestionText(value, MODES) || '; it must be enforce, testing or none';
}

function quotedOrMissing(value: string | null): string {
  return value === null ? 'missing' : `'${value.slice(0, 40)}'`;
}

function isPattern(pattern: string): boolean {
  return /^(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(
    pattern,
  );
}

/** 4.1: `*.` stands for exactly one label. */
export function matchesStsPattern(host: string, pattern: string): boolean {
  const name = comparableName(host);
  if (!pattern.startsWith('*.')) return name === pattern.toLowerCase();
  return name.includes('.') && name.slice(name.indexOf('.') + 1) === pattern.slice(2).toLowerCase();
}
