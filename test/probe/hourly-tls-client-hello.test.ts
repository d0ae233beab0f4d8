import { expect, test } from 'vitest';
import { isClientHelloTurn } from '../../lambda/probe/hourly-tls-client-hello.ts';

const start = Date.parse('2026-11-22T05:00:00Z');
const roundsOfHour = (every: number) =>
  Array.from({ length: 3_600_000 / every }, (_, n) => new Date(start + n * every).toISOString());

test.each([10_000, 30_000, 60_000, 300_000, 600_000, 3_600_000])(
  'each target has one turn an hour, every %d ms',
  (every) => {
    for (let n = 0; n < 100; n++) {
      const turns = roundsOfHour(every).filter((round) => isClientHelloTurn(`mx${n}`, round, every));
      expect(turns).toHaveLength(1);
    }
  },
);

test('targets have different turns', () => {
  const turn = (id: string) => roundsOfHour(60_000).findIndex((round) => isClientHelloTurn(id, round, 60_000));
  expect(new Set(Array.from({ length: 100 }, (_, n) => turn(`mx${n}`))).size).toBeGreaterThan(30);
});
