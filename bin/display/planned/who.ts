/** Who is told of an incident, as a table and as JSON. */
import type { WhoIsTold } from '../../../lambda/alert/routing/who.ts';
import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import { durationText } from '../../../lambda/alert/words/time-text.ts';
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { Hold } from '../../../lambda/consensus/news/again.ts';
import type { IncidentSeverity } from '../../../lambda/consensus/notification/severity.ts';
import type { Clock } from '../../arguments/clock-and-time-zone.ts';
import { type Cell, type GridColumn, grid } from '../layout/grid.ts';
import type { Screen } from '../layout/screen.ts';
import { timeText } from '../layout/times.ts';

export interface WhoScreen {
  readonly alert: Alert;
  readonly severity: IncidentSeverity;
  readonly told: readonly WhoIsTold[];
  readonly begins: number;
  /** Targets that hold its alerts while they are down. */
  readonly behind: readonly string[];
  labelOf(receiver: string): string;
  readonly clock: Clock;
}

const TOLD: readonly GridColumn[] = [
  { title: 'TOLD', shrinks: true },
  { title: 'WHEN' },
  { title: 'BY', below: true },
  { title: 'THEN', below: true },
];
const NOT_TOLD: readonly GridColumn[] = [
  { title: 'NOT TOLD', shrinks: true },
  { title: 'BY' },
  { title: 'WHY', below: true },
];

export function whoLines(who: WhoScreen, screen: Screen): readonly string[] {
  const { alert, severity, told, begins, behind, clock } = who;
  const wanting = told
    .filter(({ exclusion }) => exclusion === null)
    .sort((a, b) => (a.at ?? Infinity) - (b.at ?? Infinity));
  const others = told.filter(({ exclusion }) => exclusion !== null);
  const [holds = []] = wanting.map((one) => one.holds);
  return [
    `${alert.kind} of ${safeText(alert.subject, 253)} (${severity}), from ${timeText(isoSeconds(begins), clock)}:`,
    ...holds.map(({ what, until }) => {
      return `held by the maintenance window ${safeText(what, 63)}${until === null ? '' : ` until ${timeText(until, clock)}`}`;
    }),
    ...(behind.length === 0 ? [] : [`held while ${behind.join(' or ')} is down, and told when it is up again`]),
    '',
    ...(wanting.length === 0
      ? ['nobody is told']
      : grid(
          TOLD,
          wanting.map((one) => toldCells(one, who, screen)),
          screen,
        )),
    ...(others.length === 0
      ? []
      : [
          '',
          ...grid(
            NOT_TOLD,
            others.map((one) => otherCells(one, who, screen)),
            screen,
          ),
        ]),
    ...(hasIncident(alert)
      ? ['', 'Who was told is told of the end, too. An acknowledgement ends the later steps and reminders.']
      : []),
  ];
}

/** A changed fact and a blind vantage have none: nothing is reminded of, acknowledged or over. */
function hasIncident({ kind }: Pick<Alert, 'kind'>): boolean {
  return kind !== 'changed' && kind !== 'blind';
}

/** The reminders of an entry, for this alert. */
function remindersOf({ repeat = [] }: WhoIsTold['entry'], alert: Pick<Alert, 'kind'>): readonly number[] {
  return hasIncident(alert) ? repeat : [];
}

function toldCells(
  { entry, at, holds, laterHolds, waitsForHours }: WhoIsTold,
  who: WhoScreen,
  { paint }: Screen,
): readonly Cell[] {
  const { alert, begins, clock, labelOf } = who;
  const isAtOnce = at === begins;
  const reasons = [
    ...(holds.length === 0 ? [] : ['if it is still open when the window ends']),
    ...(entry.after === undefined
      ? []
      : [`after ${durationText(entry.after)}${hasIncident(alert) ? ', unless acknowledged' : ''}`]),
    ...(waitsForHours && at !== null ? ['when its hours begin'] : []),
    ...(laterHolds.length === 0 ? [] : [laterHoldText(laterHolds, at)]),
  ];
  const reminders = remindersOf(entry, alert);
  const when = at === null ? 'not in sight' : isAtOnce ? 'at once' : timeText(isoSeconds(at), clock);
  return [
    { text: labelOfEntry(entry, labelOf), paint: paint.bold },
    { text: [when, ...reasons].join(', '), paint: isAtOnce ? paint.green : paint.yellow },
    { text: placeText(entry) },
    { text: reminders.length === 0 ? '' : `again after ${reminders.map(durationText).join(', ')}` },
  ];
}

/** It may be held each time that it is due. */
function laterHoldText(holds: readonly Hold[], at: number | null): string {
  const names = [...new Set(holds.map(({ what }) => safeText(what, 63)))].join(', ');
  return at === null ? `held each time by ${names}` : `when ${names} ends`;
}

function otherCells(
  { entry, exclusion }: WhoIsTold,
  { alert, severity, labelOf }: WhoScreen,
  { paint }: Screen,
): readonly Cell[] {
  return [
    { text: labelOfEntry(entry, labelOf), paint: paint.dim },
    { text: placeText(entry) },
    { text: exclusionText(entry, exclusion, alert, severity) },
  ];
}

function exclusionText(
  { when, severity: wanted = [], targets = [], tags = [] }: WhoIsTold['entry'],
  exclusion: WhoIsTold['exclusion'],
  alert: Alert,
  severity: IncidentSeverity,
): string {
  switch (exclusion) {
    case 'when':
      return `\`when\` has ${when.join(', ')}, not ${alert.kind}`;
    case 'severity':
      return `\`severity\` has ${wanted.join(', ')}; this is ${severity}`;
    case 'targets': {
      const names = [...targets, ...tags.map((tag) => `tag ${tag}`)].join(', ');
      return `it names ${safeText(names, 120)}`;
    }
    case null:
      return '';
    default:
      return exclusion satisfies never;
  }
}

function labelOfEntry({ receiver }: WhoIsTold['entry'], labelOf: WhoScreen['labelOf']): string {
  if (receiver === 'topic') return 'other subscribers of the topic';
  return safeText(receiver === 'terminal' ? 'the terminal of start' : labelOf(receiver), 120);
}

function placeText({ place, id, receiver }: WhoIsTold['entry']): string {
  if (place === null) return '';
  return id.startsWith(receiver) ? `notify[${place}]` : `notify[${place}] ${id}`;
}

/** Times are ISO 8601 UTC. */
export function whoDocument(
  { entry, exclusion, at, holds, laterHolds, waitsForHours }: WhoIsTold,
  { alert, severity }: Pick<WhoScreen, 'alert' | 'severity'>,
) {
  const { id, receiver, place, after = null } = entry;
  return {
    ...{ entry: id, place, receiver, severity, at: at === null ? null : isoSeconds(at), not: exclusion },
    ...{
      hold: holds[0] ?? laterHolds[0] ?? null,
      waitsForHours,
      after: after === null ? null : after / 1000,
      repeat: remindersOf(entry, alert).map((length) => length / 1000),
    },
  };
}
