/** The first failure of an outage: when it was, and what. */
import type { Incident } from '../../consensus/judgement/incident.ts';

/** `eu-west-1 failed at greeting: greeting-refused`, as a timeline has it. */
const FAILURE_LINE = / failed at (.+): (\S+)$/;

/** Phase and code; null where they are not known. */
export function firstFailure({ first, timeline, witnesses }: Incident): NonNullable<Incident['first']> {
  if (first !== undefined) return first;
  // Version 0.1 stored the last failure of each vantage. The timeline keeps its first lines.
  const [, phase, code] = timeline.map(({ what }) => FAILURE_LINE.exec(what)).find((found) => found !== null) ?? [];
  if (phase !== undefined && code !== undefined) return { phase, code };
  return { phase: witnesses[0]?.phase ?? null, code: witnesses[0]?.code ?? null };
}

/** `greeting greeting-refused`; empty if they are not known. */
export function firstFailureText(incident: Incident): string {
  const { phase, code } = firstFailure(incident);
  return [phase, code].filter(Boolean).join(' ');
}

/**
 * The first failure that led to the first verdict `down`, epoch milliseconds. An incident may begin as degraded, long before.
 */
export function outageStart({ opened, timeline }: Incident): number {
  const down = timeline.find(({ what }) => what.startsWith('down: '));
  return Date.parse(down?.since ?? opened);
}
