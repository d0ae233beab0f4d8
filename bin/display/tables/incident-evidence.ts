import { measurementOf } from '../../../lambda/alert/words/measured-fact.ts';
import { replyText, safeText } from '../../../lambda/alert/words/safe-text.ts';
import { durationText } from '../../../lambda/alert/words/time-text.ts';
import {
  type ChapterEvidence,
  type Incident,
  incidentDuration,
  type Witness,
} from '../../../lambda/consensus/judgement/incident.ts';
import type { IncidentState } from '../../../lambda/reports/source/incidents.ts';
import { failureTextOf } from '../../../lambda/smtp/failures/failure-texts.ts';
import type { Clock } from '../../arguments/clock-and-time-zone.ts';
import { type GridColumn, grid } from '../layout/grid.ts';
import { colourText } from '../layout/outcome-colours.ts';
import { isBounded, type Screen } from '../layout/screen.ts';
import { firstThatFits, widthOf } from '../layout/text-width.ts';
import { rangeText, timesTogether, timeText } from '../layout/times.ts';
import { wrapText } from '../layout/wrap.ts';
import { wrapTranscript } from '../probe/transcript.ts';

/**
 * An incident with the evidence of all its chapters.
 * @param chapters in their order; some in the middle may be missing
 */
export function evidenceLines(
  incident: Incident,
  chapters: readonly ChapterEvidence[],
  current: IncidentState | null,
  clock: Clock,
  screen: Screen,
): readonly string[] {
  const sections = [
    headLines(incident, current, clock, screen),
    timelineLines(incident, clock, screen),
    ...chapters.flatMap((chapter, at) =>
      chapterSections(chapter, chapters[at - 1]?.number ?? 0, chapters, clock, screen),
    ),
    titled('Meaning', meaningLines(chapters, screen), screen),
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines, at) => (at === 0 ? lines : ['', ...lines]));
}

function headLines(incident: Incident, current: IncidentState | null, clock: Clock, screen: Screen): readonly string[] {
  const { paint } = screen;
  const { target, opened, closed, acknowledged } = incident;
  const lasted = durationText(incidentDuration(incident, clock.now));
  const when =
    closed === null
      ? `from ${timeText(opened, clock)} ${current?.flapping ? 'still open, flapping' : 'still open'}`
      : `from ${rangeText(opened, closed, clock)}`;
  const state = `${stateText(incident, current, screen)}  ${paint.bold(safeText(target))}  `;
  const indent = widthOf([state]);
  const [first = '', ...rest] = isBounded(screen)
    ? wrapText(`${when}, ${lasted}`, screen.width - indent)
    : [`${when}, ${lasted}`];
  const head = [state + first, ...rest.map((line) => ' '.repeat(indent) + line)];
  if (acknowledged === undefined) return head;
  return [...head, `      acknowledged by ${safeText(acknowledged.by)} at ${timeText(acknowledged.at, clock)}`];
}

/** An ended incident is not printed in the colour of an open one. */
function stateText(incident: Incident, current: IncidentState | null, { paint }: Screen): string {
  if (incident.closed !== null)
    return `${paint.bold('ENDED')}, was ${colourText(incident.verdict, incident.verdict, paint)}`;
  const { verdict } = current ?? incident;
  return paint.bold(colourText(verdict, verdict.toUpperCase(), paint));
}

function timelineLines({ timeline }: Incident, clock: Clock, screen: Screen): readonly string[] {
  const { common, texts } = timesTogether(
    timeline.map(({ at }) => at),
    clock,
  );
  const lines = timeline.flatMap(({ what }, at) => {
    const time = `${texts[at]}  `;
    if (!isBounded(screen)) return [time + safeText(what)];
    const [first = '', ...rest] = wrapText(safeText(what), screen.width - 2 - time.length);
    return [time + first, ...rest.map((line) => ' '.repeat(time.length) + line)];
  });
  return titled('Timeline', lines, screen, common);
}

/** A single chapter needs no title. */
function chapterSections(
  chapter: ChapterEvidence,
  before: number,
  chapters: readonly ChapterEvidence[],
  clock: Clock,
  screen: Screen,
): readonly (readonly string[])[] {
  const total = chapters.at(-1)?.number ?? 1;
  const omitted = chapter.number - before - 1;
  return [
    omitted > 0 ? [`… ${omitted} ${omitted === 1 ? 'chapter' : 'chapters'} left out`] : [],
    total === 1 ? [] : chapterTitle(chapter, total, clock, screen),
    witnessLines(chapter, clock, screen),
    ...transcriptsOf(chapter).map((transcript) => titledTranscript(transcript, screen)),
  ];
}

