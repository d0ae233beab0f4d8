import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import type { SpfExplanation } from '../../../lambda/posture/explain.ts';
import { SPF_LIMITS } from '../../../lambda/standards/spf/evaluate.ts';
import { flattenTree, type LookupTerm, lookupsOf } from '../../../lambda/standards/spf/lookup-tree.ts';
import type { SpfRecord } from '../../../lambda/standards/spf/record.ts';
import { counted } from '../layout/numbers.ts';
import { isBounded, type Screen } from '../layout/screen.ts';
import { clipColumns, columnsOf } from '../layout/text-width.ts';
import { wrapText } from '../layout/wrap.ts';
import { hanging } from './explanation-lines.ts';

/** Columns of the numbers: what a term brings with all terms below it, and the sum up to it. */
const NUMBERS = 14;

/** The terms that cause lookups, each below the record that has it. */
export function spfTreeLines(explained: SpfExplanation, screen: Screen): readonly string[] {
  const { domain, record, tree, failure } = explained;
  if (record === null) {
    return hanging(`SPF  ${domain}  `, failure?.detail ?? 'there is not exactly one SPF record', screen);
  }
  return [
    ...hanging(`SPF  ${domain}  `, summary(tree), screen),
    '',
    screen.paint.dim('brings  total  term'),
    ...below('', domain, record.text, screen),
    ...otherTerms(record.parsed, '', screen),
    ...branchLines(tree, '', { total: 0 }, screen),
    ...evaluationLines(explained, screen),
  ];
}

function summary(tree: readonly LookupTerm[]): string {
  const voids = flattenTree(tree).filter(({ problem }) => problem?.kind === 'void').length;
  const unread = flattenTree(tree).some(({ problem }) => problem?.kind === 'unread');
  const { lookups, voidLookups } = SPF_LIMITS;
  return `${unread ? 'at least ' : ''}${counted(lookupsOf(tree), 'lookup')}, ${lookups} are allowed; ${voids} without records, ${voidLookups} are allowed`;
}

/** The record, wrapped below its domain. */
function below(prefix: string, domain: string, text: string, screen: Screen): readonly string[] {
  return hanging(`${' '.repeat(NUMBERS + 1)}${prefix}${domain}: `, text, screen);
}

/** Terms without lookups are counted by their kind: `3 ip4, 1 all`. */
function otherTerms({ terms }: SpfRecord, prefix: string, screen: Screen): readonly string[] {
  const kinds = terms.map(({ kind }) => kind).filter((kind) => ['ip4', 'ip6', 'all', 'exp', 'other'].includes(kind));
  const counts = [...new Set(kinds)].map((kind) => `${kinds.filter((one) => one === kind).length} ${kind}`);
  if (counts.length === 0) return [];
  const line = `${' '.repeat(NUMBERS + 1)}${prefix}without lookups: ${counts.join(', ')}`;
  return [screen.paint.dim(line)];
}

interface Sum {
  total: number;
}

function branchLines(tree: readonly LookupTerm[], prefix: string, sum: Sum, screen: Screen): readonly string[] {
  return tree.flatMap((term, nth) => termLines(term, prefix, nth === tree.length - 1, sum, screen));
}

function termLines(term: LookupTerm, prefix: string, last: boolean, sum: Sum, screen: Screen): readonly string[] {
  const [own, inner] = connectors(last, screen);
  const total = ++sum.total;
  const numbers = `${String(term.lookups).padStart(6)}  ${String(total).padStart(5)}`;
  const room = screen.width - NUMBERS - 1 - columnsOf(prefix + own);
  const text = safeText(term.text, 300);
  const shown = isBounded(screen) ? clipColumns(text, Math.max(12, room)) : text;
  return [
    ...(total === SPF_LIMITS.lookups + 1 ? [screen.paint.red(LIMIT)] : []),
    `${total > SPF_LIMITS.lookups ? screen.paint.red(numbers) : numbers}  ${prefix}${own}${shown}`,
    ...(term.problem === null ? [] : noteLines(problemText(term.problem), prefix + inner, screen)),
    ...(term.record === null ? [] : otherTerms(term.record, prefix + inner, screen)),
    ...branchLines(term.below, prefix + inner, sum, screen),
  ];
}

const LIMIT = `------ limit of ${SPF_LIMITS.lookups}: receivers that get here use no part of it (permerror)`;

/** Of a term itself, and of the lines below it. */
function connectors(last: boolean, { drawing }: Screen): readonly [string, string] {
  if (drawing) return last ? ['└─ ', '   '] : ['├─ ', '│  '];
  return last ? ['`- ', '   '] : ['|- ', '|  '];
}

function noteLines(note: string, prefix: string, screen: Screen): readonly string[] {
  const from = NUMBERS + 1 + columnsOf(prefix);
  const safe = safeText(note, 300);
  const lines = isBounded(screen) ? wrapText(safe, screen.width - from) : [safe];
  return lines.map((line) => `${' '.repeat(NUMBERS + 1)}${prefix}${screen.paint.yellow(line)}`);
}

function problemText({ kind, detail }: NonNullable<LookupTerm['problem']>): string {
  return kind === 'void' ? `${detail} (void lookup)` : detail;
}

/** Which term lets an address pass, with the terms that lead there. */
function evaluationLines({ evaluations }: SpfExplanation, screen: Screen): readonly string[] {
  if (evaluations.length === 0) return [];
  const lines = evaluations.flatMap(({ address, evaluation: { result, reason, path, counts } }) => {
    const by = path.length > 0 ? `by ${path.join(', then ')}` : reason;
    return hanging(`${address}  ${result}  `, `${by}; ${counted(counts.lookups, 'lookup')} until then`, screen);
  });
  return ['', ...lines];
}
