/** What every chat service says of an alert. Each text is escaped and bounded; none of it is markup yet. */

import type { Alert } from '../../../consensus/judgement/incident.ts';
import type { BounceNews } from '../../../consensus/news/bounce-news.ts';
import type { PostureNews } from '../../../consensus/news/posture-news.ts';
import { failureTextOf } from '../../../smtp/failures/failure-texts.ts';
import { alertTexts } from '../../words/alert-texts.ts';
import { alertCommands } from '../../words/email.ts';
import { type AlertContext, type AlertSummary, firstLine, summarizeAlert } from '../../words/first-line.ts';
import { clip, safeText } from '../../words/safe-text.ts';
import { fullTime } from '../../words/time-text.ts';
import type { SentMessage } from '../sender.ts';

export type ChatTone = 'bad' | 'warning' | 'good' | 'plain';

export interface ChatWords {
  readonly tone: ChatTone;
  /** `DOWN mx1`. */
  readonly title: string;
  /** The first line, complete in itself. */
  readonly line: string;
  /** What the server said, what it means, what to do, who voted how, who acknowledged it: one line each. */
  readonly facts: readonly string[];
  /** The first command to copy; null if there is none. */
  readonly command: string | null;
  /** Votes, transcript, timeline and commands: the e-mail without its first line. */
  readonly details: readonly string[];
}

/** Characters of the first line. No alert of a real server needs so many. */
const LONGEST_LINE = 1_000;
const LONGEST_FACT = 300;

export function chatWords({ alert, ...circumstances }: SentMessage, context: AlertContext): ChatWords {
  const summary = summarizeAlert(alert, context, circumstances);
  const hasMore = circumstances.more !== undefined;
  // The last one lists what has no message of its own.
  const command = alertCommands(alert, context, hasMore).at(hasMore ? -1 : 0);
  return {
    tone: toneOf(alert),
    title: titleOf(alert, summary),
    line: clip(firstLine(summary), LONGEST_LINE),
    facts: isOver(alert) ? [] : factsOf(alert, summary).map((fact) => clip(fact, LONGEST_FACT)),
    command: command === undefined ? null : clip(command, LONGEST_FACT),
    details: detailsOf(alertTexts(alert, context, circumstances).email),
  };
}

function titleOf({ kind, digest }: Alert, { title, what }: AlertSummary): string {
  return kind === 'test' || digest !== undefined ? title : `${title} ${what}`;
}

function isOver({ incident }: Alert): boolean {
  return incident !== null && incident.closed !== null;
}

function factsOf(alert: Alert, summary: AlertSummary): readonly string[] {
  const { posture, bounces } = alert;
  const known =
    posture !== undefined
      ? findingFacts(posture)
      : bounces !== undefined
        ? rateFacts(bounces)
        : probeFacts(alert, summary);
  return [...known, acknowledgedText(alert)].filter((fact) => fact !== null);
}

function probeFacts(alert: Alert, { reply, code }: AlertSummary): readonly (string | null)[] {
  const failure = code === null ? undefined : failureTextOf(code);
  return [
    reply === null ? null : `Server: ${reply}`,
    failure === undefined ? null : `Meaning: ${failure.meaning}`,
    failure === undefined ? null : `Hint: ${failure.hint}`,
    votesText(alert),
  ];
}

/** `Votes: down us-east-1, eu-west-1; up ap-southeast-1`. */
function votesText({ votes }: Alert): string | null {
  const parts = (['down', 'up', 'abstain'] as const).flatMap((kind) => {
    const names = votes.filter(({ vote }) => vote === kind).map(({ vantage }) => safeText(vantage, 32));
    return names.length === 0 ? [] : [`${kind} ${names.join(', ')}`];
  });
  return parts.length === 0 ? null : `Votes: ${parts.join('; ')}`;
}

function findingFacts({ findings: [first] }: PostureNews): readonly (string | null)[] {
  if (first === undefined) return [];
  const { meaning, hint, publish } = first;
  return [
    `Meaning: ${safeText(meaning, LONGEST_FACT)}`,
    hint === null ? null : `Hint: ${safeText(hint, LONGEST_FACT)}`,
    ...publish.slice(0, 2).map((line) => `Publish: ${safeText(line, LONGEST_FACT)}`),
  ];
}

function rateFacts({ rates: [first] }: BounceNews): readonly (string | null)[] {
  if (first === undefined) return [];
  const { example, hint } = first;
  return [
    example === null ? null : `Server: ${safeText(example, LONGEST_FACT)}`,
    hint === null ? null : `Hint: ${safeText(hint, LONGEST_FACT)}`,
  ];
}

function acknowledgedText({ incident }: Alert): string | null {
  if (incident?.acknowledged === undefined) return null;
  const { by, at } = incident.acknowledged;
  return `Acknowledged by ${safeText(by, 64)} at ${safeText(fullTime(at), 40)}`;
}

function detailsOf(email: string): readonly string[] {
  return email.trimEnd().split('\n').slice(2);
}

const TONES: Readonly<Record<Alert['kind'], ChatTone | null>> = {
  down: 'bad',
  listed: 'bad',
  trip: 'bad',
  bounces: 'warning',
  posture: 'warning',
  degraded: 'warning',
  unknown: 'warning',
  flapping: 'warning',
  changed: 'warning',
  recovered: 'good',
  delisted: 'good',
  'posture-over': 'good',
  'trip-over': 'good',
  'bounces-over': 'good',
  test: 'plain',
  digest: null,
  update: null,
  blind: null,
  undelivered: null,
};

const TONE_OF_VERDICT: Readonly<Record<Alert['is'], ChatTone>> = {
  up: 'good',
  degraded: 'warning',
  down: 'bad',
  unknown: 'warning',
};

function toneOf({ kind, is }: Alert): ChatTone {
  return TONES[kind] ?? TONE_OF_VERDICT[is];
}

/** The mark before a title where colors cannot be shown. */
export const TONE_MARKS: Readonly<Record<ChatTone, string>> = {
  bad: '\u{1f534}',
  warning: '\u{1f7e0}',
  good: '\u{1f7e2}',
  plain: '\u{26aa}',
};

/** The first line, the facts and a command: what a message says that is read on a telephone. */
export function shortLines({ line, facts, command }: ChatWords): readonly string[] {
  return [line, ...facts, ...(command === null ? [] : [command])];
}

/** Lines of the details, as many as fit into `room` by `size`, with a note if some do not. No line is cut. */
export function fittingLines(
  lines: readonly string[],
  room: number,
  size: (text: string) => number = ({ length }) => length,
): readonly string[] {
  const whole = lines.join('\n');
  if (size(whole) <= room) return lines;
  const note = '… the rest is in "smtp-quorum incident"';
  let count = lines.length;
  while (count > 0 && size([...lines.slice(0, count), note].join('\n')) > room) count -= 1;
  return size(note) > room ? [] : [...lines.slice(0, count), note];
}
