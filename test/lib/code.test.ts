import { expect, test } from 'vitest';
import { handlerNames } from '../../lib/function/bundle.ts';
import { configFor } from '../../lib/function/code.ts';
import { sampleConfig } from './synthesis.ts';

const config = sampleConfig();

test.each(handlerNames)('the config of %s names whom it tells, and nobody else', (handler) => {
  const text = JSON.stringify(configFor(handler, config));
  expect(text.includes('hooks.example.com')).toBe(handler === 'webhook');
  expect(text).not.toMatch(/\+15555550100|ops@example\.com/);
  expect(text).toContain('mx1.example.com');
});

test('each webhook keeps its place', () => {
  expect(configFor('webhook', config).notify[2]).toEqual(config.notify[2]);
});
