/**
 * DNS lists that are asked. Lists that ended are not here, such as SORBS (2024), inps.de (2020), AHBL (2015), Lashback and
 * spamcannibal: a dead list may list every address. UCEPROTECT 2 and 3 are not here, because they list networks of others.
 */

import type { DnsList } from './dns-list.ts';

const MINUTE = 60;
/** The lists of this table limit the number of questions a day, the least to 100,000. None has a limit for one name. */
const ORDINARY = { seen: '2026-11-26', everyAtLeast: 15 * MINUTE } as const;

/** @param rest without `removal` if the page itself takes requests for removal */
function list(zone: string, rest: Pick<DnsList, 'name' | 'weight' | 'page'> & Partial<DnsList>): DnsList {
  return { zone, shownZone: zone, kind: 'addresses', codes: {}, removal: rest.page, ...ORDINARY, ...rest };
}

const SPAMHAUS = {
  page: 'https://www.spamhaus.org/faq/section/DNSBL%20Usage',
  removal: 'https://check.spamhaus.org/',
} as const;

/** As dynamic and private addresses are. */
const NO_SENDER = 'no mail is expected from here';

export const ZEN: DnsList = list('zen.spamhaus.org', {
  name: 'Spamhaus ZEN',
  weight: 'fail',
  codes: {
    '127.0.0.2': 'SBL: source of spam',
    '127.0.0.3': 'CSS: source of spam',
    '127.0.0.4': 'XBL: infected machine or open proxy',
    '127.0.0.9': 'DROP: hijacked network',
    '127.0.0.10': 'PBL: the provider says that no mail comes from here',
    '127.0.0.11': `PBL: ${NO_SENDER}`,
    '127.0.0.30': 'BCL: controls a botnet',
  },
  ...SPAMHAUS,
});

/** Domains that others abuse belong to a victim: receivers look at more than the domain. */
const ABUSED = { meaning: 'a legitimate domain that others abuse', weight: 'warn' } as const;

export const DBL: DnsList = list('dbl.spamhaus.org', {
  name: 'Spamhaus DBL',
  kind: 'domains',
  weight: 'fail',
  codes: {
    '127.0.1.2': 'low reputation',
    '127.0.1.4': 'phishing',
    '127.0.1.5': 'malware',
    '127.0.1.6': 'controls a botnet',
    '127.0.1.102': ABUSED,
    '127.0.1.103': ABUSED,
    '127.0.1.104': ABUSED,
    '127.0.1.105': ABUSED,
    '127.0.1.106': ABUSED,
  },
  // The list was asked about an address.
  refusals: ['127.0.1.255'],
  testEntry: 'dbltest.com',
  ...SPAMHAUS,
});

export const ABUSIX: DnsList = list('combined.mail.abusix.zone', {
  name: 'Abusix',
  weight: 'fail',
  codes: {
    '127.0.0.2': 'sent mail to spam traps',
    '127.0.0.3': 'very low reputation',
    '127.0.0.4': 'infected or misused machine',
    '127.0.0.11': NO_SENDER,
    '127.0.0.12': NO_SENDER,
    '127.0.0.200': 'listed by hand',
  },
  page: 'https://docs.abusix.com/docs/guardian-mail/production-zones',
  removal: 'https://lookup.abusix.com/',
  needsKey: true,
});

export const DNS_LISTS: readonly DnsList[] = [
  ZEN,
  list('bl.spamcop.net', {
    name: 'SpamCop',
    weight: 'fail',
    page: 'https://www.spamcop.net/bl.shtml',
  }),
  list('b.barracudacentral.org', {
    name: 'Barracuda',
    weight: 'fail',
    page: 'https://www.barracudacentral.org/rbl/how-to-use',
    removal: 'https://www.barracudacentral.org/lookups',
    registered: true,
  }),
  list('psbl.surriel.com', {
    name: 'PSBL',
    weight: 'warn',
    page: 'https://psbl.org/howto/',
    removal: 'https://psbl.org/',
  }),
  list('bl.mailspike.net', {
    name: 'Mailspike',
    weight: 'warn',
    codes: {
      '127.0.0.2': 'spam wave',
      '127.0.0.10': 'worst reputation',
      '127.0.0.11': 'very bad reputation',
      '127.0.0.12': 'bad reputation',
    },
    page: 'https://mailspike.org/usage.html',
    removal: 'https://mailspike.org/',
  }),
  list('dnsbl-1.uceprotect.net', {
    name: 'UCEPROTECT level 1',
    weight: 'warn',
    page: 'https://www.uceprotect.net/',
  }),
  list('dnsbl.dronebl.org', {
    name: 'DroneBL',
    weight: 'warn',
    codes: {
      '127.0.0.3': 'IRC drone',
      '127.0.0.5': 'bottler',
      '127.0.0.6': 'unknown worm or spambot',
      '127.0.0.7': 'DDoS drone',
      '127.0.0.8': 'open SOCKS proxy',
      '127.0.0.9': 'open HTTP proxy',
      '127.0.0.10': 'proxy chain',
      '127.0.0.11': 'web page proxy',
      '127.0.0.12': 'open DNS resolver',
      '127.0.0.13': 'dictionary attacks',
      '127.0.0.14': 'open Wingate proxy',
      '127.0.0.15': 'compromised router',
      '127.0.0.16': 'worm',
      '127.0.0.17': 'botnet',
      '127.0.0.19': 'abused VPN service',
    },
    page: 'https://dronebl.org/docs/howtouse',
    removal: 'https://dronebl.org/lookup',
  }),
  DBL,
  list('multi.surbl.org', {
    name: 'SURBL',
    kind: 'domains',
    weight: 'fail',
    codes: {
      '8': 'PH: phishing',
      '16': 'MW: malware',
      '64': 'ABUSE: spam',
      '128': { meaning: 'CR: a cracked site', weight: 'warn' },
    },
    bits: true,
    // The list blocks the resolver.
    refusals: ['127.0.0.1'],
    testEntry: 'test.surbl.org',
    page: 'https://www.surbl.org/faq.html',
    removal: 'https://surbl.org/',
  }),
  list('list.dnswl.org', {
    name: 'dnswl',
    kind: 'allowed',
    weight: 'warn',
    // More than 100,000 questions in 24 hours.
    refusals: ['127.0.0.255'],
    page: 'https://www.dnswl.org/?p=204',
    removal: 'https://www.dnswl.org/',
    // It is information only.
    everyAtLeast: 60 * MINUTE,
  }),
  ABUSIX,
];

/** Lists that answer resolvers that are not registered with them. */
export const DEFAULT_LISTS: readonly DnsList[] = DNS_LISTS.filter(({ registered }) => registered !== true);

/** The list of a zone; a zone that is not known counts as a sign among others. */
export function publicList(zone: string): DnsList {
  const known = DNS_LISTS.find((one) => one.zone === zone);
  return known ?? list(zone, { name: zone, weight: 'warn', page: `https://${zone}/`, seen: '' });
}
