/** Names as they are seen in what the product writes, sends and synthesises: nothing here knows a name in advance. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '..');

/** A key that stands for many, such as an id: what is written in its place. */
export type Naming = (key: string) => string;

/** Every key in a value, with the keys around it: `a.b[].c`. Sorted. */
export function pathsIn(values: readonly unknown[], naming: Naming = (key) => key): readonly string[] {
  const found = new Set<string>();
  const visit = (value: unknown, path: string): void => {
    if (Array.isArray(value)) for (const each of value) visit(each, `${path}[]`);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        const below = path === '' ? naming(key) : `${path}.${naming(key)}`;
        found.add(below);
        visit(inner, below);
      }
    }
  };
  for (const value of values) visit(value, '');
  return [...found].sort();
}

/** Groups, each with the paths of its members. */
export function pathsBy<Value>(
  values: readonly Value[],
  groupOf: (value: Value) => string,
  naming?: Naming,
): Readonly<Record<string, readonly string[]>> {
  const groups = new Map<string, Value[]>();
  for (const value of values) groups.set(groupOf(value), [...(groups.get(groupOf(value)) ?? []), value]);
  return Object.fromEntries([...groups].sort().map(([group, members]) => [group, pathsIn(members, naming)]));
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly propertyNames?: { readonly enum?: readonly string[] };
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly $ref?: string;
}

/** Every key that a JSON Schema allows, in the form of `pathsIn`. */
export function keysOfSchema(schema: JsonSchema): readonly string[] {
  const found = new Set<string>();
  const visit = (part: JsonSchema, path: string): void => {
    if (part.$ref !== undefined) throw new Error(`a reference to ${part.$ref}: follow it here`);
    const named = (part.propertyNames?.enum ?? []).map((name) => [name, part.additionalProperties ?? {}] as const);
    for (const [key, inner] of [...Object.entries(part.properties ?? {}), ...named]) {
      const below = path === '' ? key : `${path}.${key}`;
      found.add(below);
      if (typeof inner === 'object') visit(inner, below);
    }
    if (part.items !== undefined) visit(part.items, `${path}[]`);
    for (const each of [part.anyOf, part.oneOf, part.allOf]) for (const inner of each ?? []) visit(inner, path);
  };
  visit(schema, '');
  return [...found].sort();
}

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Export?: unknown }>>;
}

/** The templates of the example's stacks, by the name of the stack, as `cdk synth` makes them. Nothing is bundled. */
export function synthesised(): Readonly<Record<string, Template>> {
  const outdir = mkdtempSync(join(tmpdir(), 'smtp-quorum-names-'));
  try {
    const env = {
      ...process.env,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({
        config: join(root, 'examples/smtp-quorum.yaml'),
        'aws:cdk:bundling-stacks': [],
      }),
    };
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'bin/app.js')], { env, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    const manifest = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8'));
    return Object.fromEntries(
      Object.values<Artifact>(manifest.artifacts).flatMap(({ type, properties }) =>
        type === 'aws:cloudformation:stack'
          ? [[properties.stackName, JSON.parse(readFileSync(join(outdir, properties.templateFile), 'utf8'))]]
          : [],
      ),
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

interface Artifact {
  readonly type: string;
  readonly properties: { readonly stackName: string; readonly templateFile: string };
}

/** Properties of the resources of a type, in every template. */
export function propertiesOf(templates: Readonly<Record<string, Template>>, type: string) {
  return Object.values(templates)
    .flatMap(({ Resources }) => Object.values(Resources))
    .filter(({ Type }) => Type === type)
    .map(({ Properties = {} }) => Properties);
}

/** Physical names: they are in scripts of users, and a change of one replaces the resource. */
export function physicalNames({ Resources }: Template): readonly string[] {
  return Object.values(Resources)
    .flatMap(({ Type, Properties = {} }) =>
      Object.entries(Properties)
        .filter(([key, value]) => /^([A-Za-z]*Name)$/.test(key) && typeof value === 'string')
        .map(([key, value]) => `${Type} ${key} ${value}`),
    )
    .filter((line) => !line.includes('MetricName') && !line.startsWith('AWS::IAM::Policy '))
    .sort();
}

/** What matches in the sources of what is shipped. */
export function inSources(pattern: RegExp): readonly string[] {
  const files = ['bin', 'lib', 'local', 'lambda', 'web'].flatMap((folder) => {
    try {
      return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => join(root, folder, file));
    } catch {
      return [];
    }
  });
  return [...new Set(files.flatMap((file) => readFileSync(file, 'utf8').match(pattern) ?? []))].sort();
}

export function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
