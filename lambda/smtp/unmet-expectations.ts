/** Compares the facts of a session with the expectations of the target, after the session. */

import {
  type Budget,
  DEFAULT_EXPECTATIONS,
  type Expectations,
  type SeverityOrIgnore,
} from './endpoint/expectations.ts';
import { type FailureCode, type FindingEvidence, finding } from './failures/failures.ts';
import { mechanismsOf, sizeLimitOf } from './replies/extensions.ts';
import type { Extensions, Finding, Phase, TimedPhase } from './sample/sample.ts';
import { currentExtensions, type SessionProgress } from './session/progress.ts';

/** Milliseconds. The greeting has no default budget, because servers delay it deliberately. */
const DEFAULT_WARN_MS = 5_000;
const DEFAULT_BUDGET: Budget = { warn: DEFAULT_WARN_MS };
type Latency = NonNullable<Expectations['latency']>;
/** A probe faster than the default budget needs no check of its phases. */
const NO_BUDGETS: Latency = {};
const WITHOUT_BUDGET: ReadonlySet<TimedPhase> = new Set(['dns', 'connect', 'greeting', 'quit']);

/** `total` is the time until the verdict. */
export function findUnmetExpectations(progress: SessionProgress, total: number): readonly Finding[] {
  const { expect } = progress.endpoint;
  if (expect === undefined) return judgeLatency(progress.timings, total);
  const extensions = currentExtensions(progress);
  return [
    ...judgeGreeting(progress.greeting, expect.greeting),
    ...(extensions === null ? [] : judgeExtensions(progress, extensions, expect)),
    ...judgeLatency(progress.timings, total, expect.latency),
  ];
}

function judgeGreeting(greeting: string | null, expected: Expectations['greeting']): readonly Finding[] {
  if (expected === undefined || greeting === null) return [];
  const pattern = new RegExp(expected.matches, 'iu');
  if (pattern.test(greeting) || pattern.test(`220 ${greeting}`)) return [];
  const outcome = expected.otherwise ?? DEFAULT_EXPECTATIONS.greeting;
  return [finding('greeting-mismatch', { detail: `does not match ${expected.matches}`, reply: greeting, outcome })];
}

function judgeExtensions(progress: SessionProgress, extensions: Extensions, expect: Expectations): readonly Finding[] {
  const phase = progress.secured && progress.endpoint.security !== 'tls' ? 'ehlo2' : 'ehlo';
  return [
    ...judgeKeywords(extensions, phase, expect.keywords),
    ...judgeSize(extensions, phase, expect.size),
    ...judgeAuth(progress, phase, expect),
  ];
}

function judgeKeywords(
  extensions: Extensions,
  phase: Phase,
  expected: Expectations['keywords'] = {},
): readonly Finding[] {
  const { present = [], absent = [], otherwise = DEFAULT_EXPECTATIONS.keywords } = expected;
  const isOffered = (keyword: string) => extensions[keyword.toUpperCase()] !== undefined;
  return [
    ...keywordFindings(
      'keyword-missing',
      present.filter((keyword) => !isOffered(keyword)),
      'missing',
    ),
    ...keywordFindings('keyword-unwanted', absent.filter(isOffered), 'offered'),
  ];

  function keywordFindings(code: FailureCode, keywords: readonly string[], what: string): readonly Finding[] {
    return keywords.length === 0
      ? []
      : [finding(code, { phase, detail: `${what}: ${keywords.join(', ')}`, outcome: otherwise })];
  }
}

function judgeSize(extensions: Extensions, phase: Phase, expected: Expectations['size']): readonly Finding[] {
  if (expected === undefined) return [];
  const limit = extensions.SIZE === undefined ? 'SIZE is not offered' : sizeLimitOf(extensions);
  if (limit === null || (typeof limit === 'number' && limit >= expected.atLeast)) return [];
  const outcome = expected.otherwise ?? DEFAULT_EXPECTATIONS.size;
  const found = typeof limit === 'number' ? `${limit} octets` : limit;
  return [finding('size-too-small', { phase, detail: `${found}, expected ${expected.atLeast}`, outcome })];
}

function judgeAuth(progress: SessionProgress, phase: Phase, expect: Expectations): readonly Finding[] {
  const { secured, beforeTls, afterTls, endpoint } = progress;
  const offeredInClear = mechanismsOf(beforeTls);
  // If TLS was required, its absence has its own finding.
  const missing = mechanismsOf(afterTls).length === 0 && (secured || endpoint.security !== 'starttls');
  const why = secured ? 'AUTH is not among the keywords' : 'the session is not encrypted';
  return [
    ...findingUnlessIgnored(offeredInClear.length > 0, expect.authInClear, 'auth-in-clear', {
      phase: 'ehlo',
      detail: `offered in clear: ${offeredInClear.join(' ')}`,
    }),
    ...findingUnlessIgnored(missing, expect.authAfterTls, 'auth-missing', { phase, detail: why }),
  ];
}

function findingUnlessIgnored(
  wrong: boolean,
  severity: SeverityOrIgnore = 'ignore',
  code: FailureCode,
  evidence: FindingEvidence,
): readonly Finding[] {
  return wrong && severity !== 'ignore' ? [finding(code, { ...evidence, outcome: severity })] : [];
}

function judgeLatency(
  timings: SessionProgress['timings'],
  total: number,
  expected: Latency = NO_BUDGETS,
): readonly Finding[] {
  if (total <= DEFAULT_WARN_MS && expected === NO_BUDGETS) return [];
  const phases = Object.entries(timings) as [TimedPhase, number][];
  const budgetOf = (phase: TimedPhase) => expected.phases?.[phase] ?? (WITHOUT_BUDGET.has(phase) ? {} : DEFAULT_BUDGET);
  // The slowest phase is what to look at. The verdict comes before the reply to QUIT.
  const slowest = phases.toSorted(([, a], [, b]) => b - a);
  const found = slowest.flatMap(([phase, took]) =>
    overBudget(phase, took, budgetOf(phase), `took ${took.toFixed(0)} ms`),
  );
  const whole = `the whole probe took ${total.toFixed(0)} ms`;
  const phase = slowest.find(([name]) => name !== 'quit')?.[0] ?? 'connect';
  return [...found, ...overBudget(phase, total, expected.total ?? {}, whole)];
}

function overBudget(
  phase: Phase,
  took: number,
  { warn = Infinity, fail = Infinity }: Budget,
  what: string,
): readonly Finding[] {
  if (took <= Math.min(warn, fail)) return [];
  const outcome = took > fail ? 'fail' : 'warn';
  return [finding('slow', { phase, detail: `${what}, above ${outcome === 'fail' ? fail : warn} ms`, outcome })];
}
