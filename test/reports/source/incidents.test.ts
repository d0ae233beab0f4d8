import { expect, test } from 'vitest';
import { screenOf } from '../../../bin/display/layout/screen.ts';
import { evidenceLines } from '../../../bin/display/tables/incident-evidence.ts';
import { incidentLines } from '../../../bin/display/tables/incident-list.ts';
import type { Incident } from '../../../lambda/consensus/judgement/incident.ts';
import { EMPTY_MEMORY } from '../../../lambda/consensus/judgement/judgement-state.ts';
import type { StoredJudgement } from '../../../lambda/history/history.ts';
import { incidentAsJson, incidentState } from '../../../lambda/reports/source/incidents.ts';
import { tell } from '../../consensus/incident/stories.ts';

const incident: Incident = {
  id: 'mx1@2026-11-22T05:08:00Z',
  target: 'mx1',
  opened: '2026-11-22T05:08:00Z',
  closed: null,
  verdict: 'down',
  witnesses: [],
  timeline: [{ at: '2026-11-22T05:09:00Z', what: 'down: 2 of 3 entitled vantages voted down, quorum 2' }],
};

/** The judgement between two outages of a flapping target. */
const judgement: StoredJudgement = {
  target: 'mx1',
  verdict: 'up',
  since: '2026-11-22T05:30:00Z',
  incident,
  owed: [],
  memory: { ...EMPTY_MEMORY, flapping: true },
  version: 9,
  lease: null,
};

const clock = { now: Date.parse('2026-11-22T05:40:00Z'), utc: true };
const screen = screenOf({}, {});

test('an open incident has the current verdict of its target, and whether it flaps', () => {
  const store = { judgements: [judgement] };
  const current = incidentState(store, incident);
  expect(current).toEqual({ verdict: 'up', flapping: true });
  const [, line] = incidentLines(
    [incident],
    (one) => incidentState(store, one),
    () => null,
    clock,
    screen,
  );
  expect(line).toMatch(/^mx1@\S+ +up, flapping +2026-11-22 05:08:00 UTC +32 min, open/);
  expect(evidenceLines(incident, [], current, clock, screen)[0]).toMatch(/^UP {2}mx1 .* still open, flapping, 32 min$/);
  expect(incidentAsJson(store, incident)).toEqual({ ...incident, current });
});

test.each<[string, Readonly<Record<string, string>>, RegExp]>([
  ['that most vantages have in common', { a: 'ppttt', b: 'ppsss', c: 'ppsss' }, / a, b, c {2}greeting silence$/],
  ['that was first, while too few vantages vote', { a: 'ppsss......', b: 'ppsss......' }, / open {2}greeting silence$/],
])('the list has the failure %s', (_, rows, line) => {
  const { incident: open } = tell(rows).judgement;
  if (open === null) throw new Error('there is no incident');
  expect(
    incidentLines(
      [open],
      () => null,
      () => null,
      clock,
      screen,
    )[1],
  ).toMatch(line);
});

test('an ended incident has no current state', () => {
  const ended = { ...incident, closed: '2026-11-22T05:30:00Z' };
  const store = { judgements: [{ ...judgement, incident: ended }] };
  expect(incidentState(store, ended)).toBeNull();
  expect(incidentAsJson(store, ended)).toBe(ended);
  expect(evidenceLines(ended, [], null, clock, screen)[0]).toMatch(
    /^ENDED, was down {2}mx1 {2}from 2026-11-22 05:08:00 until 05:30:00 UTC, 22 min$/,
  );
});
