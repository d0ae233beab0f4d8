import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { failuresPage } from '../../../docs/failures.ts';
import { FAILURE_TEXTS } from '../../../lambda/smtp/failures/failure-texts.ts';
import {
  FAILURES,
  type Failure,
  type FailureCode,
  failureOf,
  finding,
} from '../../../lambda/smtp/failures/failures.ts';

const rows = Object.entries(FAILURES) as [FailureCode, Failure][];

test.each([
  ['one line', 'one line'],
  ['an error:\n', 'an error:'],
  ['C=US\nO=Example\r\nCN=Root is out of date', 'C=US, O=Example, CN=Root is out of date'],
])('the detail %j is one line', (detail, shown) => {
  expect(finding('tls-failed', { detail }).detail).toBe(shown);
});

test('docs/failures.md has the table', () => {
  const page = readFileSync(new URL('../../../docs/failures.md', import.meta.url), 'utf8');
  expect(page, 'run `npx tsx docs/failures.ts`').toBe(failuresPage());
});

test('the page has every code once', () => {
  const codes = [...failuresPage().matchAll(/^\| `([a-z0-9-]+)` /gm)].map(([, code]) => code);
  expect(codes.toSorted()).toEqual(Object.keys(FAILURES).toSorted());
});

describe.each(rows)('%s', (code, { outcome, vantageFault }) => {
  const { meaning, hint } = FAILURE_TEXTS[code];
  test('has sentences, and unable only for faults of the vantage', () => {
    expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(meaning).toMatch(/^[A-Z"`].*\.$/);
    expect(hint).toMatch(/[.?]$/);
    expect(`${meaning}${hint}`).not.toContain('|');
    expect(outcome === 'unable').toBe(vantageFault);
  });
});

test('a code of another version is unknown', () => {
  expect(failureOf('no-such-code')).toBeUndefined();
  expect(failureOf('constructor')).toBeUndefined();
  expect(failureOf('silence')).toBe(FAILURES.silence);
});

test('a finding has the phase and outcome of the table by default', () => {
  expect(finding('mx-null', { detail: 'x' })).toEqual({
    phase: 'dns',
    code: 'mx-null',
    outcome: 'fail',
    detail: 'x',
    reply: null,
  });
  expect(finding('slow', { phase: 'ehlo', detail: 'x', outcome: 'fail' })).toMatchObject({
    phase: 'ehlo',
    outcome: 'fail',
  });
});
