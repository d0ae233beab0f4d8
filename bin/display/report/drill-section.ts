/** The section of a report about the last drill. */
import { drillText } from '../../../lambda/alert/drill/drill-alerts.ts';
import type { EndedDrill } from '../../../lambda/consensus/drill/drill.ts';
import type { Clock } from '../../arguments/clock-and-time-zone.ts';
import { timeText } from '../layout/times.ts';

export const DRILL_TITLES = ['Began', 'Result'] as const;

/** A row in the order of `DRILL_TITLES`. */
export function drillFigures(drill: EndedDrill, clock: Clock): readonly string[] {
  return [timeText(drill.opened, clock), drillText(drill)];
}

/** `2026-11-23 10:00:00 +01:00: acknowledged by ops after 42 s; 3 of 3 receivers reached`. */
export function drillLines(clock: Clock): (drill: EndedDrill) => readonly string[] {
  return (drill) => [drillFigures(drill, clock).join(': ')];
}
