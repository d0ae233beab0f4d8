/** What every chat service says of an alert. Each text is escaped and bounded; none of it is markup yet. */
import type { Alert } from '../../../consensus/judgement/incident.ts';
import { failureTextOf } from '../../../smtp/failures/failure-texts.ts';
import { alertTexts } from '../../words/alert-texts.ts';
import { type AlertContext, firstLine, summarizeAlert } from '../../words/first-line.ts';
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
  /** What the server said, what it means, who acknowledged it: at most one line each. */
  readonly facts: readonly string[];
  /** Votes, transcript, timeline and commands: the e-mail without its first line. */
  readonly details: readonly string[];
}

/** Characters of the first line. No alert of a real server needs so many. */
const LONGEST_LINE = 1_200;
const LONGEST_FACT = 400;

export function chatWords({ alert, ...circumstances }: SentMessage, context: AlertContext): ChatWords {
  const summary = summarizeAlert(alert, context, circumstances);
  const isOver = alert.incident !== null && alert.incident.closed !== null;
  const facts = [
    isOver || summary.reply === null ? null : `Server: ${summary.reply}`,
    isOver || summary.code === null ? null : meaningOf(summary.code),
    acknowledgedText(alert),
  ];
  return {
    tone: toneOf(alert),
    title: `${summary.state} ${alert.digest === undefined ? summary.what : ''}`.trim(),
    line: clip(firstLine(summary), LONGEST_LINE),
    facts: facts.filter((fact) => fact !== null).map((fact) => clip(fact, LONGEST_FACT)),
    details: detailsOf(alertTexts(alert, context, circumstances).email),
  };
}

function meaningOf(code: string): string | null {
  return failureTextOf(code)?.meaning ?? null;
}

function acknowledgedText({ incident }: Alert): string | null {
  if (incident?.acknowledged === undefined || incident.closed !== null) return null;
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

/** The first line and the facts: what a message says that has no room for the details. */
export function shortLines({ line, facts }: ChatWords): readonly string[] {
  return [line, ...facts];
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
