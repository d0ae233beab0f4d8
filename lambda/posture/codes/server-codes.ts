/** Codes of what is published about servers: MX hosts and names of addresses. */

import { defineCode, type PostureCodeTable } from './code.ts';

const MX = {
  'mx-valid': defineCode('mx', 'pass', 'RFC 5321 5.1', 'The MX hosts have addresses that senders can reach.'),
  'mx-null-record': defineCode('mx', 'pass', 'RFC 7505 3', 'The domain accepts no mail, and says so.'),
  'mx-no-domain': defineCode(
    'mx',
    'fail',
    'RFC 5321 5.1',
    'The domain does not exist.',
    'Check the spelling, and whether the domain has expired.',
  ),
  'mx-absent': defineCode(
    'mx',
    'fail',
    'RFC 5321 5.1',
    'The domain has neither an MX record nor an address. Mail for it is returned.',
    'Publish an MX record; `0 .` if the domain is to get no mail.',
  ),
  'mx-implicit': defineCode(
    'mx',
    'warn',
    'RFC 5321 5.1',
    'The domain has no MX record. Senders use its own address, which may be that of a web server.',
    'Publish an MX record; `0 .` if the domain is to get no mail.',
  ),
  'mx-no-address': defineCode(
    'mx',
    'fail',
    'RFC 5321 5.1',
    'An MX host has no address. Senders lose time with it, or return the mail.',
    'Publish an address of the host, or remove the MX record.',
  ),
  'mx-host-is-alias': defineCode(
    'mx',
    'warn',
    'RFC 2181 10.3',
    'An MX host is an alias (CNAME), which some senders refuse.',
    'Name the host itself in the MX record.',
  ),
  'mx-host-is-address': defineCode(
    'mx',
    'fail',
    'RFC 1035 3.3.9',
    'An MX record has an address instead of the name of a host. Senders ignore it.',
    'Name the host in the MX record.',
  ),
  'mx-host-not-routable': defineCode(
    'mx',
    'fail',
    'RFC 6890 2.2',
    'An MX host has an address that is not reachable from the Internet.',
    'Publish the public address, or remove the MX record.',
  ),
  'mx-many': defineCode(
    'mx',
    'warn',
    'RFC 5321 5.1',
    'The domain has more MX hosts than this check looks at. Senders may have such limits, too.',
    'Publish fewer MX records.',
  ),
} as const satisfies PostureCodeTable;

const FCRDNS = {
  'fcrdns-confirmed': defineCode('fcrdns', 'pass', 'RFC 8601 2.7.3', 'The name of the address has the address.'),
  'fcrdns-no-name': defineCode(
    'fcrdns',
    'fail',
    'RFC 1912 2.1',
    'A sending address has no name (PTR). Many receivers refuse its mail.',
    'Let the owner of the network, often your provider, set the PTR record to the name of the server.',
  ),
  'fcrdns-not-confirmed': defineCode(
    'fcrdns',
    'fail',
    'RFC 8601 2.7.3',
    'The name of a sending address does not have the address. Many receivers treat it as an address without a name.',
    'Publish the address for that name, or let the owner of the network correct the PTR record.',
  ),
  'fcrdns-other-address': defineCode(
    'fcrdns',
    'warn',
    'RFC 1912 2.1',
    'An address of an MX host or of the SPF record has no confirmed name (PTR). If it sends, many receivers refuse its mail.',
    'Let the owner of the network, often your provider, set the PTR record to the name of the server.',
  ),
  'fcrdns-greeting': defineCode(
    'fcrdns',
    'warn',
    'RFC 5321 4.2',
    'The server greets with a name that is not the confirmed name of its address. Some receivers count that against it.',
    'Let the server greet with its own name, and give that name to the address (PTR and A or AAAA).',
  ),
  'fcrdns-not-compared': defineCode(
    'fcrdns',
    'unable',
    'RFC 5321 4.2',
    'No session with the MX host was possible from here, so that the names it says are not known. Many networks block port 25.',
    'Check from a network with port 25 open.',
  ),
  'fcrdns-ehlo': defineCode(
    'fcrdns',
    'warn',
    'RFC 5321 4.1.1.1',
    'The server calls itself by two names, one in the greeting and one in the reply to EHLO.',
    'Set one name for both, that of the PTR record.',
  ),
} as const satisfies PostureCodeTable;

export const SERVER_CODES = { ...MX, ...FCRDNS };