function chapterTitle(
  { number, from, to, phase, code }: ChapterEvidence,
  total: number,
  clock: Clock,
  screen: Screen,
): readonly string[] {
  const { paint, width } = screen;
  const failure = [phase, code].map((part) => safeText(part ?? '', 48)).filter((part) => part !== '');
  const what = failure.length === 0 ? 'too few vantages voted' : failure.join(' ');
  const when = to === null ? `from ${timeText(from, clock)}` : rangeText(from, to, clock);
  const title = `Chapter ${number} of ${total}: ${what}`;
  const line = `${paint.bold(title)}${paint.dim(`  ${when}`)}`;
  if (!isBounded(screen) || widthOf([line]) <= width) return [line];
  return [
    ...wrapText(title, width).map(paint.bold),
    ...wrapText(when, width - 2).map((text) => paint.dim(`  ${text}`)),
  ];
}

/** Last failures are recorded at the end of a chapter: the present one has none. */
function witnessLines({ witnesses, to }: ChapterEvidence, clock: Clock, screen: Screen): readonly string[] {
  const isOver = to !== null;
  const { common, texts } = timesTogether(
    witnesses.flatMap(({ firstFailure, lastFailure }) => [firstFailure, lastFailure]),
    clock,
  );
  if (witnesses.length === 0) return [];
  const rows = (isWide: boolean) =>
    witnesses.map((witness, at) =>
      [
        safeText(witness.vantage, 40),
        texts[at * 2] ?? '',
        ...(isOver ? [texts[at * 2 + 1] ?? ''] : []),
        safeText(witness.phase ?? '', 24),
        safeText(witness.code ?? '', 48),
        isWide ? evidenceText(witness) : '',
      ].map((text) => ({ text })),
    );
  const room = { ...screen, width: screen.width - INDENT.length };
  const { lines } = firstThatFits(
    [true, false],
    (isWide, on) => [
      ...grid(isOver ? WITNESS_COLUMNS : PRESENT_COLUMNS, rows(isWide), on),
      ...(isWide ? [] : sharedEvidence(witnesses, room)),
    ],
    room,
  );
  return titled(
    isOver ? 'First and last failure of each vantage' : 'First failure of each vantage',
    lines,
    screen,
    common,
  );
}

const WITNESS_COLUMNS: readonly GridColumn[] = ['VANTAGE', 'FIRST', 'LAST', 'PHASE', 'CODE', 'REPLY OR DETAIL'].map(
  (title) => ({ title }),
);
const PRESENT_COLUMNS = WITNESS_COLUMNS.filter(({ title }) => title !== 'LAST');

/** On a narrow terminal: each reply or detail in whole, once, after its vantages. */
function sharedEvidence(witnesses: readonly Witness[], { width }: Screen): readonly string[] {
  return [...new Set(witnesses.map(evidenceText))].flatMap((text) => {
    if (text === '') return [];
    const alike = witnesses.filter((witness) => evidenceText(witness) === text);
    const [first = '', ...rest] = wrapText(
      `${alike.map(({ vantage }) => safeText(vantage, 40)).join(', ')}: ${text}`,
      width - INDENT.length,
    );
    return [first, ...rest.map((line) => INDENT + line)];
  });
}

/** What was measured, or the reply of the server. */
function evidenceText(witness: Witness): string {
  return safeText(measurementOf(witness) ?? '', 160) || replyText(witness.reply, 160);
}

function meaningLines(chapters: readonly ChapterEvidence[], { paint, width }: Screen): readonly string[] {
  const codes = new Set(
    chapters.flatMap(({ witnesses }) => witnesses).flatMap(({ code }) => (code === null ? [] : [code])),
  );
  return [...codes].flatMap((code) => {
    const known = failureTextOf(code);
    if (known === undefined) return [];
    const text = wrapText(`${known.meaning} ${known.hint}`, width - 6);
    return [paint.bold(code), ...text.map((line) => `  ${line}`)];
  });
}

interface Transcript {
  readonly vantages: readonly string[];
  readonly lines: readonly string[];
}

/** The transcripts of a chapter. Vantages with the same one share it. */
function transcriptsOf({ witnesses }: ChapterEvidence): readonly Transcript[] {
  const byText = new Map<string, Transcript>();
  for (const { vantage, transcript: lines } of witnesses) {
    const before = byText.get(lines.join('\n'));
    byText.set(lines.join('\n'), { vantages: [...(before?.vantages ?? []), vantage], lines });
  }
  return [...byText.values()];
}

function titledTranscript({ vantages, lines }: Transcript, screen: Screen): readonly string[] {
  const names = vantages.map((vantage) => safeText(vantage, 40)).join(', ');
  return titled(`Transcript from ${names}`, wrapTranscript(lines, screen, INDENT.length), screen);
}

const INDENT = '  ';

/** @param common date and zone of the times below */
function titled(title: string, lines: readonly string[], { paint }: Screen, common = ''): readonly string[] {
  const head = paint.bold(title) + paint.dim(common === '' ? '' : `  (${common})`);
  return lines.length === 0 ? [] : [head, ...lines.map((line) => INDENT + line)];
}
