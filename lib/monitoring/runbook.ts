import { readFileSync } from 'node:fs';
import { shippedFile } from '../deployment/shipped-file.ts';

const file = 'docs/runbook.md';

/** CloudWatch takes 1,024 characters as the description of an alarm. */
const MOST = 1000;

/**
 * What the runbook says first under the heading that is an alarm's key, and where to read on. It becomes the alarm's
 * description, so that the mail it sends says what to do.
 * @throws Error if the runbook has no such section: every alarm must name the steps that answer it
 */
export function runbookOf(key: string, text = readFileSync(shippedFile(file), 'utf8')): string {
  const [, section] = text.split(`\n## ${key}\n`);
  const meaning = section?.split('\n## ')[0]?.trim().split('\n\n')[0]?.replaceAll('\n', ' ');
  if (!meaning) throw new Error(`${file} has no section "## ${key}": write what the alarm means before raising it`);
  const where = ` Runbook: ${file}#${key}`;
  return meaning.slice(0, MOST - where.length) + where;
}
