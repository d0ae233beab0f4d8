/** Parses the record of TLS reporting: RFC 8460 3. Never throws. */

import { parseTagList, type TagProblem, tagValue } from '../tag-list/tag-list.ts';

export interface TlsReportRecord {
  readonly destinations: readonly string[];
  readonly problems: readonly TagProblem[];
}

export function isTlsReportRecord(text: string): boolean {
  return /^v[ \t]*=[ \t]*TLSRPTv1[ \t]*;/.test(text);
}

/** Whether somebody meant a record of TLS reporting, and senders do not see one. */
export function isMisspeltTlsReportRecord(text: string): boolean {
  return !isTlsReportRecord(text) && /^[\s"'“”]*(?:v\s*[=:]\s*)?tls-?rptv?1?(?:[\s;,"'“”:.]|$)/i.test(text);
}

export function parseTlsReportRecord(text: string): TlsReportRecord {
  const list = parseTagList(text);
  const value = tagValue(list, 'rua');
  const destinations = (value ?? '')
    .split(',')
    .map((uri) => uri.trim())
    .filter((uri) => uri !== '');
  const column = list.tags.find(({ name }) => name === 'rua')?.column ?? 1;
  const missing = destinations.length === 0 ? [{ column, reason: 'there is no rua=, so that no report is sent' }] : [];
  const wrong = destinations.flatMap((uri) => (isDestination(uri) ? [] : [{ column, reason: destinationFault(uri) }]));
  return { destinations, problems: [...list.problems, ...missing, ...wrong] };
}

/** RFC 8460 3: an https URI, or mailto. */
function isDestination(uri: string): boolean {
  return /^mailto:[^@\s]+@[^@\s]+$/i.test(uri) || /^https:\/\/[^\s/]+/i.test(uri);
}

function destinationFault(uri: string): string {
  const meant = /^[^@\s:]+@[^@\s]+$/.test(uri) ? `; did you mean mailto:${uri}?` : '';
  return `rua: '${uri}' is neither mailto:<address> nor https://…${meant}`;
}
