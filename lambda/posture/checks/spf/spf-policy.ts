/** What an SPF record allows: RFC 7208 5.1, 5.5, 8.2, 11.4. */

import { isModifier } from '../../../standards/spf/evaluate.ts';
import { effectiveTerms, flattenTree, type LookupTerm } from '../../../standards/spf/lookup-tree.ts';
import type { SpfRecord, Term } from '../../../standards/spf/record.ts';
import { type PostureFinding, postureFinding } from '../../finding.ts';
import { changedSpfRecord } from './spf-suggestions.ts';

/** Networks that are wider are named: of the domain's own record, and of records of others, which may be those of large providers. */
const WIDEST = { own: { ip4: 16, ip6: 32 }, included: { ip4: 8, ip6: 16 } } as const;

export function checkSpfPolicy(
  record: SpfRecord,
  tree: readonly LookupTerm[],
  domain: string,
): readonly PostureFinding[] {
  const included = flattenTree(tree).flatMap((term) => (term.record === null ? [] : [{ term, record: term.record }]));
  return [
    ...checkEnd(record, tree, domain),
    ...checkPtr(record, domain),
    ...wideNetworks(record, domain, WIDEST.own),
    ...included.flatMap(({ term, record: other }) => [
      ...wideNetworks(other, `${term.text} of ${term.domain}`, WIDEST.included),
      ...(term.text.startsWith('redirect=') ? [] : allowsAll(other, `${term.text} of ${term.domain}`)),
    ]),
  ];
}

/** The last term that decides, followed through `redirect`. */
function checkEnd(record: SpfRecord, tree: readonly LookupTerm[], domain: string): readonly PostureFinding[] {
  const all = effectiveTerms(record).find(({ kind }) => kind === 'all');
  if (all !== undefined && !isModifier(all)) return endFinding(all.qualifier, record, domain);
  const redirect = tree.find(({ text }) => text.toLowerCase().startsWith('redirect='));
  if (redirect === undefined) return endFinding(null, record, domain);
  // A redirect that is broken, or not known, is another finding.
  return redirect.record === null ? [] : checkEnd(redirect.record, redirect.below, domain);
}

function endFinding(qualifier: string | null, record: SpfRecord, domain: string): readonly PostureFinding[] {
  const publish = changedSpfRecord(domain, [...record.terms.filter(({ kind }) => kind !== 'all'), END], textOf);
  if (qualifier === '+')
    return [postureFinding('spf-allows-everyone', 'spf', { subject: domain, detail: '+all', publish })];
  if (qualifier === '-' || qualifier === '~') return [];
  const detail = qualifier === '?' ? 'the record ends with ?all' : 'the record ends without all';
  return [postureFinding('spf-neutral-all', 'spf', { subject: domain, detail, publish })];
}

const END: Term = { kind: 'all', qualifier: '~', text: '~all', column: 0 };

function textOf({ text }: Term): string {
  return text;
}

/** An included `+all` passes for everybody, too. */
function allowsAll(record: SpfRecord, place: string): readonly PostureFinding[] {
  const all = effectiveTerms(record).find(({ kind }) => kind === 'all');
  const everyone = all !== undefined && !isModifier(all) && all.qualifier === '+';
  return everyone
    ? [postureFinding('spf-allows-everyone', 'spf', { subject: place, detail: `${place} has +all` })]
    : [];
}

function checkPtr(record: SpfRecord, domain: string): readonly PostureFinding[] {
  const ptr = effectiveTerms(record).find(({ kind }) => kind === 'ptr');
  if (ptr === undefined) return [];
  const publish = changedSpfRecord(domain, record.terms, (term) => (term.kind === 'ptr' ? null : term.text));
  return [postureFinding('spf-ptr', 'spf', { subject: domain, detail: `column ${ptr.column}: ${ptr.text}`, publish })];
}

type Widest = { readonly ip4: number; readonly ip6: number };

function wideNetworks(record: SpfRecord, place: string, widest: Widest): readonly PostureFinding[] {
  const named = effectiveTerms(record).flatMap((term) => {
    const code = wideCode(term, widest);
    return code === null ? [] : [{ code, text: `column ${term.column}: ${term.text}` }];
  });
  return [...new Set(named.map(({ code }) => code))].map((code) => {
    const detail = named.flatMap((one) => (one.code === code ? [one.text] : [])).join('; ');
    return postureFinding(code, 'spf', { subject: place, detail });
  });
}

function wideCode(term: Term, widest: Widest): 'spf-allows-everyone' | 'spf-wide-network' | null {
  if (isModifier(term) || term.qualifier !== '+') return null;
  const bits = prefixesOf(term);
  if (bits.ip4 < 4 || bits.ip6 < 4) return 'spf-allows-everyone';
  return bits.ip4 >= widest.ip4 && bits.ip6 >= widest.ip6 ? null : 'spf-wide-network';
}

/** A family that the term does not have counts as one address. */
function prefixesOf(term: Term): Widest {
  if (term.kind === 'ip4') return { ip4: term.bits, ip6: 128 };
  if (term.kind === 'ip6') return { ip4: 32, ip6: term.bits };
  return term.kind === 'a' || term.kind === 'mx' ? { ip4: term.bits4, ip6: term.bits6 } : { ip4: 32, ip6: 128 };
}
