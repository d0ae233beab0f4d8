import { describe, expect, test } from 'vitest';
import { configJsonSchema } from '../../../lambda/config/schema/json-schema.ts';
import { configReference, printSchema, propertiesOf } from '../../../lambda/config/schema/reference.ts';

const schema = configJsonSchema();

describe('generated files are up to date (`npx vitest run test/config -u` generates them)', () => {
  test('docs/config.md', async () => {
    await expect(configReference(schema)).toMatchFileSnapshot('../../../docs/config.md');
  });

  test('smtp-quorum.schema.json', async () => {
    await expect(printSchema(schema)).toMatchFileSnapshot('../../../smtp-quorum.schema.json');
    expect(JSON.parse(printSchema(schema))).toEqual(schema);
  });
});

test('every property is described', () => {
  const rows = propertiesOf(schema);
  expect(rows.length).toBeGreaterThan(60);
  expect(rows.filter(({ node }) => node.description === undefined).map(({ path }) => path)).toEqual([]);
});
