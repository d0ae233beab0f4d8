/**
 * Checks that the YAML parser does not make: anchors, aliases, and keys that are written twice, which it would look for in a time
 * that grows with the square of the keys. A hundred targets may well share one anchor; what is refused is an alias that has no anchor
 * before it, one within its own anchor, and aliases of aliases that come to more values than any config has.
 */
import { isAlias, isCollection, isMap, isNode, isPair, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { faultOf, SENTENCES, type Sentence, type YamlFault } from './yaml-sentences.ts';

/** Values after every alias was replaced. Ten thousand targets have some 100,000. */
const mostValues = 1_000_000;
/** Levels; the config itself has six. */
const deepest = 200;

/** @param lineOf the line of an offset in the file, from 1 */
export function nodeFaults(contents: unknown, lineOf: (offset: number) => number): readonly YamlFault[] {
  const sizes = new Map<string, number>();
  const open = new Set<string>();
  const anchored = new Map<string, Node>();
  const faults: YamlFault[] = [];
  const fault = (node: Node, sentence: Sentence): number => {
    const [start = 0, end = 1] = node.range ?? [];
    if (faults.length === 0) faults.push(faultOf({ start, end }, sentence));
    return 1;
  };
  sizeOf(contents, 0);
  return faults;

  /** How many values a node comes to. */
  function sizeOf(node: unknown, depth: number): number {
    if (isPair(node)) return sizeOf(node.key, depth) + sizeOf(node.value, depth);
    if (!isNode(node) || faults.length > 0) return 1;
    if (depth > deepest) return fault(node, SENTENCES.TOO_DEEP);
    if (isAlias(node)) return sizeOfAlias(node, node.source);
    const anchor = 'anchor' in node && typeof node.anchor === 'string' ? node.anchor : null;
    if (anchor !== null) {
      open.add(anchor);
      anchored.set(anchor, node);
    }
    let size = 1;
    if (isMap(node)) checkKeys(node);
    if (isCollection(node)) for (const item of node.items) size += sizeOf(item, depth + 1);
    if (size > mostValues) return fault(node, SENTENCES.MANY_ALIASES);
    if (anchor !== null) {
      open.delete(anchor);
      sizes.set(anchor, size);
    }
    return size;
  }

  function checkKeys(map: YAMLMap): void {
    const known = new Map<unknown, number>();
    for (const { key, value } of map.items) {
      if (!isScalar(key)) fault(isNode(key) ? key : map, SENTENCES.KEY_IS_NO_TEXT);
      // The parser has a symbol for a `<<` without quotes.
      else if (typeof key.value === 'symbol') checkMerge(key, value);
      else if (known.has(key.value)) fault(key, writtenTwice(known.get(key.value) ?? 0));
      else known.set(key.value, key.range?.[0] ?? 0);
    }
  }

  function writtenTwice(first: number): Sentence {
    const { message, suggestion } = SENTENCES.DUPLICATE_KEY;
    return { message: `${message}, first in line ${lineOf(first)}`, suggestion };
  }

  /** The parser throws if a merged value is no map, and with some sets (`!!set`), which are maps without values. */
  function checkMerge(key: Node, value: unknown): void {
    const merged = meant(value);
    const sources = isSeq(merged) ? merged.items.map(meant) : [merged];
    if (!sources.every(isMapping)) fault(isNode(value) ? value : key, SENTENCES.MERGE);
  }

  /** The value that an alias stands for; null without an anchor, which is a fault of its own. */
  function meant(node: unknown): unknown {
    return isAlias(node) ? (anchored.get(node.source) ?? null) : node;
  }

  function sizeOfAlias(node: Node, anchor: string): number {
    if (open.has(anchor)) return fault(node, SENTENCES.ALIAS_CYCLE);
    return sizes.get(anchor) ?? fault(node, SENTENCES.NO_ANCHOR);
  }
}

function isMapping(node: unknown): boolean {
  return isMap(node) && node.tag !== 'tag:yaml.org,2002:set';
}
