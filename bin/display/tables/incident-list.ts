import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import { durationText } from '../../../lambda/alert/words/time-text.ts';
import { leadingWitness } from '../../../lambda/consensus/incident/leading-witness.ts';
import { type Incident, incidentDuration, type Witness } from '../../../lambda/consensus/judgement/incident.ts';
import type { PlannedSpan } from '../../../lambda/reports/planned/planned-times.ts';
import type { IncidentState } from '../../../lambda/reports/source/incidents.ts';
import type { Clock } from '../../arguments/clock-and-time-zone.ts';
import { type Cell, type GridColumn, grid } from '../layout/grid.ts';
import { colourText } from '../layout/outcome-colours.ts';
import type { Screen } from '../layout/screen.ts';
import { firstThatFits } from '../layout/text-width.ts';
import { timeParts, timeText } from '../layout/times.ts';

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

/**
 * A line per incident.
 * @param stateOf the current state of an open incident
 * @param plannedOf the window or mute in which it opened
 */
export function incidentLines(
  incidents: readonly Incident[],
  stateOf: (incident: Incident) => IncidentState | null,
  plannedOf: (incident: Incident) => Pick<PlannedSpan, 'id'> | null,
  clock: Clock,
  screen: Screen,
): readonly string[] {
  if (incidents.length === 0) return ['no incidents'];
  const linesOf = (layout: Layout, on: Screen) => {
    const zone = layout.opened === 'minute' ? ` (${timeParts(clock.now, clock)?.zone})` : '';
    return grid(
      columnsOf(`OPENED${zone}`, layout),
      incidents.map((incident) => [
        ...incidentCells(incident, stateOf(incident), layout, clock, screen),
        { text: safeText(plannedOf(incident)?.id ?? '', 63) },
      ]),
      on,
    );
  };
  return firstThatFits(LAYOUTS, linesOf, screen).lines;
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
  // While too few vantages vote there is no witness: what failed first is known all the same.
  const failure = leadingWitness(incident) ?? incident.first;
  return [
    { text: safeText(id, 120), paint: paint.bold },
    { text: status, paint: (padded) => (closed === null ? colourText(verdict, padded, paint) : paint.dim(padded)) },
    { text: openedText(opened, layout, clock) },
    { text: lastedText(incident, clock) },
    { text: witnessesText(witnesses, layout) },
    { text: failure === undefined ? '' : failureText(failure, layout) },
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
function failureText({ phase, code }: Pick<Witness, 'phase' | 'code'>, { opened }: Layout): string {
  return (opened === 'none' && code !== null ? [code] : [phase, code])
    .map((part) => safeText(part ?? '', 48))
    .join(' ')
    .trim();
}

function columnsOf(opened: string, { below }: Layout): readonly GridColumn[] {
  const titles = ['INCIDENT', 'VERDICT', opened, 'LASTED'].map((title) => ({ title }));
  return [...titles, ...['SEEN BY', 'FAILURE', 'PLANNED'].map((title) => (below ? { title, below } : { title }))];
}
