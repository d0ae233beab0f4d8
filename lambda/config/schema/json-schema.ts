/** The schema as JSON Schema (draft 2020-12): what editors, the reference and the suggestions read. */
import { z } from 'zod';
import type { ConfigPath } from './config-path.ts';
import { configSchema } from './schema.ts';

/** The part of JSON Schema that zod writes for us. */
export interface SchemaNode {
  readonly description?: string;
  readonly type?: string;
  readonly pattern?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

export function configJsonSchema(): SchemaNode {
  return z.toJSONSchema(configSchema, { io: 'input' }) as SchemaNode;
}

/** What the schema says of a place, or null where it knows no such place. */
export function nodeAt(schema: SchemaNode, path: ConfigPath): SchemaNode | null {
  let node: SchemaNode | undefined = schema;
  for (const part of path) {
    const options: readonly SchemaNode[] = [node, ...(node.anyOf ?? [])];
    node = typeof part === 'number' ? find(options, (o) => o.items) : find(options, (o) => o.properties?.[part]);
    if (node === undefined) return null;
  }
  return node;
}

/** The keys that may stand in the object at a place. */
export function keysAt(schema: SchemaNode, path: ConfigPath): readonly string[] {
  const node = nodeAt(schema, path);
  return [node, ...(node?.anyOf ?? [])].flatMap((option) => Object.keys(option?.properties ?? {}));
}

function find<T>(options: readonly SchemaNode[], pick: (option: SchemaNode) => T | undefined): T | undefined {
  return options.map(pick).find((value) => value !== undefined);
}
