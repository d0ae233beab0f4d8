import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { SmtpQuorum } from '../../lib/smtp-quorum.ts';
import { sampleConfig } from './synthesis.ts';

const root = join(import.meta.dirname, '../..');
const app = new App({ context: { 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false });
/** As `bin/app.ts` names it. */
const paths = new SmtpQuorum(app, 'SmtpQuorum', { config: sampleConfig() }).stacks.map(({ node }) => node.path);

const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((file) => `docs/${file}`)].filter((file) =>
  file.endsWith('.md'),
);

/** `npx cdk deploy '*\/Home' --revert-drift`: the stacks that it names. */
function stacksNamed(page: string): readonly string[] {
  const text = readFileSync(join(root, page), 'utf8');
  const commands = [...text.matchAll(/npx cdk (?:deploy|import|destroy|diff) ([^`\n]*)/g)];
  return commands.flatMap(
    ([, words = '']) =>
      words
        .split(/ -c |\s#/)[0]
        ?.split(' ')
        .filter((word) => word !== '' && !word.startsWith('-'))
        .map((word) => word.replaceAll("'", '')) ?? [],
  );
}

/** CDK finds stacks by their construct paths, with globs. */
function matches(glob: string, path: string): boolean {
  const pattern = glob.replace('<vantage>', 'eu-west-1').replaceAll('*', '[^/]*');
  return new RegExp(`^${pattern}$`).test(path);
}

describe.each(pages)('%s', (page) => {
  test('every stack in a command of CDK is there', () => {
    const astray = stacksNamed(page).filter((glob) => !paths.some((path) => matches(glob, path)));
    expect(astray).toEqual([]);
  });
});

test('there are such commands', () => {
  expect(pages.flatMap(stacksNamed).length).toBeGreaterThan(4);
});
