/** Judgements and incidents as the table keeps them, checked as they are read. */

import type {
  Alert,
  AlertKind,
  ChapterEvidence,
  Digest,
  Incident,
  Witness,
} from '../../consensus/judgement/incident.ts';
import type { Chapter } from '../../consensus/judgement/incident-chapter.ts';
import { EMPTY_MEMORY, type Judgement, type Memory } from '../../consensus/judgement/judgement-state.ts';
import type { Verdict, Vote } from '../../consensus/judgement/vote-and-verdict-definitions.ts';
import type { Hold } from '../../consensus/news/again.ts';
import type { BounceNews, ToldRate } from '../../consensus/news/bounce-news.ts';
import type { PostureNews, PostureWarning, ToldFinding } from '../../consensus/news/posture-news.ts';
import type { Item } from '../table/table.ts';
import {
  type Fields,
  isCount,
  isFields,
  isListOf,
  isMapOf,
  isNumber,
  isText,
  isTextOrNull,
  isTime,
} from '../table/type-guards.ts';
import { must } from '../table/unreadable.ts';

/** A judgement as stored. `version` grows by one with each write. */
export interface StoredJudgement extends Judgement {
  readonly version: number;
  /** Who is telling the owed alerts and until when (epoch ms) nobody else may: a crash lets it lapse. */
  readonly lease: { readonly by: string; readonly until: number } | null;
}

const verdicts: ReadonlySet<unknown> = new Set<Verdict>(['up', 'degraded', 'down', 'unknown']);
const votes: ReadonlySet<unknown> = new Set<Vote>(['up', 'down', 'abstain']);

const kinds: Readonly<Record<AlertKind, true>> = {
  down: true,
  degraded: true,
  recovered: true,
  unknown: true,
  update: true,
  changed: true,
  blind: true,
  flapping: true,
  digest: true,
  undelivered: true,
  posture: true,
  'posture-over': true,
  bounces: true,
  'bounces-over': true,
  listed: true,
  delisted: true,
  trip: true,
  'trip-over': true,
  test: true,
};

/** @throws where it is none */
export function judgementOf({ pk: _pk, sk, written: _written, ...judgement }: Item): StoredJudgement {
  const { target, verdict, since, incident, owed, memory, version, lease } = judgement;
  must(target === sk, 'target');
  must(verdicts.has(verdict), 'verdict');
  must(isTime(since), 'since');
  must(incident === null || isIncident(incident), 'incident');
  must(isListOf(owed, isAlert), 'owed');
  must(memory === undefined || isMemory(memory), 'memory');
  must(isCount(version), 'version');
  must(lease === null || isLease(lease), 'lease');
  const whole = memory === undefined ? judgement : { ...judgement, memory: { ...EMPTY_MEMORY, ...memory } };
  return whole as unknown as StoredJudgement;
}

/** @throws where it is none */
export function incidentOf({ pk: _pk, sk: _sk, ...incident }: Item): Incident {
  must(isIncident(incident), 'incident');
  return incident;
}

function isIncident(value: unknown): value is Incident {
  if (!isFields(value)) return false;
  const { id, target, opened, closed, verdict, witnesses, timeline, acknowledged, chapter, first } = value;
  return (
    isText(id) &&
    isText(target) &&
    isTime(opened) &&
    (closed === null || isTime(closed)) &&
    verdicts.has(verdict) &&
    isListOf(witnesses, isWitness) &&
    isListOf(timeline, isEntry) &&
    (acknowledged === undefined || isAcknowledgement(acknowledged)) &&
    (chapter === undefined || isPresentChapter(chapter)) &&
    (first === undefined || isFailure(first))
  );
}

function isPresentChapter(value: unknown): value is NonNullable<Incident['chapter']> {
  if (!isChapter(value)) return false;
  const { lastFailuresBefore }: Fields = { ...value };
  return lastFailuresBefore === undefined || isMapOf(lastFailuresBefore, isText);
}

function isChapter(value: unknown): value is Chapter {
  if (!isFailure(value)) return false;
  const { number, from, to, warning }: Fields = { ...value };
  return isCount(number) && isTime(from) && (to === null || isTime(to)) && isTextOrNull(warning);
}

function isFailure(value: unknown): value is Pick<Chapter, 'phase' | 'code'> {
  return isFields(value) && isTextOrNull(value.phase) && isTextOrNull(value.code);
}

export function isChapterEvidence(value: unknown): value is ChapterEvidence {
  return isFields(value) && isChapter(value) && isListOf((value as Fields).witnesses, isWitness);
}

function isWitness(value: unknown): value is Witness {
  if (!isFields(value)) return false;
  const { vantage, firstFailure, lastFailure, phase, code, reply, detail = null, outcome = 'fail', transcript } = value;
  return (
    isText(vantage) &&
    isText(firstFailure) &&
    isText(lastFailure) &&
    [phase, code, reply, detail].every(isTextOrNull) &&
    (outcome === 'fail' || outcome === 'warn') &&
    isListOf(transcript, isText)
  );
}

function isEntry(value: unknown): value is Incident['timeline'][number] {
  return (
    isFields(value) && isTime(value.at) && isText(value.what) && (value.since === undefined || isTime(value.since))
  );
}

export function isAcknowledgement(value: unknown): value is NonNullable<Incident['acknowledged']> {
  return isFields(value) && isTime(value.at) && isText(value.by);
}

