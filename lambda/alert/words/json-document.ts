/** The JSON document of an alert. */

import type { Alert, AlertKind, Digest, Witness } from '../../consensus/judgement/incident.ts';
import type { Verdict } from '../../consensus/judgement/vote-and-verdict-definitions.ts';
import type { Again } from '../../consensus/news/again.ts';
import type { BounceNews, ToldRate } from '../../consensus/news/bounce-news.ts';
import { findingsOfAlert, type PostureNews, type ToldFinding } from '../../consensus/news/posture-news.ts';
import type { EvidenceLimits } from './evidence-limits.ts';
import { type AlertContext, type AlertSummary, firstLine } from './first-line.ts';
import type { Circumstances } from './late-delivery-note.ts';
import { asciiJson, clip } from './safe-text.ts';
import { millisecondsBetween } from './time-text.ts';

/**
 * An alert as JSON, for webhooks and for HTTPS and SQS subscribers of the topic. While `version` is 1, keys are added but
 * never removed. Texts from the server are bounded but not escaped; the JSON is printable ASCII. All times are ISO 8601 UTC.
 */
export interface AlertDocument {
  readonly version: 1;
  /** Stable: a repeated message has the same id. */
  readonly id: string;
  /** The first line of the e-mail. Chat webhooks (Slack, Mattermost) show this key. */
  readonly text: string;
  readonly monitor: string;
  readonly kind: AlertKind;
  /**
   * Target id, the vantage for kind `blind`, the channel for kind `undelivered`, the domain for those of posture and bounces, the
   * round trip for those of trips, `digest` for a digest.
   */
  readonly subject: string;
  /** `host:port`; null if the config does not contain the subject. */
  readonly endpoint: string | null;
  readonly at: string;
  readonly was: Verdict;
  readonly is: Verdict;
  readonly phase: string | null;
  readonly code: string | null;
  readonly reply: string | null;
  /** What was measured, and its bound. */
  readonly detail: string | null;
  readonly reason: string;
  readonly votes: readonly { readonly vantage: string; readonly vote: string; readonly why: string }[];
  /** What the message says besides its alert, because it could not be sent at once; null if nothing. */
  readonly note: string | null;
  /** Why it is sent again, or later than it was decided; null if it is not. */
  readonly again: Again | null;
  /** Ids of earlier alerts of the incident that were not delivered before. */
  readonly replaces: readonly string[];
  /** The alerts that a digest stands for; null for all other kinds. */
  readonly digest: Digest | null;
  /** Alerts above the limit of messages an hour, which have no message of their own; null if there are none. */
  readonly more: Digest | null;
  readonly incident: {
    readonly id: string;
    readonly opened: string;
    readonly closed: string | null;
    /** Seconds from opening to closing, or to this alert while it is open. */
    readonly seconds: number | null;
    /** The chapter that the witnesses are of; null for a vantage. */
    readonly chapter: { readonly number: number; readonly from: string } | null;
    readonly witnesses: readonly Witness[];
    readonly timeline: readonly { readonly at: string; readonly what: string }[];
  } | null;
  /** The findings of an alert about the posture of a domain; those of `trip` again; null for all other kinds. */
  readonly posture: PostureNews | null;
  /** The findings of an alert about a round trip; null for all other kinds. */
  readonly trip: PostureNews | null;
  /** The rates of an alert about bounces; null for all other kinds. */
  readonly bounces: BounceNews | null;
  /** True if evidence was omitted to keep the message within its limit. The table has all of it. */
  readonly truncated: boolean;
}

/** An alert with its texts and circumstances. */
interface DescribedAlert extends Circumstances {
  readonly alert: Alert;
  readonly summary: AlertSummary;
  readonly witness: Witness | null;
}

export function alertDocument(
  { alert, summary, witness, replaces, more }: DescribedAlert,
  context: AlertContext,
  limits: EvidenceLimits,
): AlertDocument {
  const { width } = limits;
  const whole = {
    version: 1,
    id: clip(alert.id, 200),
    text: firstLine(summary),
    monitor: clip(context.name, 64),
    kind: alert.kind,
    subject: clip(alert.subject, 256),
    endpoint: summary.where,
    at: alert.at,
    was: alert.was,
    is: alert.is,
    phase: clipOrNull(witness?.phase, width),
    code: clipOrNull(witness?.code, width),
    reply: clipOrNull(witness?.reply, width),
    detail: clipOrNull(witness?.detail, width),
    reason: clip(alert.reason, width),
    votes: alert.votes.slice(0, limits.witnesses).map((vote) => voteOf(vote, width)),
    note: summary.note,
    again: againOf(alert),
    replaces: replaces.slice(0, 20).map(({ id }) => clip(id, 200)),
    digest: digestOf(alert.digest, limits),
    more: moreOf(more, limits),
    incident: incidentOf(alert, limits),
    posture: postureOf(findingsOfAlert(alert), limits),
    trip: isOfTrip(alert) ? postureOf(findingsOfAlert(alert), limits) : null,
    bounces: bouncesOf(alert.bounces, limits),
  } as const;
  return { ...whole, truncated: isTruncated(alert, limits) };
}

/** Texts of people and names are bounded. */
function againOf({ again }: Alert): Again | null {
  if (again === undefined) return null;
  const { hold, by, behind, ...rest } = again;
  return {
    ...rest,
    ...(hold === undefined ? {} : { hold: { ...hold, what: clip(hold.what, 200) } }),
    ...(by === undefined ? {} : { by: clip(by, 120) }),
    ...(behind === undefined ? {} : { behind: behind.slice(0, 50).map((name) => clip(name, 200)) }),
  };
}

