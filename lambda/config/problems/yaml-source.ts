import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { type ConfigPath, formatPath } from '../schema/config-path.ts';
import { MASK, maskPath, secretMask } from './mask-secrets.ts';
import type { ConfigFault, Problem } from './problem.ts';
import { nodeFaults } from './yaml-aliases-and-duplicate-keys.ts';
import { faultOf, SENTENCES, type YamlFault } from './yaml-sentences.ts';
import { yamlFault } from './yaml-words.ts';

/** A YAML file as read: its values, and where each of them stands. */
export interface YamlSource {
  readonly value: unknown;
  /** Mistakes of YAML itself; where there are any, `value` is not to be trusted. */
  readonly problems: readonly Problem[];
  locate(fault: ConfigFault): Problem;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

export function readYamlSource(text: string, file: string): YamlSource {
  const lines = new LineCounter();
  const written = text.split(/\r?\n/);
  const document = parsed(text, lines);
  const hidden = secretMask(written, document?.contents, (offset) => lines.linePos(offset));
  const at = (span: Span, message: string, path: ConfigPath, suggestion: string | null): Problem => {
    const { line, col } = lines.linePos(span.start);
    const secret = hidden(line);
    const whole = written[line - 1] ?? '';
    const excerpt = secret === null ? whole : whole.slice(0, secret) + MASK;
    const isHidden = secret !== null && col - 1 >= secret;
    const width = isHidden ? MASK.length : Math.max(1, Math.min(span.end - span.start, excerpt.length - col + 1));
    const column = isHidden ? secret + 1 : col;
    return { file, path: formatPath(maskPath(path)), line, column, width, excerpt, message, suggestion };
  };
  const unread = (faults: readonly YamlFault[]): YamlSource => ({
    value: null,
    problems: onePerLine(faults.map(({ span, message, suggestion }) => at(span, message, [], suggestion ?? null))),
    locate: ({ message, path, suggestion }) => at({ start: 0, end: 1 }, message, path, suggestion ?? null),
  });
  if (document === null) return unread([faultOf({ start: 0, end: 1 }, SENTENCES.TOO_DEEP)]);
  // Of a value whose tag is not known, the parser only warns.
  const tags = document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED' || code === 'BAD_COLLECTION_TYPE');
  const invalid = [...document.errors, ...tags]
    .slice(0, mostErrors)
    .map(({ code, message, pos: [start, end] }) => ({ code, message, start, end }))
    // Of several mistakes in one place the first is the cause of the others.
    .filter(({ start }, at, all) => all.findIndex((other) => other.start === start) === at)
    .map((mistake) => yamlFault(mistake, text));
  const faults = invalid.length > 0 ? invalid : nodeFaults(document.contents, (offset) => lines.linePos(offset).line);
  if (faults.length > 0) return unread(faults);
  return {
    // How often anchors are used is bounded above, by what comes of it.
    value: document.toJS({ maxAliasCount: -1 }),
    problems: [],
    locate: (fault) => at(spanOf(document, fault), fault.message, fault.path, fault.suggestion ?? null),
  };
}

/** Errors of the parser that are looked at, and mistakes of YAML that are told: one alone may bring about thousands. */
const mostErrors = 200;
const mostFaults = 20;

/** Of several mistakes in a line the first is the cause of the others. */
function onePerLine(problems: readonly Problem[]): readonly Problem[] {
  const first = new Map<number, Problem>();
  for (const problem of problems) if (!first.has(problem.line)) first.set(problem.line, problem);
  return [...first.values()].slice(0, mostFaults);
}

/** Null where the nesting is deeper than the stack. */
function parsed(text: string, lines: LineCounter): Document | null {
  try {
    return parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false, uniqueKeys: false });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The place of a path: of its key or value, or of the nearest thing around it that was written. */
function spanOf(document: Document, { path, at }: ConfigFault): Span {
  let node: unknown = document.contents;
  let span = spanOfNode(node) ?? { start: 0, end: 1 };
  for (const [depth, part] of path.entries()) {
    const found = enter(document, node, part);
    if (found === null) return { start: span.start, end: span.start + 1 };
    const wantsKey = depth === path.length - 1 && at === 'key';
    span = (wantsKey ? spanOfNode(found.key) : null) ?? spanOfNode(found.value) ?? spanOfNode(found.key) ?? span;
    node = found.value;
  }
  return span;
}

function enter(document: Document, node: unknown, part: string | number): { key: unknown; value: unknown } | null {
  const real = isAlias(node) ? node.resolve(document) : node;
  if (isSeq(real) && typeof part === 'number') return { key: null, value: real.items[part] };
  if (!isMap(real)) return null;
  const own = pairOf(real, part);
  if (own !== null) return { key: own.key, value: own.value };
  const merged = pairOf(real, '<<');
  return merged === null ? null : enter(document, merged.value, part);
}

function pairOf(map: YAMLMap, key: string | number): Pair | null {
  return map.items.find((pair) => String(pair.key) === String(key)) ?? null;
}

/** Blocks that span lines are pointed at by their first line; `Problem.width` is cut to it. */
function spanOfNode(node: unknown): Span | null {
  if (!isNode(node) || !node.range) return null;
  return { start: node.range[0], end: node.range[1] };
}
