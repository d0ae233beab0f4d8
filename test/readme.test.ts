import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseConfig } from '../lambda/config/parse.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const configs = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);

test('is under 200 lines', () => expect(readme.split('\n').length).toBeLessThan(200));

test('shows two configs', () => expect(configs).toHaveLength(2));

test.each(configs)('its config is one that is taken: %#', (text) => {
  const parsed = parseConfig(text, 'README.md', () => '');
  expect(parsed).toMatchObject({ ok: true });
});

test('links to pages that are there', () => {
  const links = [...readme.matchAll(/\]\((docs\/[^)#]+)/g)].map(([, link = '']) => link);
  expect(links.length).toBeGreaterThan(5);
  for (const link of links) expect(() => readFileSync(new URL(`../${link}`, import.meta.url))).not.toThrow();
});
