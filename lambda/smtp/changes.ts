/** What a server offers, held against what it offered before: drift that breaks nothing yet. */

import type { CertificateFacts, Extensions, Sample } from './sample.ts';

/** The part of a sample that is compared. */
export type Facts = Pick<Sample, 'extensions' | 'tls' | 'software'>;

export interface Change {
  readonly code:
    | 'starttls-gone'
    | 'starttls-back'
    | 'keyword-gone'
    | 'keyword-new'
    | 'auth-changed'
    | 'size-changed'
    | 'new-certificate'
    | 'tls-version-changed'
    | 'software-changed';
  /** What changed, in a sentence, with the old and the new. */
  readonly detail: string;
}

/** A session that did not get as far as the other tells of no change: only what both saw is compared. */
export function changesBetween(before: Facts, after: Facts): readonly Change[] {
  return [
    ...keywordChanges(before.extensions.beforeTls, after.extensions.beforeTls, 'before TLS'),
    ...keywordChanges(before.extensions.afterTls, after.extensions.afterTls, 'inside TLS'),
    ...certificateChanges(before.tls?.certificate ?? null, after.tls?.certificate ?? null),
    ...valueChange('tls-version-changed', 'TLS version', before.tls?.version, after.tls?.version),
    ...valueChange('software-changed', 'software', before.software, after.software),
  ];
}

function keywordChanges(before: Extensions | null, after: Extensions | null, where: string): readonly Change[] {
  if (before === null || after === null) return [];
  const gone = Object.keys(before).filter((keyword) => after[keyword] === undefined);
  const added = Object.keys(after).filter((keyword) => before[keyword] === undefined);
  return [
    ...gone.map((keyword) => keywordChange(keyword, 'gone', where)),
    ...added.map((keyword) => keywordChange(keyword, 'new', where)),
    ...parameterChange('auth-changed', 'AUTH', before, after, where),
    ...parameterChange('size-changed', 'SIZE', before, after, where),
  ];
}

function keywordChange(keyword: string, how: 'gone' | 'new', where: string): Change {
  const detail = `${keyword} is ${how === 'gone' ? 'no longer offered' : 'offered now'} ${where}`;
  if (keyword !== 'STARTTLS') return { code: `keyword-${how}`, detail };
  return { code: how === 'gone' ? 'starttls-gone' : 'starttls-back', detail };
}

function parameterChange(
  code: Change['code'],
  keyword: string,
  before: Extensions,
  after: Extensions,
  where: string,
): readonly Change[] {
  const old = before[keyword];
  const now = after[keyword];
  if (old === undefined || now === undefined) return [];
  return valueChange(code, `${keyword} ${where}`, old.toSorted().join(' '), now.toSorted().join(' '));
}

function certificateChanges(before: CertificateFacts | null, after: CertificateFacts | null): readonly Change[] {
  if (before === null || after === null || before.fingerprint === after.fingerprint) return [];
  return [{ code: 'new-certificate', detail: `${described(before)} gave way to ${described(after)}` }];
}

function described({ subject, issuer, validTo, fingerprint }: CertificateFacts): string {
  return `${subject} by ${issuer} until ${validTo.slice(0, 10)} (SHA-256 ${fingerprint.slice(0, 16)})`;
}

/** Unknown on either side is no change. */
function valueChange(
  code: Change['code'],
  what: string,
  before: string | null | undefined,
  after: string | null | undefined,
): readonly Change[] {
  if (before === null || before === undefined || after === null || after === undefined || before === after) return [];
  return [{ code, detail: `${what}: ${before || 'none'} became ${after || 'none'}` }];
}
