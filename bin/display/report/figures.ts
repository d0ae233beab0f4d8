import { durationText } from '../../../lambda/alert/words/time-text.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { PlannedFigures } from '../../../lambda/reports/planned/planned-times.ts';
import { burnText } from '../../../lambda/reports/uptime/burn-text.ts';
import type { Objective, Uptime } from '../../../lambda/reports/uptime/uptime.ts';
import type { Clock } from '../../arguments/clock-and-time-zone.ts';
import { timeParts } from '../layout/times.ts';

/** The columns of a report. Text, Markdown and HTML have the same ones. */
export const TITLES = [
  'Target',
  'Tags',
  'Uptime',
  'Unwatched',
  'Down',
  'Degraded',
  'Outages',
  'To detect',
  'To repair',
  'p50',
  'p95',
  'p99',
  'Objective',
  'Budget left',
  'Burn',
  'Planned',
  'Uptime outside',
  'Worst hours',
] as const;

export type Title = (typeof TITLES)[number];

/** What stands for a figure that nobody knows. */
const NONE = '-';

/** The texts of a target, in the order of `TITLES`. */
export function uptimeFigures(one: ReportedTarget, clock: Clock): readonly string[] {
  const { target, tags, uptime, unwatched, down, degraded, outages, toDetect, toRepair, latency, objective, planned } =
    one;
  const times = [down, degraded].map((length) => (uptime === null ? NONE : lengthText(length)));
  return [
    target,
    tags.join(', '),
    uptimeText(uptime),
    lengthText(unwatched),
    ...times,
    uptime === null ? NONE : String(outages),
    ...[toDetect, toRepair].map((length) => (length === null ? '' : durationText(length))),
    ...(latency?.map((time) => `${millisecondsText(time)} ms`) ?? ['', '', '']),
    objective === null ? '' : `${objective.slo} %`,
    objective === null ? '' : signedText(objective.remaining),
    objective === null ? '' : burnText(objective.burn),
    planned === null ? '' : plannedText(planned),
    planned === null ? '' : uptimeText(planned.uptimeOutside),
    one.worstHours.map(({ from, down: length }) => `${hourText(from, clock)} (${durationText(length)})`).join(', '),
  ];
}

/** The figures of a target with its tags. */
export type ReportedTarget = Uptime & { readonly tags: readonly string[] };

/** `2 h, down 12 min`: how long work was planned, and how much of the downtime was then. */
function plannedText({ up, down, unwatched }: PlannedFigures): string {
  const length = durationText(up + down + unwatched);
  return down === 0 ? length : `${length}, down ${durationText(down)}`;
}

/** `99.950 %`; `-` if the target was not watched. */
export function uptimeText(uptime: number | null): string {
  return uptime === null ? NONE : `${percent(uptime)} %`;
}

/** `11-22 05:00`. The title of the report has the year and the zone. */
function hourText(at: number, clock: Clock): string {
  const { date, time } = timeParts(at, clock) ?? { date: isoSeconds(at).slice(0, 10), time: '' };
  return `${date.slice(5)} ${time.slice(0, 5)}`;
}

/** Rounded down, so that 99.9996 % does not become 100 %. */
export function percent(share: number): string {
  return (Math.floor(share * 1000) / 1000).toFixed(3);
}

/** Two digits: latencies of a report are exact to 2 %. */
export function millisecondsText(time: number): string {
  return time < 10 ? time.toFixed(1) : String(Number(time.toPrecision(2)));
}

/** Percent of the error budget that is used, to a tenth. Above 100 the objective is missed. */
export function burnPercent({ burn }: Objective): number {
  return Math.round(burn * 1000) / 10;
}

export function lengthText(length: number): string {
  return length === 0 ? NONE : durationText(length);
}

function signedText(length: number): string {
  return length < 0 ? `-${durationText(-length)}` : durationText(length);
}
