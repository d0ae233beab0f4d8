/** How well refusals are classified, and how fast: the rules of the probe against the corpus of the tests. */

import { refusalCode } from '../lambda/smtp/replies/refusals.ts';
import { corpus } from '../test/smtp/replies/corpus.ts';
import { type Classified, classify, faultOf, type Measure, measure } from '../test/smtp/replies/measure.ts';

const TIMES = 20;

export async function run(): Promise<void> {
  const replies = classify(corpus());
  print(
    'the part that the rules were written with',
    replies.filter(({ heldOut }) => !heldOut),
  );
  print(
    'the part that was held out of the rules',
    replies.filter(({ heldOut }) => heldOut),
  );
  const began = performance.now();
  for (let i = 0; i < TIMES; i++) for (const { state, reply } of replies) refusalCode(state, reply);
  const each = (performance.now() - began) / (TIMES * replies.length);
  console.log(`\n${(each * 1000).toFixed(0)} microseconds to classify a reply`);
}

function print(what: string, replies: readonly Classified[]): void {
  console.log(`\nOn ${what}: ${replies.length} replies\n`);
  console.log(line('', 'replies', 'precision', 'recall'));
  const [all] = measure(replies);
  if (all !== undefined) console.log(figures('failure code', all));
  for (const one of measure(replies, faultOf))
    console.log(figures(one.name === 'all' ? 'whose fault' : `  ${one.name}`, one));
}

function figures(name: string, { labelled, precision, recall }: Measure): string {
  return line(name, String(labelled), percent(precision), percent(recall));
}

function line(name: string, ...columns: readonly string[]): string {
  return `  ${name.padEnd(14)}${columns.map((column) => column.padStart(11)).join('')}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
