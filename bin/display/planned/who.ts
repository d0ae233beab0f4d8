/** Who is told of an incident, as a table and as JSON. */
import type { WhoIsTold } from '../../../lambda/alert/routing/who.ts';
import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import { durationText } from '../../../lambda/alert/words/time-text.ts';
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
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
  const { alert, severity, told, begins, clock } = who;
  const wanting = told
    .filter(({ exclusion }) => exclusion === null)
    .sort((a, b) => (a.at ?? Infinity) - (b.at ?? Infinity));
  const others = told.filter(({ exclusion }) => exclusion !== null);
  const [hold = null] = wanting.map((one) => one.hold);
  return [
    `${alert.kind} of ${safeText(alert.subject, 253)} (${severity}), from ${timeText(isoSeconds(begins), clock)}:`,
    ...(hold === null
      ? []
      : [
          `held by the maintenance window ${safeText(hold.what, 63)}${hold.until === null ? '' : ` until ${timeText(hold.until, clock)}`}`,
        ]),
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
    '',
    'Who was told is told of the end, too. An acknowledgement ends the later steps and reminders.',
  ];
}

function toldCells({ entry, at, hold, waitsForHours }: WhoIsTold, who: WhoScreen, { paint }: Screen): readonly Cell[] {
  const { begins, clock, labelOf } = who;
  const isAtOnce = at === begins;
  const reasons = [
    ...(hold === null ? [] : ['if it is still open when the window ends']),
    ...(entry.after === undefined ? [] : [`after ${durationText(entry.after)}, unless acknowledged`]),
    ...(waitsForHours ? ['when its hours begin'] : []),
  ];
  const when = at === null ? 'not in sight' : isAtOnce ? 'at once' : timeText(isoSeconds(at), clock);
  return [
    { text: labelOfEntry(entry, labelOf), paint: paint.bold },
    { text: [when, ...reasons].join(', '), paint: isAtOnce ? paint.green : paint.yellow },
    { text: placeText(entry) },
    { text: entry.repeat === undefined ? '' : `again after ${entry.repeat.map(durationText).join(', ')}` },
  ];
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
export function whoDocument({ entry, exclusion, at, hold, waitsForHours }: WhoIsTold, severity: IncidentSeverity) {
  const { id, receiver, place, after = null, repeat = [] } = entry;
  return {
    ...{ entry: id, place, receiver, severity, at: at === null ? null : isoSeconds(at), not: exclusion },
    ...{
      hold,
      waitsForHours,
      after: after === null ? null : after / 1000,
      repeat: repeat.map((length) => length / 1000),
    },
  };
}
