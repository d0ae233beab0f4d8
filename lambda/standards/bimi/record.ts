/**
 * Parses BIMI records: draft-brand-indicators-for-message-identification 4.3, which is no RFC. Never throws.
 */

import { parseTagList, type TagList, type TagProblem, tagValue } from '../tag-list/tag-list.ts';

export interface BimiRecord {
  /** Where the logo is (`l=`); null if the record has none. */
  readonly logo: string | null;
  /** Where the certificate of the logo is (`a=`); null if the record has none. */
  readonly certificate: string | null;
  /** The domain wants no logo: `l=` is there and empty, and `a=` is empty or not there (4.3.1). */
  readonly declined: boolean;
  readonly problems: readonly TagProblem[];
}

/** The version comes first; its value is case-sensitive. */
export function isBimiRecord(text: string): boolean {
  return /^v[ \t]*=[ \t]*BIMI1[ \t]*(?:;|$)/.test(text);
}

/** Whether a text is meant as a BIMI record, but receivers do not read it as one. */
export function isMisspeltBimiRecord(text: string): boolean {
  return !isBimiRecord(text) && /^[\s"'“”]*(?:v\s*[=:]\s*)?bimi ?1?(?:[\s;,"'“”:.]|$)/i.test(text);
}

/** Of a text that `isBimiRecord` accepts. Tags that are not known are ignored. */
export function parseBimiRecord(text: string): BimiRecord {
  const list = parseTagList(text);
  const [logo, certificate] = [tagValue(list, 'l'), tagValue(list, 'a')];
  const declined = logo === '' && (certificate ?? '') === '';
  const missing = (logo ?? '') === '' && !declined ? [{ column: 1, reason: 'there is no l= with the logo' }] : [];
  return {
    logo: logo === '' ? null : logo,
    certificate: certificate === '' ? null : certificate,
    declined,
    problems: [...list.problems, ...missing, ...locationProblems(list)].toSorted((a, b) => a.column - b.column),
  };
}

function locationProblems(list: TagList): readonly TagProblem[] {
  return list.tags.flatMap(({ name, value, column }) => {
    if ((name !== 'l' && name !== 'a') || value === '' || httpsUrl(value) !== null) return [];
    return [{ column, reason: `${name}=${value} is not a URL that begins with https://` }];
  });
}

/** A URL of HTTPS with a name of a host, and without a password; null for other texts. */
export function httpsUrl(text: string): URL | null {
  if (!/^https:\/\/[^\s@/?#]+(?:[/?#]\S*)?$/i.test(text)) return null;
  try {
    const url = new URL(text);
    return url.hostname.includes('.') ? url : null;
  } catch {
    // Ports and hosts that no URL can have.
    return null;
  }
}
