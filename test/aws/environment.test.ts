import { afterEach, expect, test, vi } from 'vitest';
import { environmentNames, fromEnvironment, toEnvironment } from '../../lambda/aws/environment.ts';

afterEach(() => vi.unstubAllEnvs());

test('handlers read the variables that constructs write', () => {
  const keys = Object.keys(environmentNames) as (keyof typeof environmentNames)[];
  const written = toEnvironment(Object.fromEntries(keys.map((key) => [key, `the ${key}`])));
  for (const [name, value] of Object.entries(written)) vi.stubEnv(name, value);
  expect(keys.map(fromEnvironment)).toEqual(keys.map((key) => `the ${key}`));
});

test('the error names the missing variable', () => {
  expect(() => fromEnvironment('table')).toThrow('SMTP_QUORUM_TABLE is not set');
});
