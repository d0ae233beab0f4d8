import type { Budget, Expectations, TlsVersion } from '../../lambda/smtp/endpoint/expectations.ts';
import { optional } from './optional.ts';
import { durationArgument } from './time.ts';
import { UsageError } from './usage-error.ts';

/** Options of `probe` for the expectations that monitoring plugins have. The config has all of them. */
export interface ExpectationOptions {
  readonly warnAfter?: string;
  readonly failAfter?: string;
  readonly warnDays?: string;
  readonly failDays?: string;
  readonly greeting?: string;
  readonly keyword?: readonly string[];
  readonly minTls?: TlsVersion;
  readonly accepts?: readonly string[];
  readonly rejects?: readonly string[];
}

/**
 * What the options expect, on top of what a target of the config expects; undefined if neither expects anything.
 * @throws UsageError
 */
export function expectationsOf(options: ExpectationOptions, own: Expectations = {}): Expectations | undefined {
  const total = budgetOf(options, own.latency?.total);
  const days = { ...daysOf('warnDays', options.warnDays), ...daysOf('failDays', options.failDays) };
  const rcpt = { ...optional('accepts', options.accepts), ...optional('rejects', options.rejects) };
  const expected: Expectations = {
    ...own,
    ...(total === undefined ? {} : { latency: { ...own.latency, total } }),
    ...(isEmpty(days) ? {} : { certificate: { ...own.certificate, ...days } }),
    ...(isEmpty(rcpt) ? {} : { rcpt: { ...own.rcpt, ...rcpt } }),
    ...(options.greeting === undefined ? {} : { greeting: { ...own.greeting, matches: patternOf(options.greeting) } }),
    ...(options.keyword === undefined ? {} : { keywords: { ...own.keywords, present: options.keyword } }),
    ...(options.minTls === undefined ? {} : { tls: { ...own.tls, atLeast: options.minTls } }),
  };
  return isEmpty(expected) ? undefined : expected;
}

function budgetOf({ warnAfter, failAfter }: ExpectationOptions, own: Budget | undefined): Budget | undefined {
  if (warnAfter === undefined && failAfter === undefined) return undefined;
  return {
    ...own,
    ...(warnAfter === undefined ? {} : { warn: durationArgument(warnAfter, '--warn-after') }),
    ...(failAfter === undefined ? {} : { fail: durationArgument(failAfter, '--fail-after') }),
  };
}

function daysOf(key: 'warnDays' | 'failDays', text: string | undefined): Partial<Record<typeof key, number>> {
  if (text === undefined) return {};
  if (/^\d{1,5}$/.test(text)) return { [key]: Number(text) };
  throw new UsageError(`--${key === 'warnDays' ? 'warn' : 'fail'}-days: '${text}' is not a number of days`);
}

function patternOf(text: string): string {
  try {
    new RegExp(text, 'iu');
    return text;
  } catch {
    throw new UsageError(`--greeting: '${text}' is not a regular expression`);
  }
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}
