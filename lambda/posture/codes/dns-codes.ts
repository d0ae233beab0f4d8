/** Codes of the name servers of a zone and of its signatures. */

import { defineCode, type PostureCodeTable } from './code.ts';

const SERVERS = {
  'dns-servers-agree': defineCode('dns', 'pass', 'RFC 1034 4.2', 'The name servers answer for the zone, and agree.'),
  'dns-single-server': defineCode(
    'dns',
    'warn',
    'RFC 2182 5',
    'The zone has one name server, or all have one address. If it fails, the domain does not exist for senders.',
    'Add a second name server at another place, in the zone and at the registrar.',
  ),
  'dns-server-no-address': defineCode(
    'dns',
    'warn',
    'RFC 1912 2.8',
    'A name server of the zone has no address. Resolvers lose time with it.',
    'Publish an address of the name server, or remove it from the zone and at the registrar.',
  ),
  'dns-server-is-alias': defineCode(
    'dns',
    'warn',
    'RFC 2181 10.3',
    'The name of a name server is an alias (CNAME). Resolvers may not use it.',
    'Name the host itself in the NS record.',
  ),
  'dns-server-not-routable': defineCode(
    'dns',
    'warn',
    'RFC 6890 2.2',
    'A name server has an address that is not reachable from the Internet.',
    'Publish the public address, or remove the NS record.',
  ),
  'dns-server-lame': defineCode(
    'dns',
    'warn',
    'RFC 1912 2.8',
    'A name server that is named for the zone does not serve it. A part of all questions is answered late or not at all.',
    'Configure the zone on that server, or remove its NS record from the zone and at the registrar.',
  ),
  'dns-server-silent': defineCode(
    'dns',
    'unable',
    'RFC 1034 4.3.1',
    'A name server did not answer this vantage. Other places may reach it.',
    'Repeat the question from another network; check the firewall and the server if it stays silent.',
  ),
  'dns-intercepted': defineCode(
    'dns',
    'unable',
    'RFC 1034 4.3.1',
    'Something between this vantage and the name servers answers in their place, so that they cannot be checked from here.',
    'Run the check from a network that does not redirect port 53.',
  ),
  'dns-no-server-answers': defineCode(
    'dns',
    'fail',
    'RFC 1034 4.2',
    'No name server answers for the zone. The domain disappears as caches expire, and mail is returned.',
    'Start the name servers and check that they load the zone: an error in it, or an expired copy, stops them.',
  ),
  'dns-serial-behind': defineCode(
    'dns',
    'warn',
    'RFC 1034 4.3.5',
    'A name server still has an older version of the zone. A transfer takes seconds to minutes; after that, changes do not reach it.',
    'If it stays so, check NOTIFY, the address list for transfers (AXFR) and the TSIG key of that server.',
  ),
  'dns-parent-differs': defineCode(
    'dns',
    'warn',
    'RFC 1034 4.2.2',
    'The registry names other name servers than the zone itself.',
    'Set the same NS records in the zone and at the registrar.',
  ),
  'dns-servers-differ': defineCode(
    'dns',
    'warn',
    'RFC 1034 4.2.2',
    'The name servers of the zone do not agree on its NS records.',
    'Let all servers load the same zone.',
  ),
} as const satisfies PostureCodeTable;

const FAMILIES = {
  'dns-both-families': defineCode(
    'dns',
    'pass',
    'RFC 3901 4',
    'MX hosts and name servers have IPv4 and IPv6 addresses.',
  ),
  'dns-mx-without-ipv6': defineCode(
    'dns',
    'pass',
    'RFC 3974 1',
    'An MX host has no IPv6 address. Senders that have only IPv6 cannot reach it. internet.nl counts it against the domain.',
    'Give the host an IPv6 address with a name (PTR), and publish it.',
  ),
  'dns-mx-without-ipv4': defineCode(
    'dns',
    'warn',
    'RFC 3974 1',
    'No MX host has an IPv4 address. Many senders have only IPv4 and cannot deliver.',
    'Publish an IPv4 address of an MX host.',
  ),
  'dns-servers-without-ipv6': defineCode(
    'dns',
    'pass',
    'RFC 3901 4',
    'Fewer than two name servers have an IPv6 address. internet.nl counts it against the domain.',
    'Use name servers that have IPv6 addresses.',
  ),
  'dns-servers-without-ipv4': defineCode(
    'dns',
    'warn',
    'RFC 3901 4',
    'No name server has an IPv4 address. Many resolvers have only IPv4 and cannot resolve the domain.',
    'Add a name server with an IPv4 address.',
  ),
} as const satisfies PostureCodeTable;

const DNSSEC = {
  'dnssec-valid': defineCode('dnssec', 'pass', 'RFC 4035 5', 'The zone is signed, and its signatures are valid.'),
  'dnssec-unsigned': defineCode(
    'dnssec',
    'pass',
    'RFC 4033 5',
    'The zone is not signed. Answers about it can be forged, and DANE has no effect.',
    'Sign the zone (DNSSEC), then publish its DS record at the registrar.',
  ),
  'dnssec-no-ds': defineCode(
    'dnssec',
    'warn',
    'RFC 4035 2.4',
    'The zone has keys, and the parent has no DS record for it. Resolvers treat it as unsigned.',
    'Publish the DS record at the registrar, once all name servers serve the signed zone.',
  ),
  'dnssec-not-validated': defineCode(
    'dnssec',
    'warn',
    'RFC 4035 5.2',
    'The parent has a DS record, and the resolver treats the zone as unsigned: it does not know the algorithm, or a zone above is not signed.',
    'Use algorithm 13 (ECDSA P-256) with a DS record of digest type 2 (SHA-256).',
  ),
  'dnssec-not-agreed': defineCode(
    'dnssec',
    'unable',
    'RFC 4035 4.3',
    'Two resolvers do not agree on the records or on their validity, so that nothing is known.',
    'Try again; if it stays so, use a validating resolver on this machine (--resolver 127.0.0.1).',
  ),
  'dnssec-expires-soon': defineCode(
    'dnssec',
    'warn',
    'RFC 6781 4.4.2',
    'Signatures of the zone end soon, and were not renewed as they should have been. After that, the domain is lost for all who validate.',
    'Check the job that signs the zone, and that all name servers receive it.',
  ),
  'dnssec-expired': defineCode(
    'dnssec',
    'fail',
    'RFC 4035 5.3.1',
    'Signatures of the zone have expired. For senders that validate, the domain does not resolve, and mail is delayed and returned.',
    'Sign the zone again now, and check the job that does it. If that takes long, let the registrar remove the DS record.',
  ),
  'dnssec-ds-without-key': defineCode(
    'dnssec',
    'fail',
    'RFC 4035 2.4',
    'The DS record at the parent fits no key of the zone. For senders that validate, the domain does not resolve.',
    'Let the registrar replace the DS record by one of a key in the zone, or remove it if the zone is not signed any more.',
  ),
  'dnssec-bogus': defineCode(
    'dnssec',
    'fail',
    'RFC 4035 5.5',
    'Validating resolvers refuse the records (bogus); without validation they are answered. Senders that validate cannot deliver.',
    'Look at the chain with `delv` or dnsviz.net, and sign the zone again. If that takes long, let the registrar remove the DS record.',
  ),
} as const satisfies PostureCodeTable;

export const DNS_CODES = { ...SERVERS, ...FAMILIES, ...DNSSEC };
