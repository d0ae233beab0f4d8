/** How well replies are classified: by whose fault they are, precision and recall. */

import type { FailureCode } from '../../../lambda/smtp/failures/failures.ts';
import { refusalCode } from '../../../lambda/smtp/replies/refusals.ts';
import type { Labelled } from './corpus.ts';

export interface Measure {
  /** A failure, or a group of them; `all` counts each reply once. */
  readonly name: string;
  /** Replies labelled so, replies classified so, and those that are both. */
  readonly labelled: number;
  readonly classified: number;
  readonly right: number;
  readonly precision: number;
  readonly recall: number;
}

export interface Classified extends Labelled {
  readonly seen: FailureCode;
}

export function classify(replies: readonly Labelled[]): readonly Classified[] {
  return replies.map((labelled) => ({ ...labelled, seen: refusalCode(labelled.state, labelled.reply) }));
}

/** Whose fault a failure is: what a postmaster decides first. */
export type Fault = 'vantage' | 'sender' | 'recipient' | 'passing' | 'access' | 'server';

const FAULTS: readonly (readonly [RegExp, Fault])[] = [
  [/^vantage-/, 'vantage'],
  [/greylisted|unverified/, 'passing'],
  [/sender-refused|^mail-refused$/, 'sender'],
  [/^(?:rcpt-(?!.*temporarily)|mailbox-full)/, 'recipient'],
  [/^(?:auth-(?!unavailable)|tls-required)/, 'access'],
];

export function faultOf(code: FailureCode): Fault {
  return FAULTS.find(([codes]) => codes.test(code))?.[1] ?? 'server';
}

/** Of all replies, and of each failure, or of whatever else failures are grouped by. */
export function measure(
  replies: readonly Classified[],
  groupOf: (code: FailureCode) => string = (code) => code,
): readonly Measure[] {
  const grouped = replies.map(({ failure, seen }) => ({ labelled: groupOf(failure), classified: groupOf(seen) }));
  const names = [...new Set(grouped.flatMap(({ labelled, classified }) => [labelled, classified]))].sort();
  return [measured('all', grouped), ...names.map((name) => measured(name, grouped))];
}

interface Grouped {
  readonly labelled: string;
  readonly classified: string;
}

function measured(name: string, replies: readonly Grouped[]): Measure {
  const isNamed = (group: string) => name === 'all' || group === name;
  const labelled = replies.filter((reply) => isNamed(reply.labelled)).length;
  const classified = replies.filter((reply) => isNamed(reply.classified)).length;
  const right = replies.filter((reply) => isNamed(reply.labelled) && reply.classified === reply.labelled).length;
  return { name, labelled, classified, right, precision: share(right, classified), recall: share(right, labelled) };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}
