/** Parses DMARC records: RFC 9989 4.7, 4.8, which replaces RFC 7489. Never throws. */

import { ownValue } from '../../wire/own-value.ts';
import { comparableName } from '../domain-name.ts';
import { suggestionText } from '../spelling.ts';
import { parseTagList, type TagList, type TagProblem, tagValue } from '../tag-list/tag-list.ts';

const POLICIES = ['none', 'quarantine', 'reject'] as const;
/** From the weakest to the strictest. */
export type DmarcPolicy = (typeof POLICIES)[number];

/** Whether domains are aligned if they are equal (`s`), or have one organizational domain (`r`). */
export type DmarcAlignment = 'r' | 's';

export interface DmarcRecord {
  /**
   * The policy of the domain. If `p=` is missing, or one of `p=`, `sp=` and `np=` is not valid, all policies are `none`
   * (RFC 9989 4.10.1).
   */
  readonly policy: DmarcPolicy;
  readonly subdomains: DmarcPolicy;
  /** Of subdomains that do not exist. */
  readonly missingSubdomains: DmarcPolicy;
  /** `t=y`: receivers apply the policy one step weaker. */
  readonly testing: boolean;
  readonly publicSuffix: 'y' | 'n' | 'u';
  readonly dkimAlignment: DmarcAlignment;
  readonly spfAlignment: DmarcAlignment;
  /** False if no policy is valid, and there is nobody to report it to: receivers then apply no DMARC (4.10.1). */
  readonly applies: boolean;
  readonly aggregateReports: readonly string[];
  readonly failureReports: readonly string[];
  /** Receivers ignore what is wrong, except that an invalid policy counts as `none`. */
  readonly problems: readonly TagProblem[];
  /** Tags of RFC 7489 that RFC 9989 removed. */
  readonly removedTags: readonly string[];
  readonly unknownTags: readonly string[];
}

/** The version comes first; its value is case-sensitive (4.7). */
export function isDmarcRecord(text: string): boolean {
  return /^v[ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)/.test(text);
}

