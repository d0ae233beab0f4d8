import { replyText, safeText } from '../../../lambda/alert/words/safe-text.ts';
import { durationText } from '../../../lambda/alert/words/time-text.ts';
import { type Incident, incidentDuration, type Witness } from '../../../lambda/consensus/judgement/incident.ts';
import type { IncidentState } from '../../../lambda/reports/source/incidents.ts';
import { failureTextOf } from '../../../lambda/smtp/failures/failure-texts.ts';
import type { Clock } from '../../arguments/clock.ts';
import { firstThatFits, widthOf } from '../layout/fit-width.ts';
import { type Cell, type GridColumn, grid } from '../layout/grid.ts';
import { colourText } from '../layout/outcome-colours.ts';
import { isBounded, type Screen } from '../layout/screen.ts';
import { rangeText, timeParts, timesTogether, timeText } from '../layout/times.ts';
import { wrapText } from '../layout/wrap.ts';
import { transcriptLine } from '../probe/transcript.ts';

/** A layout of the line of an incident. */
interface Layout {
  readonly opened: 'zone' | 'minute' | 'none';
  readonly seenBy: 'names' | 'count';
  /** Who saw it, and the failure, below the line. */
  readonly below?: true;
}

/** From the widest to the narrowest. The id of an incident contains the time when it opened, in UTC. */
const LAYOUTS: readonly Layout[] = [
  { opened: 'zone', seenBy: 'names' },
  { opened: 'minute', seenBy: 'names' },
  { opened: 'minute', seenBy: 'count' },
  { opened: 'none', seenBy: 'count' },
  { opened: 'none', seenBy: 'names', below: true },
];

/** A line per incident. @param stateOf the current state of an open incident */
export function incidentLines(
  incidents: readonly Incident[],
  stateOf: (incident: Incident) => IncidentState | null,
  clock: Clock,
  screen: Screen,
): readonly string[] {
  if (incidents.length === 0) return ['no incidents'];
  const linesOf = (layout: Layout, on: Screen) => {
    const zone = layout.opened === 'minute' ? ` (${timeParts(clock.now, clock)?.zone})` : '';
    return grid(
      incidentColumns(`OPENED${zone}`, layout),
      incidents.map((incident) => incidentCells(incident, stateOf(incident), layout, clock, screen)),
      on,
    );
  };
  return firstThatFits(LAYOUTS, linesOf, screen).lines;
}

function incidentColumns(opened: string, { below }: Layout): readonly GridColumn[] {
  const titles = ['INCIDENT', 'VERDICT', opened, 'LASTED'].map((title) => ({ title }));
  return [...titles, ...['SEEN BY', 'FAILURE'].map((title) => (below ? { title, below } : { title }))];
}

function incidentCells(
  incident: Incident,
  current: IncidentState | null,
  layout: Layout,
  clock: Clock,
  { paint }: Screen,
): readonly Cell[] {
  const { id, opened, closed, witnesses } = incident;
  const { verdict, flapping } = current ?? { ...incident, flapping: false };
  const status = flapping ? `${verdict}, flapping` : verdict;
  const [first] = witnesses;
  return [
    { text: safeText(id, 120), paint: paint.bold },
    { text: status, paint: (padded) => (closed === null ? colourText(verdict, padded, paint) : paint.dim(padded)) },
    { text: openedText(opened, layout, clock) },
    { text: lastedText(incident, clock) },
    { text: witnessesText(witnesses, layout) },
    { text: first === undefined ? '' : failureText(first, layout) },
  ];
}

function openedText(at: string, { opened }: Layout, clock: Clock): string {
  if (opened === 'none') return '';
  const parts = timeParts(at, clock);
  return opened === 'zone' || parts === null ? timeText(at, clock) : `${parts.date} ${parts.time.slice(0, 5)}`;
}

function witnessesText(witnesses: readonly Witness[], { seenBy }: Layout): string {
  if (seenBy === 'names') return witnesses.map(({ vantage }) => safeText(vantage, 32)).join(', ');
  return witnesses.length === 0 ? '' : `${witnesses.length} ${witnesses.length === 1 ? 'vantage' : 'vantages'}`;
}

function lastedText(incident: Incident, { now }: Clock): string {
  return `${durationText(incidentDuration(incident, now))}${incident.closed === null ? ', open' : ''}`;
}

/** Most codes start with the name of their phase, so a narrow layout prints the code only. */
function failureText({ phase, code }: Witness, { opened }: Layout): string {
  return (opened === 'none' && code !== null ? [code] : [phase, code])
    .map((part) => safeText(part ?? '', 48))
    .join(' ')
    .trim();
}

/** An incident with its evidence. */
export function evidenceLines(
  incident: Incident,
  current: IncidentState | null,
  clock: Clock,
  screen: Screen,
): readonly string[] {
  const sections = [
    headLines(incident, current, clock, screen),
    timelineLines(incident, clock, screen),
    witnessLines(incident, clock, screen),
    titled('Meaning', meaningLines(incident, screen), screen),
    ...incident.witnesses.map((witness) => transcriptLines(witness, screen)),
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
  const [first = '', ...rest] = wrapText(`${when}, ${lasted}`, screen.width - widthOf([state]));
  const head = [state + first, ...rest.map((line) => ' '.repeat(widthOf([state])) + line)];
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

function witnessLines({ witnesses }: Incident, clock: Clock, screen: Screen): readonly string[] {
  const { common, texts } = timesTogether(
    witnesses.flatMap(({ firstFailure, lastFailure }) => [firstFailure, lastFailure]),
    clock,
  );
  const columns = columnsOf('VANTAGE', 'FIRST', 'LAST', 'PHASE', 'CODE', 'REPLY');
  const rows = witnesses.map(({ vantage, phase, code, reply }, at) =>
    [
      safeText(vantage, 40),
      texts[at * 2] ?? '',
      texts[at * 2 + 1] ?? '',
      safeText(phase ?? '', 24),
      safeText(code ?? '', 48),
      replyText(reply, 160),
    ].map((text) => ({ text })),
  );
  const lines = rows.length === 0 ? [] : grid(columns, rows, { ...screen, width: screen.width - INDENT.length });
  return titled('First and last failure of each vantage', lines, screen, common);
}

function meaningLines({ witnesses }: Incident, { paint, width }: Screen): readonly string[] {
  const codes = new Set(witnesses.flatMap(({ code }) => (code === null ? [] : [code])));
  return [...codes].flatMap((code) => {
    const known = failureTextOf(code);
    if (known === undefined) return [];
    const text = wrapText(`${known.meaning} ${known.hint}`, width - 6);
    return [paint.bold(code), ...text.map((line) => `  ${line}`)];
  });
}

function transcriptLines({ vantage, transcript }: Witness, screen: Screen): readonly string[] {
  const lines = transcript.map((line) => transcriptLine(line, screen.paint));
  return titled(`Transcript from ${safeText(vantage, 40)}`, lines, screen);
}

const INDENT = '  ';

/** @param common date and zone of the times below */
function titled(title: string, lines: readonly string[], { paint }: Screen, common = ''): readonly string[] {
  const head = paint.bold(title) + paint.dim(common === '' ? '' : `  (${common})`);
  return lines.length === 0 ? [] : [head, ...lines.map((line) => INDENT + line)];
}

/** The last column contains words, and wraps on a narrow terminal. */
function columnsOf(...titles: readonly string[]): readonly GridColumn[] {
  return titles.map((title, at) => (at === titles.length - 1 ? { title, wraps: true } : { title }));
}
