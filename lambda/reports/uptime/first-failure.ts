/** The first failure of an outage: when it was, and what. */
import type { Incident } from '../../consensus/judgement/incident.ts';

/** `eu-west-1 failed at greeting: greeting-refused`, as a timeline has it. */
const FAILURE_LINE = / failed at (.+): (\S+)$/;

/** Phase and code, `greeting greeting-refused`; empty if they are not known. */
export function firstFailureText({ first, timeline, witnesses }: Incident): string {
  if (first !== undefined) return [first.phase, first.code].filter(Boolean).join(' ');
  // Version 0.1 stored the last failure of each vantage. The timeline keeps its first lines.
  const line = timeline.map(({ what }) => FAILURE_LINE.exec(what)).find((found) => found !== null);
  if (line != null) return `${line[1]} ${line[2]}`;
  return [witnesses[0]?.phase, witnesses[0]?.code].filter(Boolean).join(' ');
}

/**
 * The first failure that led to the first verdict `down`, epoch milliseconds. An incident may begin as degraded, long before.
 */
export function outageStart({ opened, timeline }: Incident): number {
  const down = timeline.find(({ what }) => what.startsWith('down: '));
  return Date.parse(down?.since ?? opened);
}
