/** The lookups of an SPF record, and the records that it includes: RFC 7208 4.6.4, 5.2. */

import { SPF_LIMITS } from '../../../standards/spf/evaluate.ts';
import { flattenTree, type LookupProblem, type LookupTerm, lookupsOf } from '../../../standards/spf/lookup-tree.ts';
import type { PostureCode } from '../../codes/codes.ts';
import { noAnswer, type PostureFinding, postureFinding } from '../../finding.ts';

export function checkSpfLookups(tree: readonly LookupTerm[], domain: string): readonly PostureFinding[] {
  const evidence = treeLines(tree);
  return [
    ...numberOfLookups(tree, domain, evidence),
    ...brokenIncludes(tree),
    ...voidLookups(tree, domain),
    ...ofKind(tree, ['many-names']).map((one) => ofTerm('spf-too-many-mx', one)),
    ...ofKind(tree, ['no-answer']).map(({ term, problem }) =>
      noAnswer('spf', term.domain, { kind: 'failed', detail: `${term.text}: ${problem.detail}` }),
    ),
  ];
}

/** `include:_spf.example.net  4` with the terms below it indented. */
export function treeLines(tree: readonly LookupTerm[], depth = 0): readonly string[] {
  return tree.flatMap(({ text, lookups, problem, below }) => {
    const note = problem === null ? '' : `  (${problem.detail})`;
    return [`${'  '.repeat(depth)}${text}  ${lookups}${note}`, ...treeLines(below, depth + 1)];
  });
}

function numberOfLookups(tree: readonly LookupTerm[], domain: string, evidence: readonly string[]) {
  const number = lookupsOf(tree);
  const unread = ofKind(tree, ['unread']).length > 0;
  if (number < SPF_LIMITS.lookups) return [];
  const who = tree.map(({ text, lookups }) => `${text} ${lookups}`).join(', ');
  const detail = `${unread ? 'at least ' : ''}${number} lookups, ${SPF_LIMITS.lookups} are allowed: ${who}`;
  const code = number > SPF_LIMITS.lookups ? 'spf-too-many-lookups' : 'spf-lookups-at-limit';
  return [postureFinding(code, 'spf', { subject: domain, detail, evidence })];
}

interface Problem {
  readonly term: LookupTerm;
  readonly problem: LookupProblem;
}

function ofKind(tree: readonly LookupTerm[], kinds: readonly LookupProblem['kind'][]): readonly Problem[] {
  return flattenTree(tree).flatMap((term) => {
    const { problem } = term;
    return problem !== null && kinds.includes(problem.kind) ? [{ term, problem }] : [];
  });
}

function brokenIncludes(tree: readonly LookupTerm[]): readonly PostureFinding[] {
  return ofKind(tree, ['missing', 'several', 'loop', 'syntax']).map((one) => ofTerm('spf-include-broken', one));
}

/** A record may have several such terms: each is a subject of its own. */
function ofTerm(code: PostureCode, { term, problem }: Problem): PostureFinding {
  const subject = `${term.text} of ${term.domain}`;
  return postureFinding(code, 'spf', { subject, detail: `${subject}: ${problem.detail}` });
}

function voidLookups(tree: readonly LookupTerm[], domain: string): readonly PostureFinding[] {
  const voids = ofKind(tree, ['void']);
  if (voids.length === 0) return [];
  const detail = voids.map(({ term, problem }) => `${term.text} of ${term.domain}: ${problem.detail}`).join('; ');
  const code = voids.length > SPF_LIMITS.voidLookups ? 'spf-too-many-void-lookups' : 'spf-void-lookup';
  return [postureFinding(code, 'spf', { subject: domain, detail })];
}
