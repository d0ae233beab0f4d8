/** Codes of what secures mail on its way to the domain: MTA-STS, TLS reports, DANE. */

import { defineCode, type PostureCodeTable } from './code.ts';
import { DANE_CODES } from './dane-codes.ts';
import { MTA_STS_MEMORY_CODES } from './mta-sts-memory-codes.ts';

const MTA_STS = {
  'sts-enforced': defineCode('mta-sts', 'pass', 'RFC 8461 5', 'Senders require TLS with a valid certificate.'),
  'sts-absent': defineCode(
    'mta-sts',
    'pass',
    'RFC 8461 3.1',
    'The domain does not use MTA-STS. It is optional; without it and DANE, senders cannot detect that TLS was removed.',
    'Publish a policy in the mode testing, then the record.',
  ),
  'sts-misspelt': defineCode(
    'mta-sts',
    'fail',
    'RFC 8461 3.1',
    'A TXT record looks like MTA-STS, but does not begin with `v=STSv1;`, so that senders ignore it.',
    'Correct the beginning of the record.',
  ),
  'sts-several': defineCode(
    'mta-sts',
    'fail',
    'RFC 8461 3.1',
    'There is more than one MTA-STS record. Senders then assume that the domain does not use MTA-STS.',
    'Keep one record.',
  ),
  'sts-syntax': defineCode(
    'mta-sts',
    'fail',
    'RFC 8461 3.1',
    'The MTA-STS record has a mistake. Senders then assume that the domain does not use MTA-STS.',
    'Correct the tag at the column.',
  ),
  'sts-host-missing': defineCode(
    'mta-sts',
    'fail',
    'RFC 8461 3.3',
    'The record is there, but the host of the policy has no address.',
    'Publish an address of the host, or remove the record.',
  ),
  'sts-certificate': defineCode(
    'mta-sts',
    'fail',
    'RFC 8461 3.3',
    'The certificate of the policy host is not valid. Senders do not use the policy.',
    'Renew the certificate, or request one with the name of the policy host.',
  ),
  'sts-policy-missing': defineCode(
    'mta-sts',
    'fail',
    'RFC 8461 3.3',
    'The policy host has no policy: it answers with a status such as 404, or redirects, which senders do not follow.',
    'Serve the policy at its address itself.',
  ),
  'sts-policy-type': defineCode(
    'mta-sts',
    'warn',
    'RFC 8461 3.2',
    'The policy is not served as text/plain. Some senders do not use it.',
    'Set the content type to text/plain.',
  ),
  'sts-policy-size': defineCode(
    'mta-sts',
    'fail',
    'RFC 8461 3.3',
    'The policy is larger than 64 KB. Senders stop reading there.',
    'Remove what does not belong into the policy.',
  ),
  'sts-policy-syntax': defineCode(
    'mta-sts',
    'fail',
    'RFC 8461 3.2',
    'The policy is not valid. Senders do not use it.',
    'Correct the line, then change the id of the record.',
  ),
  'sts-policy-unreachable': defineCode(
    'mta-sts',
    'unable',
    'RFC 8461 3.3',
    'The policy host could not be reached from here, or cannot answer now (HTTP status 429 or 5xx).',
    'Check the host, and from another network; senders keep the policy that they have.',
  ),
  'sts-mx-not-in-policy': defineCode(
    'mta-sts',
    'fail',
    'RFC 8461 4.1',
    'An MX host does not match the policy, which is in force. Senders do not deliver to it.',
    'Add the host to the policy and change the id of the record.',
  ),
  'sts-mx-not-in-tested-policy': defineCode(
    'mta-sts',
    'warn',
    'RFC 8461 4.1',
    'An MX host does not match the policy, which is a test.',
    'Add the host to the policy before you set the mode enforce.',
  ),
  'sts-pattern-unused': defineCode(
    'mta-sts',
    'warn',
    'RFC 8461 4.1',
    'The policy allows a host that is not among the MX hosts.',
    'Remove the line if the host is no longer used. Keep it if you are about to add the host.',
  ),
  'sts-testing': defineCode(
    'mta-sts',
    'warn',
    'RFC 8461 5',
    'The policy is a test: senders report failures and deliver all the same.',
    'Set the mode enforce when the reports have no failures.',
  ),
  'sts-none': defineCode(
    'mta-sts',
    'warn',
    'RFC 8461 8.3',
    'The policy has the mode none, which ends the use of MTA-STS.',
    'Remove the record and the policy after max_age, or set another mode.',
  ),
  'sts-short-max-age': defineCode(
    'mta-sts',
    'warn',
    'RFC 8461 3.2',
    'Senders keep the policy for less than a day. An attacker has only to wait for its end.',
    'Set max_age to weeks, such as 2419200.',
  ),
} as const satisfies PostureCodeTable;

const TLS_RPT = {
  'tlsrpt-valid': defineCode('tls-rpt', 'pass', 'RFC 8460 3', 'Senders report failures of TLS.'),
  'tlsrpt-absent': defineCode(
    'tls-rpt',
    'pass',
    'RFC 8460 3',
    'The domain asks for no reports about TLS. They are optional.',
    'Publish a record with an address that reads the reports.',
  ),
  'tlsrpt-missing': defineCode(
    'tls-rpt',
    'warn',
    'RFC 8460 3',
    'The domain uses MTA-STS or DANE, and asks for no reports, so that nobody sees which senders fail.',
    'Publish a record with an address that reads the reports.',
  ),
  'tlsrpt-misspelt': defineCode(
    'tls-rpt',
    'fail',
    'RFC 8460 3',
    'A TXT record looks like TLS reporting, but does not begin with `v=TLSRPTv1;`, so that senders ignore it.',
    'Correct the beginning of the record.',
  ),
  'tlsrpt-several': defineCode(
    'tls-rpt',
    'fail',
    'RFC 8460 3',
    'There is more than one record. Senders then send no reports.',
    'Keep one record.',
  ),
  'tlsrpt-syntax': defineCode(
    'tls-rpt',
    'fail',
    'RFC 8460 3',
    'The record has a mistake. Senders then may send no reports.',
    'Correct the tag at the column.',
  ),
  'tlsrpt-destination': defineCode(
    'tls-rpt',
    'fail',
    'RFC 8460 3',
    'The record names a destination that does not exist or receives no mail. No report arrives there.',
    'Correct the destination.',
  ),
} as const satisfies PostureCodeTable;

export const TRANSPORT_CODES = { ...MTA_STS, ...MTA_STS_MEMORY_CODES, ...TLS_RPT, ...DANE_CODES };
