import { span } from '../../lambda/alert/span.ts';
import { replyText, shown } from '../../lambda/alert/visible.ts';
import { durationOf, type Incident, type Witness } from '../../lambda/consensus/incident.ts';
import { failureOf } from '../../lambda/smtp/failures.ts';
import type { Present } from '../incident-log.ts';
import { type Cell, type Column, grid } from './grid.ts';
import { coloured } from './outcome.ts';
import type { Screen } from './screen.ts';
import { type Clock, timeText } from './times.ts';
import { transcriptLine } from './transcript.ts';
import { wrapped } from './wrap.ts';

/** A line per incident. @param presentOf how the target of an open one stands */
export function incidentLines(
  incidents: readonly Incident[],
  presentOf: (incident: Incident) => Present | null,
  clock: Clock,
  screen: Screen,
): readonly string[] {
  if (incidents.length === 0) return ['no incidents'];
  const columns = columnsOf('INCIDENT', 'VERDICT', 'OPENED', 'LASTED', 'SEEN BY', 'FAILURE');
  return grid(
    columns,
    incidents.map((incident) => incidentCells(incident, presentOf(incident), clock, screen)),
    screen,
  );
}

function incidentCells(incident: Incident, present: Present | null, clock: Clock, { paint }: Screen): readonly Cell[] {
  const { id, opened, witnesses } = incident;
  const { verdict, flapping } = present ?? { ...incident, flapping: false };
  const [first] = witnesses;
  return [
    { text: shown(id, 120), paint: paint.bold },
    { text: flapping ? `${verdict}, flapping` : verdict, paint: (padded) => coloured(verdict, padded, paint) },
    { text: timeText(opened, clock) },
    { text: lastedText(incident, clock) },
    { text: witnesses.map(({ vantage }) => shown(vantage, 32)).join(', ') },
    { text: first === undefined ? '' : failureText(first) },
  ];
}

function lastedText(incident: Incident, { now }: Clock): string {
  return `${span(durationOf(incident, now))}${incident.closed === null ? ', open' : ''}`;
}

function failureText({ phase, code }: Witness): string {
  return [phase, code]
    .map((part) => shown(part ?? '', 48))
    .join(' ')
    .trim();
}

/** An incident with its evidence. */
export function evidenceLines(
  incident: Incident,
  present: Present | null,
  clock: Clock,
  screen: Screen,
): readonly string[] {
  const sections = [
    headLines(incident, present, clock, screen),
    titled('Timeline', timelineLines(incident, clock), screen),
    titled('What each vantage saw', witnessLines(incident, clock, screen), screen),
    titled('What it means', meaningLines(incident, screen), screen),
    ...incident.witnesses.map((witness) => transcriptLines(witness, screen)),
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines, at) => (at === 0 ? lines : ['', ...lines]));
}

function headLines(incident: Incident, present: Present | null, clock: Clock, { paint }: Screen): readonly string[] {
  const { target, opened, closed, acknowledged } = incident;
  const { verdict, flapping } = present ?? { ...incident, flapping: false };
  const state = paint.bold(coloured(verdict, verdict.toUpperCase(), paint));
  const open = flapping ? 'still open, flapping' : 'still open';
  const until = closed === null ? open : `until ${timeText(closed, clock)}`;
  const lasted = span(durationOf(incident, clock.now));
  const head = `${state}  ${paint.bold(shown(target))}  from ${timeText(opened, clock)} ${until}, ${lasted}`;
  if (acknowledged === undefined) return [head];
  return [head, `      acknowledged by ${shown(acknowledged.by)} at ${timeText(acknowledged.at, clock)}`];
}

function timelineLines({ timeline }: Incident, clock: Clock): readonly string[] {
  return timeline.map(({ at, what }) => `${timeText(at, clock)}  ${shown(what)}`);
}

function witnessLines({ witnesses }: Incident, clock: Clock, screen: Screen): readonly string[] {
  const columns = columnsOf('VANTAGE', 'FIRST FAILURE', 'LAST FAILURE', 'PHASE', 'CODE', 'SERVER SAID');
  const rows = witnesses.map(({ vantage, firstFailure, lastFailure, phase, code, reply }) =>
    [
      shown(vantage, 40),
      timeText(firstFailure, clock),
      timeText(lastFailure, clock),
      shown(phase ?? '', 24),
      shown(code ?? '', 48),
      replyText(reply, 160),
    ].map((text) => ({ text })),
  );
  return rows.length === 0 ? [] : grid(columns, rows, screen);
}

function meaningLines({ witnesses }: Incident, { paint, width }: Screen): readonly string[] {
  const codes = new Set(witnesses.flatMap(({ code }) => (code === null ? [] : [code])));
  return [...codes].flatMap((code) => {
    const known = failureOf(code);
    if (known === undefined) return [];
    const text = wrapped(`${known.meaning} ${known.hint}`, width - 6);
    return [paint.bold(code), ...text.map((line) => `  ${line}`)];
  });
}

function transcriptLines({ vantage, transcript }: Witness, screen: Screen): readonly string[] {
  const lines = transcript.map((line) => transcriptLine(line, screen.paint));
  return titled(`Transcript from ${shown(vantage, 40)}`, lines, screen);
}

function titled(title: string, lines: readonly string[], { paint }: Screen): readonly string[] {
  return lines.length === 0 ? [] : [paint.bold(title), ...lines.map((line) => `  ${line}`)];
}

/** The last one is of words, and gives way where there is no room. */
function columnsOf(...titles: readonly string[]): readonly Column[] {
  return titles.map((title, at) => (at === titles.length - 1 ? { title, shrinks: true } : { title }));
}
