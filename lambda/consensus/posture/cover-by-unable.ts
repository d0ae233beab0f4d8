import type { PostureArea } from '../../posture/codes/code.ts';
import type { PostureFinding } from '../../posture/finding.ts';

interface Located {
  readonly area: PostureArea;
  readonly subject: string;
  readonly outcome: PostureFinding['outcome'];
}

/** Areas with several subjects that are asked about one by one. In all others one query without an answer leaves all open. */
const BY_SUBJECT: ReadonlySet<PostureArea> = new Set(['dnsbl', 'fcrdns', 'dkim', 'dane']);

/**
 * Whether a run could not tell if a finding is still there: a query of its area was not answered, and where subjects are
 * asked one by one, that query was about its subject, or about the domain.
 */
export function isLeftOpen(finding: Omit<Located, 'outcome'>, domain: string, findings: readonly Located[]): boolean {
  return findings.some(({ area, subject, outcome }) => {
    if (outcome !== 'unable' || area !== finding.area) return false;
    if (!BY_SUBJECT.has(area) || subject === domain) return true;
    return hasWords(finding.subject, subject) || hasWords(subject, finding.subject);
  });
}

/** Whether a subject is another one, or is about it: `192.0.2.25 on zen.spamhaus.org` is about `zen.spamhaus.org`. */
export function hasWords(text: string, words: string): boolean {
  return ` ${text} `.includes(` ${words} `);
}
