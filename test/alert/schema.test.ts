import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alertDocumentSchema, alertJsonSchema } from '../../docs/alert-schema.ts';
import { alertTexts } from '../../lambda/alert/words/alert-texts.ts';
import { recordPosture } from '../history/posture/example-posture.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';
import { alert, anyAlert, context } from './alerts.ts';

test('smtp-quorum-alert.schema.json is up to date', () => {
  const file = readFileSync(new URL('../../smtp-quorum-alert.schema.json', import.meta.url), 'utf8');
  expect(file, 'run `npx tsx docs/alert-schema.ts`').toBe(alertJsonSchema());
});

test('it has every key of the document, as required', () => {
  const keys = Object.keys(JSON.parse(alertTexts(alert('down'), context).https));
  expect(JSON.parse(alertJsonSchema()).required.toSorted()).toEqual(keys.toSorted());
});

test('documents of all alerts match it', async () => {
  fc.assert(
    fc.property(anyAlert, (one) => {
      alertDocumentSchema.parse(JSON.parse(alertTexts(one, context).https));
    }),
  );
  const { alerts } = await recordPosture(openInMemoryTable);
  expect(new Set(alerts.map(({ kind }) => kind))).toEqual(new Set(['listed', 'delisted', 'posture', 'posture-over']));
  for (const one of alerts) {
    const document = JSON.parse(alertTexts(one, context).https);
    expect(alertDocumentSchema.parse(document)).toEqual(document);
  }
});

test('it refuses what is no alert', () => {
  const document = JSON.parse(alertTexts(alert('down'), context).https);
  expect(alertDocumentSchema.safeParse({ ...document, kind: 'up' }).success).toBe(false);
  expect(alertDocumentSchema.safeParse({ ...document, posture: {} }).success).toBe(false);
  const { reason: _, ...without } = document;
  expect(alertDocumentSchema.safeParse(without).success).toBe(false);
});