/** Whether somebody meant a DMARC record, and receivers do not see one. */
export function isMisspeltDmarcRecord(text: string): boolean {
  return !isDmarcRecord(text) && /^[\s"'“”]*(?:v\s*[=:]\s*)?dmarc ?1?(?:[\s;,"'“”:.]|$)/i.test(text);
}

const TAGS = ['v', 'p', 'sp', 'np', 'adkim', 'aspf', 'fo', 'psd', 'rua', 'ruf', 't'];
const REMOVED = ['pct', 'rf', 'ri'];

/** Of a text that `isDmarcRecord` accepts. */
export function parseDmarcRecord(text: string): DmarcRecord {
  const list = parseTagList(text);
  const names = list.tags.map(({ name }) => name);
  const policies = policiesOf(list);
  return {
    ...(policies ?? { policy: 'none', subdomains: 'none', missingSubdomains: 'none' }),
    applies: policies !== null || addressesOf(list, 'rua').some(isReportUri),
    dkimAlignment: tagValue(list, 'adkim') === 's' ? 's' : 'r',
    spfAlignment: tagValue(list, 'aspf') === 's' ? 's' : 'r',
    testing: tagValue(list, 't') === 'y',
    publicSuffix: publicSuffixOf(list),
    aggregateReports: addressesOf(list, 'rua'),
    failureReports: addressesOf(list, 'ruf'),
    problems: [...list.problems, ...valueProblems(list), ...missingPolicy(list)].toSorted(
      (a, b) => a.column - b.column,
    ),
    removedTags: names.filter((name) => REMOVED.includes(name)),
    unknownTags: names.filter((name) => !TAGS.includes(name) && !REMOVED.includes(name)),
  };
}

/** Tags of a record that are looked at for a suggestion. */
const MOST_SUGGESTIONS = 10;

/** `rau; did you mean rua?` */
export function unknownTagTexts({ unknownTags }: DmarcRecord): readonly string[] {
  return unknownTags.map((name, nth) => (nth < MOST_SUGGESTIONS ? `${name}${suggestionText(name, TAGS)}` : name));
}

type Policies = Pick<DmarcRecord, 'policy' | 'subdomains' | 'missingSubdomains'>;

/** Null if `p=` is missing, or one of the policies is not valid. */
function policiesOf(list: TagList): Policies | null {
  const policy = policyOf(list, 'p');
  const wrong = ['sp', 'np'].some((name) => tagValue(list, name) !== null && policyOf(list, name) === null);
  if (policy === null || wrong) return null;
  const subdomains = policyOf(list, 'sp') ?? policy;
  return { policy, subdomains, missingSubdomains: policyOf(list, 'np') ?? subdomains };
}

function policyOf(list: TagList, name: string): DmarcPolicy | null {
  const value = tagValue(list, name)?.toLowerCase();
  return POLICIES.find((policy) => policy === value) ?? null;
}

export function isWeaker(a: DmarcPolicy, b: DmarcPolicy): boolean {
  return POLICIES.indexOf(a) < POLICIES.indexOf(b);
}

function publicSuffixOf(list: TagList): 'y' | 'n' | 'u' {
  const value = tagValue(list, 'psd');
  return value === 'y' || value === 'n' ? value : 'u';
}

function addressesOf(list: TagList, name: string): readonly string[] {
  const value = tagValue(list, name) ?? '';
  return value
    .split(',')
    .map((uri) => uri.trim())
    .filter((uri) => uri !== '');
}

function missingPolicy(list: TagList): readonly TagProblem[] {
  return tagValue(list, 'p') === null ? [{ column: 1, reason: 'there is no p=, so that receivers assume p=none' }] : [];
}

/** The values that a tag may have: RFC 9989 4.7. */
const VALUES: Readonly<Record<string, RegExp>> = {
  p: /^(?:none|quarantine|reject)$/i,
  sp: /^(?:none|quarantine|reject)$/i,
  np: /^(?:none|quarantine|reject)$/i,
  adkim: /^[rs]$/,
  aspf: /^[rs]$/,
  fo: /^[01ds](?:[ \t]*:[ \t]*[01ds])*$/,
  psd: /^[ynu]$/,
  t: /^[yn]$/,
  pct: /^(?:100|\d{1,2})$/,
};

function valueProblems(list: TagList): readonly TagProblem[] {
  return list.tags.flatMap(({ name, value, column }) => {
    if (name === 'rua' || name === 'ruf') return uriProblems(name, value, column);
    const known = ownValue(VALUES, name);
    if (known === undefined || known.test(value)) return [];
    const meant = ['p', 'sp', 'np'].includes(name) ? suggestionText(value, POLICIES) : '';
    return [{ column, reason: `${name}=${value} has no meaning${meant}` }];
  });
}

function isReportUri(uri: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/.test(uri);
}

function uriProblems(name: string, value: string, column: number): readonly TagProblem[] {
  const uris = value.split(',').map((uri) => uri.trim());
  return uris.flatMap((uri) => {
    if (isReportUri(uri)) {
      return reportDomain(uri) === null
        ? [{ column, reason: `${name}: '${uri}' has no address that mail can be sent to` }]
        : [];
    }
    const meant = /^[^@\s]+@[^@\s]+$/.test(uri) ? `; did you mean mailto:${uri}?` : '';
    return [{ column, reason: `${name}: '${uri}' is not a URI${meant}` }];
  });
}

/** The domain that reports of a mailto URI go to, in lower case; null for other URIs. A size after `!` is ignored (RFC 9990). */
export function reportDomain(uri: string): string | null {
  const domain = /^mailto:[^?!]*@([^@?!\s]+)(?:[?!].*)?$/i.exec(uri)?.[1];
  return domain === undefined ? null : comparableName(domain);
}
