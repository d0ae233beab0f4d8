/**
 * Checks that the YAML parser does not make: anchors, aliases, and keys that are written twice, which it would look for in a time
 * that grows with the square of the keys. A hundred targets may well share one anchor; what is refused is an alias that has no anchor
 * before it, one within its own anchor, and aliases of aliases that come to more values than any config has.
 */
import { isAlias, isCollection, isMap, isNode, isPair, isScalar, type Node, type YAMLMap } from 'yaml';

export interface YamlFault {
  readonly span: { readonly start: number; readonly end: number };
  readonly message: string;
  readonly suggestion?: string | null;
}

/** Values after every alias was replaced. Ten thousand targets have some 100,000. */
const mostValues = 1_000_000;
/** Levels; the config itself has six. */
const deepest = 200;

export function nodeFaults(contents: unknown): readonly YamlFault[] {
  const sizes = new Map<string, number>();
  const open = new Set<string>();
  const faults: YamlFault[] = [];
  const fault = (node: Node, message: string): number => {
    const [start = 0, end = 1] = node.range ?? [];
    if (faults.length === 0) faults.push({ span: { start, end }, message: `not valid YAML: ${message}` });
    return 1;
  };
  sizeOf(contents, 0);
  return faults;

  /** How many values a node comes to. */
  function sizeOf(node: unknown, depth: number): number {
    if (isPair(node)) return sizeOf(node.key, depth) + sizeOf(node.value, depth);
    if (!isNode(node) || faults.length > 0) return 1;
    if (depth > deepest) return fault(node, `nested deeper than ${deepest} levels`);
    if (isAlias(node)) return sizeOfAlias(node, node.source);
    const anchor = 'anchor' in node && typeof node.anchor === 'string' ? node.anchor : null;
    if (anchor !== null) open.add(anchor);
    let size = 1;
    if (isMap(node)) checkKeys(node);
    if (isCollection(node)) for (const item of node.items) size += sizeOf(item, depth + 1);
    if (size > mostValues) return fault(node, `its aliases stand for more than ${mostValues} values`);
    if (anchor !== null) {
      open.delete(anchor);
      sizes.set(anchor, size);
    }
    return size;
  }

  function checkKeys(map: YAMLMap): void {
    const known = new Set<unknown>();
    for (const { key } of map.items) {
      if (!isScalar(key) || key.value === '<<') continue;
      if (known.has(key.value)) fault(key, 'Map keys must be unique');
      known.add(key.value);
    }
  }

  function sizeOfAlias(node: Node, anchor: string): number {
    if (open.has(anchor)) return fault(node, `the alias *${anchor} is within its own anchor`);
    return sizes.get(anchor) ?? fault(node, `no anchor &${anchor} stands before the alias *${anchor}`);
  }
}
