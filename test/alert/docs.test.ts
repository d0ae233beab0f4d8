import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { alertTexts } from '../../lambda/alert/words/alert-texts.ts';
import { tell } from '../consensus/incident/stories.ts';
import { alert, context } from './alerts.ts';

const page = readFileSync(new URL('../../docs/alerts.md', import.meta.url), 'utf8');
const blockOf = (language: string) => page.match(new RegExp(`\`\`\`${language}\n([^]+?)\`\`\``))?.[1];
const { subject, email, sms, https } = alertTexts(alert('down'), context);

test('docs/alerts.md has the JSON that receivers get', () => {
  expect(JSON.parse(blockOf('json') ?? '')).toEqual(JSON.parse(https));
});

test('docs/alerts.md has the e-mail, its subject and the SMS', () => {
  expect(blockOf('text')).toBe(email);
  expect(page).toContain(`\`${subject}\``);
  expect(page).toContain(`> ${sms}`);
});

test.each([
  ['slow', 'ppww'],
  ['an expiring certificate', 'ppee'],
  ['a wrong name', 'ppnn'],
])('docs/alerts.md has the first line of an alert with a measurement: %s', (_, row) => {
  const [told] = tell({ a: row, b: row, c: row }).judgement.owed;
  if (told === undefined) throw new Error('no alert');
  expect(page).toContain(`> ${alertTexts(told, context).default}\n`);
});

test('docs/alerts.md explains every key of the document', () => {
  for (const key of Object.keys(JSON.parse(https))) expect(page).toContain(`\`${key}\``);
});
