/** The e-mail text of an alert. */
import { DRILL, isDrill } from '../../consensus/drill/drill.ts';
import { type Alert, acknowledgeable, type Digest, type Witness } from '../../consensus/judgement/incident.ts';
import { findingsOfAlert, type PostureNews } from '../../consensus/news/posture-news.ts';
import { failureTextOf } from '../../smtp/failures/failure-texts.ts';
import { bounceSections } from './bounce-words.ts';
import { digestSections } from './digest/digest-lines.ts';
import { LISTING } from './digest/more-line.ts';
import type { EvidenceLimits } from './evidence-limits.ts';
import { type AlertContext, type AlertSummary, atPhaseText, firstLine, witnessOf } from './first-line.ts';
import { measurementOf } from './measured-fact.ts';
import { postureSections } from './posture-email.ts';
import { replyLines, safeText } from './safe-text.ts';
import { clockTime, fullTime } from './time-text.ts';

/** The e-mail text: a first line that is complete in itself, then evidence and the next commands. */
export function emailText(
  {
    alert,
    summary,
    more,
  }: { readonly alert: Alert; readonly summary: AlertSummary; readonly more?: Digest | undefined },
  context: AlertContext,
  limits: EvidenceLimits,
): string {
  const { digest } = alert;
  const sections = [
    [firstLine(summary)],
    reasonLines(alert, limits),
    ...subjectSections(alert, limits),
    ...digestSections({ digest, more }, limits).map(([title, lines]) => section(title, lines)),
    section('Commands', alertCommands(alert, context, more !== undefined)),
    [
      `Alert ${safeText(alert.id, 200)} of monitor ${safeText(context.name, 64)}. A message with the same id is the same alert.`,
    ],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function targetSections(alert: Alert, limits: EvidenceLimits): readonly (readonly string[])[] {
  return [
    section('What each vantage saw', vantageLines(alert, limits)),
    section('What it means', hintLines(alert)),
    section(...transcriptLines(alert, limits)),
    section('What happened', timelineLines(alert, limits)),
  ];
}

function subjectSections(alert: Alert, limits: EvidenceLimits): readonly (readonly string[])[] {
  const { bounces } = alert;
  const findings = findingsOfAlert(alert);
  if (bounces !== undefined)
    return bounceSections(alert, bounces, limits).map(([title, lines]) => section(title, lines));
  return findings === undefined ? targetSections(alert, limits) : findingSections(alert, findings, limits);
}

function findingSections(alert: Alert, news: PostureNews, limits: EvidenceLimits): readonly (readonly string[])[] {
  return postureSections(alert, news, limits).map(([title, lines]) => section(title, lines));
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}

function reasonLines(alert: Alert, { width }: EvidenceLimits): readonly string[] {
  if (alert.kind === 'test') return [`Sent:     ${safeText(fullTime(alert.at), 40)}`];
  const reason = alert.reason === '' ? [] : [`Decision: ${safeText(alert.reason, width)}`];
  if (findingsOfAlert(alert) !== undefined || alert.bounces !== undefined)
    return [...reason, `Decided:  ${safeText(fullTime(alert.at), 40)}`];
  return [...reason, `Verdict:  ${alert.was} -> ${alert.is}`, `Decided:  ${safeText(fullTime(alert.at), 40)}`];
}

/** Voters in the order of the votes, then witnesses without a vote. */
function vantageLines(alert: Alert, limits: EvidenceLimits): readonly string[] {
  const witnesses = new Map((alert.incident?.witnesses ?? []).map((witness) => [witness.vantage, witness]));
  const voters = new Set(alert.votes.map(({ vantage }) => vantage));
  const voted = alert.votes.map(({ vantage, vote, why }) => ({ vantage, vote, why, witness: witnesses.get(vantage) }));
  const others = [...witnesses.values()]
    .filter(({ vantage }) => !voters.has(vantage))
    .map((witness) => ({ vantage: witness.vantage, vote: 'no vote', why: '', witness }));
  const all = [...voted, ...others];
  const lines = all.slice(0, limits.witnesses).flatMap((row) => vantageLine(row, alert.at, limits));
  const omitted = all.length - limits.witnesses;
  return omitted > 0 ? [...lines, `and ${omitted} more`] : lines;
}

interface Row {
  readonly vantage: string;
  readonly vote: string;
  readonly why: string;
  readonly witness: Witness | undefined;
}

function vantageLine(
  { vantage, vote, why, witness }: Row,
  today: string,
  { width }: EvidenceLimits,
): readonly string[] {
  const head = `${safeText(vantage, 32).padEnd(16)} ${vote.padEnd(8)}`;
  const reason = safeText(why, width);
  if (witness === undefined) return [`${head} ${reason}`.trimEnd()];
  const more = reason === '' || repeatsFailure(reason, witness) ? '' : `; ${reason}`;
  const what = witness.outcome === 'warn' ? 'warned' : 'failed';
  const [first = '', ...rest] = [
    ...wrapped(`${what}${atPhaseText(witness)}`, CELL_WIDTH),
    ...wrapped(`${failureTimes(witness, today)}${more}`, CELL_WIDTH),
    ...evidenceLines(witness, width),
  ];
  return [`${head} ${first}`, ...rest.map((line) => ' '.repeat(INDENT) + line)];
}

/** Columns of the vantage and its vote, and what is left of 72 for the rest. */
const INDENT = 26;
const CELL_WIDTH = 72 - 2 - INDENT;

/** `05:08:00 to 05:09:00 UTC`; with dates where they are of another day. */
function failureTimes({ firstFailure, lastFailure }: Witness, today: string): string {
  const time = (at: string) => safeText(clockTime(at, today, 'seconds'), 40);
  if (firstFailure === lastFailure) return `at ${time(firstFailure)}`;
  return `${time(firstFailure).replace(/ UTC$/, '')} to ${time(lastFailure)}`;
}

/** Lines of this width, broken at spaces. A longer word is a line of its own. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** What was measured, and what the server said. */
function evidenceLines(witness: Witness, width: number): readonly string[] {
  const measured = measurementOf(witness);
  const labels = ['server said: ', ' '.repeat(13)] as const;
  const reply = replyLines(witness.reply, width).map((text, at) => `${labels[at === 0 ? 0 : 1]}${text}`);
  return [...(measured === null ? [] : [`detail:      ${safeText(measured, width)}`]), ...reply];
}

/** Whether the reason of a vote only repeats the failure of the witness. Then it is omitted. */
function repeatsFailure(reason: string, { code }: Witness): boolean {
  return code !== null && reason.includes(code);
}

/** Meaning and hint of each failure code, that of the leading witness first. */
function hintLines(alert: Alert): readonly string[] {
  const codes = [witnessOf(alert), ...(alert.incident?.witnesses ?? [])].map((witness) => witness?.code ?? '');
  return [...new Set(codes)].slice(0, 3).flatMap(hintOf);
}

function hintOf(code: string): readonly string[] {
  const failure = failureTextOf(code);
  return failure === undefined ? [] : [`${code}: ${failure.meaning}`, `${' '.repeat(code.length)}  ${failure.hint}`];
}

function transcriptLines(alert: Alert, { transcript, width }: EvidenceLimits): [string, readonly string[]] {
  const witness = witnessOf(alert);
  if (witness === null || transcript === 0) return ['', []];
  const lines = witness.transcript.slice(-transcript);
  const part =
    lines.length < witness.transcript.length ? `, last ${lines.length} of ${witness.transcript.length} lines` : '';
  return [`Transcript from ${safeText(witness.vantage, 32)}${part}`, lines.map((line) => safeText(line, width))];
}

function timelineLines(alert: Alert, { timeline, width }: EvidenceLimits): readonly string[] {
  const entries = alert.incident?.timeline ?? [];
  return entries
    .slice(-timeline)
    .map(({ at, what }) => `${safeText(clockTime(at, alert.at, 'seconds'), 40)}  ${safeText(what, width)}`);
}

/** Commands to copy, with table and region if the table is on AWS. */
export function alertCommands(alert: Alert, context: AlertContext, hasMore: boolean): readonly string[] {
  const own = ownCommands(alert, context);
  const all = `${LISTING}${tableOptions(context)}`;
  return hasMore && !own.includes(all) ? [...own, all] : own;
}

function tableOptions({ name, home, commandOptions }: AlertContext): string {
  return home === 'local' ? (commandOptions ?? '') : ` --table ${quoted(name)} --region ${quoted(home)}`;
}

function ownCommands(alert: Alert, context: AlertContext): readonly string[] {
  const table = tableOptions(context);
  if (isDrill(alert) && alert.incident?.closed === null) return [`npx smtp-quorum acknowledge ${DRILL}${table}`];
  if (alert.kind === 'undelivered' || alert.kind === 'test') return ['npx smtp-quorum doctor'];
  const open = acknowledgeable(alert);
  const acknowledge = open === null ? [] : [`npx smtp-quorum acknowledge ${quoted(open.target)}${table}`];
  if (alert.kind === 'trip' || alert.kind === 'trip-over')
    return [`npx smtp-quorum roundtrip ${quoted(alert.subject)}`, ...acknowledge];
  if (alert.bounces !== undefined) return [`npx smtp-quorum report --since 1d${table}`, ...acknowledge];
  if (alert.posture !== undefined) return [`npx smtp-quorum posture ${quoted(alert.subject)}`, ...acknowledge];
  const incident = alert.incident === null ? [] : [`npx smtp-quorum incident ${quoted(alert.incident.id)}${table}`];
  const history = ['blind', 'digest'].includes(alert.kind) ? 'status' : `history ${quoted(alert.subject)} --since 2h`;
  return [...incident, `npx smtp-quorum ${history}${table}`, ...acknowledge];
}

/** An argument, quoted for a shell if necessary. */
function quoted(argument: string): string {
  const safe = safeText(argument, 200);
  return /^[\w@:./+-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", "'\\''")}'`;
}
