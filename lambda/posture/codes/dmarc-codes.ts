/** Codes of DMARC. */

import { defineCode, type PostureCodeTable } from './code.ts';

export const DMARC_CODES = {
  'dmarc-enforced': defineCode('dmarc', 'pass', 'RFC 9989 4.7', 'A DMARC policy is in force.'),
  'dmarc-missing': defineCode(
    'dmarc',
    'fail',
    'RFC 9989 4.10',
    'Neither the domain nor a parent has a DMARC record. Large receivers require one.',
    'Publish a record with p=none and read the reports; then tighten the policy.',
  ),
  'dmarc-misspelt': defineCode(
    'dmarc',
    'fail',
    'RFC 9989 4.7',
    'A TXT record looks like DMARC, but does not begin with `v=DMARC1;`, so that receivers ignore it.',
    'Correct the beginning of the record.',
  ),
  'dmarc-misplaced': defineCode(
    'dmarc',
    'fail',
    'RFC 9989 4.10',
    'The DMARC record is at the domain itself, where receivers do not look for it.',
    'Move the record to the name that begins with _dmarc.',
  ),
  'dmarc-several': defineCode(
    'dmarc',
    'fail',
    'RFC 9989 4.10',
    'The domain has more than one DMARC record. Receivers then use none of them.',
    'Keep one record.',
  ),
  'dmarc-syntax': defineCode(
    'dmarc',
    'fail',
    'RFC 9989 4.7',
    'The DMARC record has a mistake. Receivers ignore the tag, and may apply no policy.',
    'Correct the tag at the column.',
  ),
  'dmarc-policy-none': defineCode(
    'dmarc',
    'warn',
    'RFC 9989 4.7',
    'The policy is none: receivers deliver forged mail of the domain as well as yours.',
    'Set p=quarantine, and later p=reject, when the reports show that your own mail passes.',
  ),
  'dmarc-testing': defineCode(
    'dmarc',
    'warn',
    'RFC 9989 4.7',
    'The policy is marked as a test (t=y). Receivers apply it one step weaker.',
    'Remove t=y when the reports show that your own mail passes.',
  ),
  'dmarc-subdomains-weaker': defineCode(
    'dmarc',
    'warn',
    'RFC 9989 4.7',
    'The policy of subdomains is weaker than that of the domain, so that forged mail uses a subdomain.',
    'Remove sp= and np=, or set them to the policy of the domain.',
  ),
  'dmarc-removed-tag': defineCode(
    'dmarc',
    'warn',
    'RFC 9989 4.7',
    'The record has tags that RFC 9989 removed. Some receivers still apply them, others do not.',
    'Remove the tags. A test is now t=y.',
  ),
  'dmarc-unknown-tag': defineCode(
    'dmarc',
    'warn',
    'RFC 9989 4.7',
    'The record has tags without a meaning. Receivers ignore them.',
    'Correct the name of the tag, or remove it.',
  ),
  'dmarc-no-reports': defineCode(
    'dmarc',
    'warn',
    'RFC 9990 2',
    'The record asks for no aggregate reports, so that you cannot see who sends mail of the domain.',
    'Add rua= with an address that reads them.',
  ),
  'dmarc-reports-refused': defineCode(
    'dmarc',
    'warn',
    'RFC 9990 4',
    'The domain that reports are to go to has not authorized them. Receivers do not send them.',
    'Let the owner of that domain publish the record, or use an address of your own domain.',
  ),
} as const satisfies PostureCodeTable;
