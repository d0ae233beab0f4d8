/** The table of all codes of a posture check: area, outcome, meaning, hint and RFC. */

import { defineCode, type PostureCodeRow, type PostureCodeTable } from './code.ts';
import { SENDER_CODES } from './sender-codes.ts';
import { SERVER_CODES } from './server-codes.ts';
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
  ...SENDER_CODES,
  ...TRANSPORT_CODES,
} as const satisfies PostureCodeTable;

/** The codes are stable: they are printed, and documented in docs/posture.md. */
export type PostureCode = keyof typeof POSTURE_CODES;

export function postureCodeRow(code: PostureCode): PostureCodeRow {
  return POSTURE_CODES[code];
}
