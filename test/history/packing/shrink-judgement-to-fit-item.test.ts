import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Alert, Incident, Witness } from '../../../lambda/consensus/judgement/incident.ts';
import { EMPTY_MEMORY, type Judgement } from '../../../lambda/consensus/judgement/judgement-state.ts';
import { fitJudgement } from '../../../lambda/history/packing/shrink-judgement-to-fit-item.ts';
import { itemLimit, valueSize } from '../../../lambda/history/table/item-size.ts';
import { alertAt } from '../../alert/delivery/deliveries.ts';

const judgement: Judgement = {
  target: 'mx1',
  verdict: 'down',
  since: '2026-11-22T05:00:00Z',
  incident: null,
  owed: [],
  memory: EMPTY_MEMORY,
};
const countOf = (owed: readonly Alert[]) => owed.reduce((sum, { digest }) => sum + (digest?.count ?? 1), 0);

test('what fits is not changed', () => {
  const owed = Array.from({ length: 20 }, (_, at) => alertAt(at, 'down', 'mx1', at));
  const whole = { ...judgement, owed };
  expect(fitJudgement(whole)).toEqual(whole);
  expect(fitJudgement(whole).owed).toBe(owed);
});

const anyWitness = fc
  .record({
    lines: fc.integer({ min: 0, max: 400 }),
    width: fc.integer({ min: 0, max: 600 }),
    reply: fc.integer({ min: 0, max: 20_000 }),
  })
  .map(
    ({ lines, width, reply }): Witness => ({
      vantage: 'us-east-1',
      firstFailure: '2026-11-22T05:00:00Z',
      lastFailure: '2026-11-22T05:00:00Z',
      phase: 'greeting',
      code: 'greeting-refused',
      reply: 'r'.repeat(reply),
      transcript: Array.from({ length: lines }, () => 'x'.repeat(width)),
    }),
  );
const anyIncident = fc.array(anyWitness, { maxLength: 40 }).map(
  (witnesses): Incident => ({
    id: 'mx1@2026-11-22T05:00:00Z',
    target: 'mx1',
    opened: '2026-11-22T05:00:00Z',
    closed: null,
    verdict: 'down',
    witnesses,
    timeline: [],
  }),
);

test('every judgement fits into one item with its verdict, and its pending alerts are kept or counted', () => {
  fc.assert(
    fc.property(
      anyIncident,
      fc.array(anyIncident, { maxLength: 4 }),
      fc.integer({ min: 0, max: 800 }),
      fc.integer({ min: 0, max: 6000 }),
      (incident, owing, count, facts) => {
        const owed = Array.from({ length: count }, (_, at) => ({
          ...alertAt(at, 'down', 'mx1', at),
          incident: owing[at % Math.max(1, owing.length)] ?? null,
        }));
        const memory = {
          ...EMPTY_MEMORY,
          seen: Array.from({ length: facts }, (_, at) => `2026-11-22T05:00:00Z ${'f'.repeat(60)}=${at}`),
        };
        const fitted = fitJudgement({ ...judgement, incident, owed, memory });
        expect(valueSize(fitted)).toBeLessThan(itemLimit - 1024);
        expect(fitted.owed.length).toBeLessThanOrEqual(20);
        expect(countOf(fitted.owed)).toBe(count);
        expect(fitted.verdict).toBe('down');
        expect(fitted.incident?.id).toBe(incident.id);
        expect(fitJudgement(fitted)).toEqual(fitted);
      },
    ),
    { numRuns: 60 },
  );
});
