/** The schema as JSON Schema (draft 2020-12), for editors, the reference and the suggestions. */
import { z } from 'zod';
import { ownValue } from '../../wire/own-value.ts';
import type { ConfigPath } from './config-path.ts';
import { configSchema } from './schema.ts';

/** The part of JSON Schema that zod generates. */
export interface SchemaNode {
  readonly description?: string;
  readonly type?: string;
  readonly pattern?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  /** Of keys that the schema does not name. */
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

/** Keys that the parser ignores, for anchors. */
const EXTENSIONS = { '^x-': { description: 'Ignored: a place for anchors that the rest of the file uses.' } };

let schema: SchemaNode | undefined;

/** Generated once: each mistake of a file needs it. */
export function configJsonSchema(): SchemaNode {
  schema ??= { ...(z.toJSONSchema(configSchema, { io: 'input' }) as SchemaNode), patternProperties: EXTENSIONS };
  return schema;
}

/** The schema of a path, or null if the path does not exist. */
export function nodeAt(schema: SchemaNode, path: ConfigPath): SchemaNode | null {
  let node: SchemaNode | undefined = schema;
  for (const part of path) {
    const options: readonly SchemaNode[] = [node, ...(node.anyOf ?? [])];
    node = typeof part === 'number' ? find(options, (o) => o.items) : find(options, (o) => propertyOf(o, part));
    if (node === undefined) return null;
  }
  return node;
}

/** A key such as `constructor` is on every object, and not in the schema. */
function propertyOf({ properties, additionalProperties }: SchemaNode, key: string): SchemaNode | undefined {
  const named = ownValue(properties ?? {}, key);
  return named ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
}

/** The valid keys of the object at a path. */
export function keysAt(schema: SchemaNode, path: ConfigPath): readonly string[] {
  const node = nodeAt(schema, path);
  return [node, ...(node?.anyOf ?? [])].flatMap((option) => Object.keys(option?.properties ?? {}));
}

function find<T>(options: readonly SchemaNode[], pick: (option: SchemaNode) => T | undefined): T | undefined {
  return options.map(pick).find((value) => value !== undefined);
}
