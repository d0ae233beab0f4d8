import type { Alert } from '../../consensus/judgement/incident.ts';
import { findingsOfAlert } from '../../consensus/news/posture-news.ts';
import { bounceTitle } from './bounce-words.ts';
import { emailText } from './email.ts';
import type { EvidenceLimits } from './evidence-limits.ts';
import { type AlertContext, type AlertSummary, firstLine, summarizeAlert, witnessOf } from './first-line.ts';
import { alertDocument } from './json-document.ts';
import { type Circumstances, PLAIN } from './late-delivery-note.ts';
import { postureTitle } from './posture-line.ts';
import { asciiJson, clip } from './safe-text.ts';
import { smsText } from './sms.ts';

/** The texts of one alert, one per protocol of SNS (`MessageStructure: json` has all except the subject). */
export interface AlertTexts {
  /** 1 to 99 ASCII characters in one line, as SNS requires. */
  readonly subject: string;
  /** The first line, for all other protocols. */
  readonly default: string;
  readonly email: string;
  /** One part of 160 GSM-7 characters. */
  readonly sms: string;
  /** `AlertDocument` as one line of ASCII JSON: webhooks, HTTPS and SQS subscribers. */
  readonly https: string;
}

/**
 * Octets of the text of one protocol. SNS accepts 256 KB for the whole message, in which each text is encoded as a JSON
 * string. That doubles each octet at worst. The same document is included under `https`, `http`, `sqs` and `lambda`.
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
const MOST_OCTETS = 24_000;

/** Limits in the order in which they are tried until the text fits. The last always fits. */
const LIMITS: readonly [EvidenceLimits, ...EvidenceLimits[]] = [
  { witnesses: 40, width: 500, transcript: 40, timeline: 30 },
  { witnesses: 40, width: 240, transcript: 12, timeline: 12 },
  { witnesses: 20, width: 120, transcript: 4, timeline: 6 },
  { witnesses: 4, width: 60, transcript: 0, timeline: 3 },
];

export function alertTexts(alert: Alert, context: AlertContext, circumstances: Circumstances = PLAIN): AlertTexts {
  const summary = summarizeAlert(alert, context, circumstances);
  const witness = witnessOf(alert);
  return {
    subject: subjectOf(alert, summary, context),
    default: firstLine(summary),
    email: shortenToFit((limits) => emailText({ alert, summary, more: circumstances.more }, context, limits)),
    sms: smsText(summary),
    https: shortenToFit((limits) =>
      asciiJson(alertDocument({ ...circumstances, alert, summary, witness }, context, limits)),
    ),
  };
}

/** `[smtp-quorum] DOWN mx1: starttls-not-offered, 2 of 3 vantages`, and what was measured. */
function subjectOf(alert: Alert, summary: AlertSummary, { name }: AlertContext): string {
  const [findings, { bounces }] = [findingsOfAlert(alert), alert];
  const { title: state, what, code, tally, fact, line } = summary;
  const head = `[${clip(name, 24)}]`;
  const news = findings !== undefined ? postureTitle(findings) : bounces !== undefined ? bounceTitle(bounces) : null;
  if (news !== null) return clip(ascii(`${head} ${state} ${what}: ${news}`), SUBJECT_LENGTH, '...');
  if (line !== null) return clip(ascii(`${head} ${line}`), SUBJECT_LENGTH, '...');
  const votes = tally.down === 0 ? '' : `${tally.down} of ${tally.cast} vantages`;
  const withFacts = (...facts: readonly (string | null)[]) => {
    const known = facts.filter((text) => text !== null && text !== '').join(', ');
    return ascii(`${head} ${state} ${what}${known === '' ? '' : `: ${known}`}`);
  };
  // What was measured matters most: the rest gives way to it.
  const shorter = fact === null ? [] : [withFacts(code, fact), withFacts(fact)];
  const subjects = [withFacts(code, votes, fact), ...shorter];
  return subjects.find(({ length }) => length <= SUBJECT_LENGTH) ?? clip(subjects.at(-1) ?? '', SUBJECT_LENGTH, '...');
}

/** The limit of SNS is "less than 100 characters". */
const SUBJECT_LENGTH = 99;

function ascii(text: string): string {
  return text.replace(/[^ -~]/gu, '?');
}

function shortenToFit(write: (limits: EvidenceLimits) => string): string {
  const [first, ...rest] = LIMITS;
  return rest.reduce((text, limits) => (Buffer.byteLength(text) <= MOST_OCTETS ? text : write(limits)), write(first));
}
