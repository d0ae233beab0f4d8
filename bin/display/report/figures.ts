import { durationText } from '../../../lambda/alert/words/time-text.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { Objective, Uptime } from '../../../lambda/reports/uptime/uptime.ts';

/** The columns of a report. Text, Markdown and HTML have the same ones. */
export const TITLES = [
  'Target',
  'Uptime',
  'Down',
  'Degraded',
  'Unknown',
  'Not watched',
  'Outages',
  'To detect',
  'To repair',
  'Objective',
  'Budget left',
  'Burn',
  'Worst hours (UTC)',
] as const;

export type Title = (typeof TITLES)[number];

/** The texts of a target, in the order of `TITLES`. */
export function uptimeFigures(one: Uptime): readonly string[] {
  const { target, watched, uptime, down, degraded, unknown, unwatched } = one;
  const { outages, toDetect, toRepair, objective, worstHours } = one;
  if (watched.length === 0) return [target, 'not watched', ...TITLES.slice(2).map(() => '')];
  return [
    target,
    uptime === null ? 'no verdict' : `${percent(uptime)} %`,
    lengthText(down),
    lengthText(degraded),
    lengthText(unknown),
    lengthText(unwatched),
    String(outages),
    toDetect === null ? '' : durationText(toDetect),
    toRepair === null ? '' : durationText(toRepair),
    objective === null ? '' : `${objective.slo} %`,
    objective === null ? '' : signedText(objective.remaining),
    objective === null ? '' : `${burnPercent(objective).toFixed(0)} %`,
    worstHours.map(({ from, down: length }) => `${hourText(from)} (${durationText(length)})`).join(', '),
  ];
}

/** `11-22 05:00`. The title of the report has the year. */
function hourText(at: number): string {
  return isoSeconds(at).slice(5, 16).replace('T', ' ');
}

/** Rounded down, so that 99.9996 % does not become 100 %. */
export function percent(share: number): string {
  return (Math.floor(share * 1000) / 1000).toFixed(3);
}

/** Percent of the error budget that is used, to a tenth. Above 100 the objective is missed. */
export function burnPercent({ burn }: Objective): number {
  return Math.round(burn * 1000) / 10;
}

function lengthText(length: number): string {
  return length === 0 ? '-' : durationText(length);
}

function signedText(length: number): string {
  return length < 0 ? `-${durationText(-length)}` : durationText(length);
}
