import type { Outcome } from '../../smtp/sample/sample.ts';

/** The areas of a posture check, in the order in which they are shown. */
export const POSTURE_AREAS = [
  'mx',
  'dns',
  'dnssec',
  'spf',
  'dkim',
  'dmarc',
  'fcrdns',
  'dnsbl',
  'mta-sts',
  'tls-rpt',
  'dane',
  'bimi',
] as const;

export type PostureArea = (typeof POSTURE_AREAS)[number];

/** A row of the table of codes. */
export interface PostureCodeRow {
  /** `any`: the area whose query failed. */
  readonly area: PostureArea | 'any';
  /** `unable`: nothing is known. It never means that something is wrong. */
  readonly outcome: Outcome;
  /** `RFC 7208 4.6.4`. */
  readonly rfc: string;
  readonly meaning: string;
  /** What to do; null if nothing is to be done. */
  readonly hint: string | null;
}

export type PostureCodeTable = Readonly<Record<string, PostureCodeRow>>;

/** Makes a row. */
export function defineCode(
  area: PostureCodeRow['area'],
  outcome: Outcome,
  rfc: string,
  meaning: string,
  hint: string | null = null,
): PostureCodeRow {
  return { area, outcome, rfc, meaning, hint };
}
