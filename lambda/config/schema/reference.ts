/** Generates `docs/config.md` and `smtp-quorum.schema.json` from the schema. A test compares both. */

import { regionNames } from './aws-regions.ts';
import { durationPattern } from './duration.ts';
import type { SchemaNode } from './json-schema.ts';

interface Row {
  readonly path: string;
  readonly node: SchemaNode;
  readonly required: boolean;
}

/** Every property of the schema, parents before children, as `targets[].auth.user`. */
export function propertiesOf(schema: SchemaNode, within = ''): readonly Row[] {
  return [schema, ...(schema.anyOf ?? [])].flatMap((option) => [
    ...Object.entries(option.properties ?? {}).flatMap(([name, node]): readonly Row[] => {
      const path = within === '' ? name : `${within}.${name}`;
      return [{ path, node, required: option.required?.includes(name) ?? false }, ...propertiesOf(node, path)];
    }),
    ...(option.items === undefined ? [] : propertiesOf(option.items, `${within}[]`)),
  ]);
}

export function configReference(schema: SchemaNode): string {
  const sections = sectionsOf(propertiesOf(schema));
  return `# The config file

<!-- Generated from lambda/config/schema/schema.ts. Change it there, then run \`npx vitest run test/config -u\`. -->

Put \`smtp-quorum.yaml\` in the folder from which smtp-quorum is started or deployed. [An example](../examples/smtp-quorum.yaml)
has every key. With this first line editors complete and validate the file:

\`\`\`yaml
# yaml-language-server: $schema=./node_modules/smtp-quorum/smtp-quorum.schema.json
\`\`\`

Durations are written as \`500ms\`, \`30s\`, \`1m\`, \`2h\` or \`7d\`. YAML anchors, aliases and merge keys (\`<<\`) are supported.
Keys that begin with \`x-\` at the top level are ignored: they are places for anchors. A message about a mistake never shows the
value of a key for a password, token or webhook. If the file has a problem, the error message has its line, and nothing is started.

${sections.map(([title, rows]) => section(title, rows)).join('\n')}`;
}

function sectionsOf(rows: readonly Row[]): readonly (readonly [string, readonly Row[]])[] {
  const titles = [
    ['Top level', (path: string) => !/[.[]/.test(path) || path.startsWith('quorum')],
    ['`smtp`', (path: string) => path.startsWith('smtp.')],
    ['`notify`', (path: string) => path.startsWith('notify[]')],
    ['`maintenance`', (path: string) => path.startsWith('maintenance[]')],
    ['`targets`', (path: string) => path.startsWith('targets[]') && !path.includes('.expect.')],
    ['`posture` and `listKeys`', (path: string) => /^(?:posture\[\]|listKeys)\./.test(path)],
    ['`bounces`', (path: string) => path.startsWith('bounces.')],
    ['`answers`', (path: string) => path.startsWith('answers.')],
    ['`statusPage`', (path: string) => path.startsWith('statusPage.')],
    ['`expect` of a target', (path: string) => path.startsWith('targets[].expect.')],
    ['`roundTrips`', (path: string) => path.startsWith('roundTrips[]')],
  ] as const;
  return titles.map(([title, belongs]) => [title, rows.filter(({ path }) => belongs(path))] as const);
}

function section(title: string, rows: readonly Row[]): string {
  const lines = new Map(rows.map((row) => [nameOf(row), lineOf(row)]));
  return `## ${title}\n\n| key | value | default | |\n|---|---|---|---|\n${[...lines.values()].join('\n')}\n`;
}

function lineOf(row: Row): string {
  const { node, required } = row;
  return `| \`${nameOf(row)}\` | ${valueText(node)} | ${required ? 'required' : defaultText(node)} | ${cell(node.description ?? '')} |`;
}

/** All phases have the same keys, so they share one line. */
function nameOf({ path }: Row): string {
  const within = path.replace(
    /^(?:targets\[\]\.expect\.|(?:notify|targets|posture|roundTrips|maintenance)\[\]\.|smtp\.|bounces\.|answers\.|statusPage\.)/,
    '',
  );
  return within.replace(/^(latency\.phases|replies)\.\w+\.(\w+)$/, '$1.*.$2');
}

function defaultText({ default: value }: SchemaNode): string {
  return value === undefined ? '' : cell(`\`${typeof value === 'string' ? value : JSON.stringify(value)}\``);
}

function valueText(node: SchemaNode): string {
  if (node.anyOf !== undefined) return [...new Set(node.anyOf.map(valueText))].join(', ');
  if (node.pattern === durationPattern.source) return 'duration';
  if (node.const !== undefined) return `\`${node.const === '' ? '""' : String(node.const)}\``;
  if (node.enum?.includes(regionNames[0])) return 'AWS region, or `local`';
  if (node.enum !== undefined) return node.enum.map((word) => `\`${String(word)}\``).join(', ');
  if (node.type === 'array') return `list of: ${node.items === undefined ? 'anything' : valueText(node.items)}`;
  return typeNames[node.type ?? ''] ?? 'anything';
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: '`true`, `false`',
  object: 'keys',
};

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** JSON in the format of the formatter: lists of words on one line if they fit. */
export function printSchema(schema: SchemaNode): string {
  const text = JSON.stringify(schema, null, 2);
  const lists = /^(.*)\[\n\s+("(?:[^"\\\n]|\\.)*"(?:,\n\s+"(?:[^"\\\n]|\\.)*")*)\n\s*\](,?)$/gm;
  const compact = text.replace(lists, (whole, before: string, words: string, comma: string) => {
    const line = `${before}[${words.replace(/,\n\s+/g, ', ')}]${comma}`;
    return line.length <= 120 ? line : whole;
  });
  return `${compact}\n`;
}
