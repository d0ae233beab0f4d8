import type { Incident } from '../../../lambda/consensus/judgement/incident.ts';

export const minute = 60_000;
export const start = Date.parse('2026-11-01T00:00:00Z');
export const at = (minutes: number) => `${new Date(start + minutes * minute).toISOString().slice(0, 19)}Z`;

/** An incident with changes of verdict as `[minute, verdict]`; closed if the last verdict is `up`. */
export function incidentOf(opened: number, changes: readonly (readonly [number, Incident['verdict']])[]): Incident {
  const [last, verdict] = changes.at(-1) ?? [opened, 'down'];
  return {
    id: `mx1@${at(opened)}`,
    target: 'mx1',
    opened: at(opened),
    closed: verdict === 'up' ? at(last) : null,
    verdict: 'down',
    witnesses: [],
    timeline: [
      ...changes.map(([minutes, to]) => ({ at: at(minutes), what: `${to}: 2 of 3 entitled vantages` })),
      { at: at(opened), what: 'eu-west-1 failed at greeting: greeting-refused' },
    ],
  };
}

export const span = { from: start, to: start + 1000 * minute };
export const watched = { span, watched: [span] };