/** Whether a value out of the table is an alert. */
export function isAlert(value: unknown): value is Alert {
  if (!isFields(value)) return false;
  const {
    id,
    kind,
    subject,
    at,
    was,
    is,
    incident,
    votes: cast,
    reason,
    digest,
    posture,
    trip,
    bounces,
    toAll,
    causes,
    to,
    again,
    tags,
  } = value;
  return (
    [id, subject, reason].every(isText) &&
    isText(kind) &&
    Object.hasOwn(kinds, kind) &&
    isTime(at) &&
    verdicts.has(was) &&
    verdicts.has(is) &&
    (incident === null || isIncident(incident)) &&
    isListOf(cast, isVote) &&
    (digest === undefined || isDigest(digest)) &&
    (posture === undefined || isPostureNews(posture)) &&
    (trip === undefined || isPostureNews(trip)) &&
    (bounces === undefined || isBounceNews(bounces)) &&
    (toAll === undefined || toAll === true) &&
    [causes, to, tags].every((texts) => texts === undefined || isTexts(texts)) &&
    (again === undefined || isAgain(again))
  );
}

function isAgain(value: unknown): boolean {
  if (!isFields(value)) return false;
  const { why, since, number, hold, by, isFirst, behind, more } = value;
  return (
    isText(why) &&
    isTime(since) &&
    (number === undefined || isCount(number)) &&
    (hold === undefined || isHold(hold)) &&
    (by === undefined || isText(by)) &&
    (isFirst === undefined || isFirst === true) &&
    (behind === undefined || isTexts(behind)) &&
    (more === undefined || isCount(more))
  );
}

/** Whether a value out of the table is what holds an incident. */
export function isHold(value: unknown): value is Hold {
  return isFields(value) && isText(value.why) && isText(value.what) && isTime(value.since) && isTextOrNull(value.until);
}

export function isDigest(value: unknown): value is Digest {
  if (!isFields(value)) return false;
  const { count, first, last, kinds: counts, subjects, ids } = value;
  const isCounts = isMapOf(counts, isCount) && Object.keys(counts).every((kind) => Object.hasOwn(kinds, kind));
  return (
    isCount(count) && isTime(first) && isTime(last) && isCounts && isListOf(subjects, isText) && isListOf(ids, isText)
  );
}

function isPostureNews(value: unknown): value is PostureNews {
  if (!isFields(value)) return false;
  const { findings, more, warnings, isReminder } = value;
  const isKnown = isListOf(findings, isToldFinding) && isListOf(warnings, isWarning);
  return isKnown && isCount(more) && (isReminder === undefined || isReminder === true);
}

function isWarning(value: unknown): value is PostureWarning {
  return isFields(value) && [value.code, value.subject, value.detail].every(isText);
}

function isToldFinding(value: unknown): value is ToldFinding {
  if (!isFields(value) || !isWarning(value)) return false;
  const { area, since, vantages, meaning, hint, rfc, evidence, publish, command }: Fields = { ...value };
  return (
    [area, meaning, rfc].every(isText) &&
    isTime(since) &&
    [hint, command].every(isTextOrNull) &&
    [vantages, evidence, publish].every((texts) => isListOf(texts, isText))
  );
}

function isBounceNews(value: unknown): value is BounceNews {
  return isFields(value) && isListOf(value.rates, isToldRate) && isCount(value.more);
}

function isToldRate(value: unknown): value is ToldRate {
  if (!isFields(value)) return false;
  const { metric, outcome, window, provider, count, total, limit, others, since, codes, example, hint } = value;
  return (
    [metric, outcome, window].every(isText) &&
    [provider, example, hint].every(isTextOrNull) &&
    [count, total].every(isCount) &&
    isNumber(limit) &&
    isFields(others) &&
    isCount(others.count) &&
    isCount(others.total) &&
    isTime(since) &&
    isListOf(codes, (one): one is ToldRate['codes'][number] => isFields(one) && isText(one.code) && isCount(one.count))
  );
}

function isVote(value: unknown): value is Alert['votes'][number] {
  return isFields(value) && isText(value.vantage) && votes.has(value.vote) && isText(value.why);
}

function isLease(value: unknown): value is NonNullable<StoredJudgement['lease']> {
  return isFields(value) && isText(value.by) && isNumber(value.until);
}

/** A memory of a version before lacks what came later: what is there must be right. */
function isMemory(value: unknown): value is Partial<Memory> {
  return (
    isFields(value) &&
    Object.entries(memoryFields).every(([name, holds]) => !isGiven(value, name) || holds(value[name]))
  );
}

function isGiven(value: Fields, name: string): boolean {
  return value[name] !== undefined;
}

const memoryFields: Readonly<Record<keyof Required<Memory>, (value: unknown) => boolean>> = {
  failing: (value) => isMapOf(value, isText),
  deferred: (value) => isMapOf(value, isTexts),
  told: (value) => verdicts.has(value),
  alerts: isCount,
  mentioned: (value) => isListOf(value, isText),
  transitions: (value) => isListOf(value, isText),
  flapping: (value) => typeof value === 'boolean',
  toldFlapping: (value) => verdicts.has(value),
  asked: (value) => isMapOf(value, isText),
  facts: (value) => isMapOf(value, isFacts),
  presence: isText,
  seen: (value) => isListOf(value, isText),
};

function isTexts(value: unknown): value is readonly string[] {
  return isListOf(value, isText);
}

function isFacts(value: unknown): value is Readonly<Record<string, string>> {
  return isMapOf(value, isText);
}
