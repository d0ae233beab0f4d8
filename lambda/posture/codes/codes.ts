/** The table of all codes of a posture check: area, outcome, meaning, hint and RFC. */

import { BIMI_CODES } from './bimi-codes.ts';
import { defineCode, type PostureCodeRow, type PostureCodeTable } from './code.ts';
import { DKIM_CODES } from './dkim-codes.ts';
import { DMARC_CODES } from './dmarc-codes.ts';
import { DNS_CODES } from './dns-codes.ts';
import { DNSBL_CODES } from './dnsbl-codes.ts';
import { SERVER_CODES } from './server-codes.ts';
import { SPF_CODES } from './spf-codes.ts';
import { TRANSPORT_CODES } from './transport-codes.ts';

export const POSTURE_CODES = {
  'no-answer': defineCode(
    'any',
    'unable',
    'RFC 2308 7',
    'A DNS query was not answered: SERVFAIL, refused, or no answer in time. Nothing is known about the record.',
    'Try again, with another resolver (--resolver) if it stays so.',
  ),
  ...SERVER_CODES,
  ...DNS_CODES,
  ...SPF_CODES,
  ...DKIM_CODES,
  ...DMARC_CODES,
  ...DNSBL_CODES,
  ...TRANSPORT_CODES,
  ...BIMI_CODES,
} as const satisfies PostureCodeTable;

/** The codes are stable: they are printed, and documented in docs/posture.md. */
export type PostureCode = keyof typeof POSTURE_CODES;

export function postureCodeRow(code: PostureCode): PostureCodeRow {
  return POSTURE_CODES[code];
}