/** The same digest if it has no words of its own: its names are bounded as they are made. */
function digestOf(digest: Digest | undefined, { timeline }: EvidenceLimits): Digest | null {
  if (digest === undefined) return null;
  const { alerts, group, ...rest } = digest;
  const most = timeline * 2;
  return {
    ...rest,
    ...(alerts === undefined ? {} : { alerts: alerts.slice(0, most) }),
    ...(group === undefined ? {} : { group: { ...group, subjects: group.subjects.slice(0, most) } }),
  };
}

function moreOf(more: Digest | undefined, limits: EvidenceLimits): Digest | null {
  const digest = digestOf(more, limits);
  if (digest === null) return null;
  const most = limits.timeline * 2;
  return { ...digest, subjects: digest.subjects.slice(0, most), ids: digest.ids.slice(0, most) };
}

function voteOf({ vantage, vote, why }: Alert['votes'][number], width: number): AlertDocument['votes'][number] {
  return { vantage: clip(vantage, 64), vote, why: clip(why, width) };
}

function incidentOf(alert: Alert, limits: EvidenceLimits): AlertDocument['incident'] {
  const { incident } = alert;
  if (incident === null) return null;
  const length = millisecondsBetween(incident.opened, incident.closed ?? alert.at);
  return {
    id: clip(incident.id, 200),
    opened: incident.opened,
    closed: incident.closed,
    seconds: length === null ? null : Math.round(length / 1000),
    chapter: incident.chapter === undefined ? null : { number: incident.chapter.number, from: incident.chapter.from },
    witnesses: incident.witnesses.slice(0, limits.witnesses).map((witness) => witnessOf(witness, limits)),
    timeline: lastOf(incident.timeline, limits.timeline).map(({ at, what }) => ({
      at,
      what: clip(what, limits.width),
    })),
  };
}

function postureOf(news: PostureNews | undefined, limits: EvidenceLimits): PostureNews | null {
  if (news === undefined) return null;
  const { width, timeline } = limits;
  const findings = news.findings.slice(0, Math.ceil(limits.witnesses / 2)).map((finding) => findingOf(finding, limits));
  const warnings = news.warnings.slice(0, timeline).map(({ code, subject, detail }) => {
    return { code: clip(code, 64), subject: clip(subject, width), detail: clip(detail, width) };
  });
  return { ...news, findings, more: news.more + news.findings.length - findings.length, warnings };
}

/** A record that has no room is left out: half of one must not be published. */
function findingOf(finding: ToldFinding, { width, timeline }: EvidenceLimits): ToldFinding {
  const hasRoom = (record: string) => asciiJson(record).length <= width * 4;
  return {
    area: clip(finding.area, 32),
    code: clip(finding.code, 64),
    subject: clip(finding.subject, width),
    detail: clip(finding.detail, width),
    since: finding.since,
    vantages: finding.vantages.slice(0, 8).map((vantage) => clip(vantage, 32)),
    meaning: clip(finding.meaning, width),
    hint: clipOrNull(finding.hint, width),
    rfc: clip(finding.rfc, 32),
    evidence: finding.evidence.slice(0, timeline).map((line) => clip(line, width)),
    publish: finding.publish.filter(hasRoom).slice(0, timeline),
    command: clipOrNull(finding.command, width),
  };
}

function witnessOf(witness: Witness, { width, transcript }: EvidenceLimits): Witness {
  return {
    vantage: clip(witness.vantage, 64),
    firstFailure: witness.firstFailure,
    lastFailure: witness.lastFailure,
    phase: clipOrNull(witness.phase, width),
    code: clipOrNull(witness.code, width),
    reply: clipOrNull(witness.reply, width),
    detail: clipOrNull(witness.detail, width),
    outcome: witness.outcome ?? 'fail',
    transcript: lastOf(witness.transcript, transcript).map((line) => clip(line, width)),
  };
}

function isOfTrip({ kind }: Alert): boolean {
  return kind === 'trip' || kind === 'trip-over';
}

function isTruncated(alert: Alert, limits: EvidenceLimits): boolean {
  const { votes, incident, bounces, digest } = alert;
  const findings = findingsOfAlert(alert);
  const witnesses = incident?.witnesses ?? [];
  return (
    (digest?.alerts?.length ?? 0) > limits.timeline * 2 ||
    (findings !== undefined && isShortened(findings, limits)) ||
    (bounces !== undefined && bounces.more + bounces.rates.length > Math.min(bounces.rates.length, limits.witnesses)) ||
    bounces?.rates.some(({ example }) => (example?.length ?? 0) > limits.width) === true ||
    Math.max(votes.length, witnesses.length) > limits.witnesses ||
    (incident?.timeline.length ?? 0) > limits.timeline ||
    witnesses.some(({ transcript }) => transcript.length > limits.transcript)
  );
}

function isShortened(news: PostureNews, limits: EvidenceLimits): boolean {
  const { findings } = postureOf(news, limits) ?? news;
  return news.more > 0 || JSON.stringify(findings) !== JSON.stringify(news.findings);
}

function bouncesOf(news: BounceNews | undefined, { witnesses, width }: EvidenceLimits): BounceNews | null {
  if (news === undefined) return null;
  const rates = news.rates.slice(0, witnesses).map(
    (rate): ToldRate => ({
      ...rate,
      provider: clipOrNull(rate.provider, 253),
      example: clipOrNull(rate.example, width),
      hint: clipOrNull(rate.hint, width),
    }),
  );
  return { rates, more: news.more + news.rates.length - rates.length };
}

function clipOrNull(text: string | null | undefined, width: number): string | null {
  return text === null || text === undefined ? null : clip(text, width);
}

/** The last `count`; none for 0. */
function lastOf<T>(list: readonly T[], count: number): readonly T[] {
  return list.slice(Math.max(0, list.length - count));
}
