import type { PostureArea } from '../posture/codes/code.ts';
import type { PostureFinding } from '../posture/finding.ts';
import type { RunScope } from './domain-order.ts';

/** What became of one domain in a run. */
export type CheckedDomain =
  | {
      readonly kind: 'checked';
      readonly domain: string;
      readonly scope: RunScope;
      /** Whether an item was written: something changed, was confirmed, or the last item was a day old. */
      readonly isWritten: boolean;
      /** The time of its newest item. */
      readonly at: string;
      readonly fail: number;
      readonly warn: number;
      readonly unable: number;
      /** Findings that the config ignores. */
      readonly ignored: number;
      readonly areas: readonly PostureArea[];
      /** What is to be mended. */
      readonly failing: readonly FailingFinding[];
      /** Areas in which something did not answer. */
      readonly open: readonly PostureArea[];
    }
  /** A run of this quarter of an hour has looked at it. */
  | { readonly kind: 'known'; readonly domain: string }
  | { readonly kind: 'failed'; readonly domain: string; readonly why: string };

export type FailingFinding = Pick<PostureFinding, 'area' | 'code' | 'subject' | 'detail'>;

export interface PostureReport {
  readonly vantage: string;
  /** ISO 8601 UTC. */
  readonly scheduled: string;
  readonly domains: readonly CheckedDomain[];
  /** Domains for which there was no time. The next run begins with them. */
  readonly left: number;
  /** DNS questions that were sent. */
  readonly questions: number;
  readonly milliseconds: number;
}

/** One line of a log. */
export interface PostureSummary {
  readonly level: 'info' | 'warn';
  readonly message: string;
  readonly vantage: string;
  readonly scheduled: string;
  /** How many domains were checked as a whole, and how many on DNS lists alone. */
  readonly all: number;
  readonly lists: number;
  readonly left: number;
  readonly questions: number;
  readonly milliseconds: number;
  readonly fail: number;
  readonly warn: number;
  readonly unable: number;
  readonly ignored: number;
  readonly written: readonly string[];
  readonly failed: readonly string[];
}

export function summaryOfPosture({ vantage, scheduled, domains, left, ...rest }: PostureReport): PostureSummary {
  const checked = domains.flatMap((one) => (one.kind === 'checked' ? [one] : []));
  const failed = domains.flatMap((one) => (one.kind === 'failed' ? [`${one.domain}: ${one.why}`] : []));
  const total = (count: 'fail' | 'warn' | 'unable' | 'ignored') => checked.reduce((sum, one) => sum + one[count], 0);
  const isWhole = left === 0 && failed.length === 0;
  return {
    level: isWhole ? 'info' : 'warn',
    message: isWhole ? 'posture checked' : 'posture checked, except for some domains',
    vantage,
    scheduled,
    all: checked.filter(({ scope }) => scope === 'all').length,
    lists: checked.filter(({ scope }) => scope === 'lists').length,
    left,
    ...rest,
    fail: total('fail'),
    warn: total('warn'),
    unable: total('unable'),
    ignored: total('ignored'),
    written: checked.filter(({ isWritten }) => isWritten).map(({ domain }) => domain),
    failed,
  };
}
