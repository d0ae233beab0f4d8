/** Codes of TLSA records, compared with what the server presents. */

import { defineCode, type PostureCodeTable } from './code.ts';

export const DANE_CODES = {
  'dane-valid': defineCode('dane', 'pass', 'RFC 7672 3.1', 'The MX host has TLSA records that senders can use.'),
  'dane-absent': defineCode(
    'dane',
    'pass',
    'RFC 7672 2.2',
    'The MX host has no TLSA records. They are optional.',
    null,
  ),
  'dane-unusable': defineCode(
    'dane',
    'warn',
    'RFC 7672 3.1.3',
    'A TLSA record has a usage that is not for mail. Senders do not use it.',
    'Publish `3 1 1` with the SHA-256 of the public key.',
  ),
  'dane-syntax': defineCode(
    'dane',
    'fail',
    'RFC 6698 2.1',
    'A TLSA record is damaged. Senders do not use it; if all are damaged, the certificate is not verified.',
    'Publish the record again, as `3 1 1` with the SHA-256 of the public key.',
  ),
  'dane-mismatch': defineCode(
    'dane',
    'fail',
    'RFC 7672 2.2',
    'The server presents a key that no TLSA record has, often after a renewal. Senders that use DANE do not deliver.',
    'Publish the record of the key that is served, and let renewals keep the key or publish the next one before they change it.',
  ),
  'dane-wrong-name': defineCode(
    'dane',
    'fail',
    'RFC 7672 3.1.2',
    'The authority of a TLSA record fits, but the certificate has another name. Senders that use DANE do not deliver.',
    'Request a certificate with the name of the MX host, or publish the record of the key itself (`3 1 1`).',
  ),
  'dane-expired': defineCode(
    'dane',
    'fail',
    'RFC 7672 3.1.2',
    'The authority of a TLSA record fits, but its chain has expired. Senders that use DANE do not deliver.',
    'Renew the certificate; or publish the record of the key itself (`3 1 1`), which does not expire.',
  ),
  'dane-no-starttls': defineCode(
    'dane',
    'fail',
    'RFC 7672 2.2',
    'The MX host has TLSA records and does not offer STARTTLS. Senders that use DANE do not deliver.',
    'Turn STARTTLS on, or remove the TLSA records.',
  ),
  'dane-lookup-fails': defineCode(
    'dane',
    'fail',
    'RFC 7672 2.1.2',
    'The query for TLSA records fails in a zone that is signed and answers other queries. Senders that use DANE defer the mail.',
    'Check that all name servers of the zone answer queries for TLSA, also if there is no record.',
  ),
  'dane-record-going': defineCode(
    'dane',
    'fail',
    'RFC 7671 8.1',
    'The record of the served key was removed from the zone. Senders stop to deliver when caches forget it.',
    'Publish the record again until the server presents the next key and two TTLs have passed.',
  ),
  'dane-no-successor': defineCode(
    'dane',
    'warn',
    'RFC 7671 8.1',
    'The certificate ends soon, and no record is published for another key. A renewal with a new key ends delivery.',
    'Renew with the same key; or publish `3 1 1` with the SHA-256 of the next public key two TTLs before the server presents it.',
  ),
  'dane-unsigned-domain': defineCode(
    'dane',
    'warn',
    'RFC 7672 2.2.1',
    'DANE protects the MX host, but the domain is not signed: whoever forges its MX record leads mail to another host.',
    'Sign the zone of the domain.',
  ),
  'dane-not-compared': defineCode(
    'dane',
    'unable',
    'RFC 7672 2.2',
    'The MX host has TLSA records, but no certificate of it was seen, so that nothing is known about them.',
    'Check from a network with port 25 open.',
  ),
  'dane-not-judged': defineCode(
    'dane',
    'unable',
    'RFC 7672 2.1.1',
    'The TLSA records do not fit the server. Senders ignore that if the zone is not signed, which is not known here.',
    'Use a resolver that validates DNSSEC (--resolver). If the zone is signed, correct the records.',
  ),
} as const satisfies PostureCodeTable;
