import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { tripsPage } from '../../docs/trips.ts';
import { ALTERATIONS } from '../../lambda/trip/alterations/alteration-codes.ts';
import { TRIP_CODES } from '../../lambda/trip/verdict/trip-codes.ts';
import frozen from '../frozen-names.json' with { type: 'json' };

test('docs/trips.md has the tables', () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/trips.md'), 'utf8');
  expect(page, 'run `npx tsx docs/trips.ts`').toBe(tripsPage());
  for (const code of [...Object.keys(TRIP_CODES), ...Object.keys(ALTERATIONS)]) expect(page).toContain(`| \`${code}\``);
});

test('codes are those of the list of names that are stored', () => {
  expect(Object.keys(TRIP_CODES).toSorted()).toEqual(frozen.tripCodes);
  expect(Object.keys(ALTERATIONS).toSorted()).toEqual(frozen.alterationCodes);
});
