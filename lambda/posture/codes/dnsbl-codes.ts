/** Codes of DNS lists. */

import { defineCode, type PostureCodeTable } from './code.ts';

export const DNSBL_CODES = {
  'dnsbl-not-listed': defineCode(
    'dnsbl',
    'pass',
    'RFC 5782 2.1',
    'The list passed its self-test, and has neither the addresses nor the domain.',
  ),
  'dnsbl-allowed': defineCode(
    'dnsbl',
    'pass',
    'RFC 5782 2.2',
    'The address is on a list of senders of wanted mail. It is information only.',
  ),
  'dnsbl-listed': defineCode(
    'dnsbl',
    'fail',
    'RFC 5782 2.1',
    'A sending address is on a list by which large receivers refuse mail.',
    'Find and stop the cause first; then ask for removal at the page of the list.',
  ),
  'dnsbl-listed-minor': defineCode(
    'dnsbl',
    'warn',
    'RFC 5782 2.1',
    'An address is on a list that few receivers refuse mail by, or it is the address of an MX host or of the domain itself and not known to send.',
    'Find and stop the cause first; then ask for removal at the page of the list.',
  ),
  'dnsbl-domain-listed': defineCode(
    'dnsbl',
    'fail',
    'RFC 5782 3',
    'The domain is on a list by which large receivers refuse mail that has it in an address or a link.',
    'Find and stop the cause first: a cracked web site, an open form, or mail in the name of the domain. Then ask for removal at the page of the list.',
  ),
  'dnsbl-domain-listed-minor': defineCode(
    'dnsbl',
    'warn',
    'RFC 5782 3',
    'The domain is on a list that few receivers refuse mail by, or it is listed as a domain that others abuse.',
    'Find and stop the cause first: a cracked web site, or an open form. Then ask for removal at the page of the list.',
  ),
  'dnsbl-refused': defineCode(
    'dnsbl',
    'unable',
    'RFC 5782 2.1',
    'The list does not answer this resolver: many lists refuse public resolvers and clouds. It is not a listing.',
    'Use a resolver of your own (--resolver) or a key of the list; or leave the list out (--list).',
  ),
  'dnsbl-self-test': defineCode(
    'dnsbl',
    'unable',
    'RFC 5782 5',
    'The list failed its self-test: it lacks an entry that each list has, or has one that no list has. It may have ended, or the resolver invents answers.',
    'Use a resolver of your own (--resolver), or leave the list out (--list).',
  ),
} as const satisfies PostureCodeTable;
