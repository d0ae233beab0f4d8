/**
 * DNS lists of addresses that send unwanted mail. Lists that ended are not here. The page of a list has its policy: who may
 * ask, and how to be removed. Looked up 2026-11.
 */

export interface DnsList {
  readonly zone: string;
  /** The zone as it is shown: without the key of a customer. */
  readonly shownZone: string;
  readonly name: string;
  /** `fail`: large receivers refuse mail of a listed address. `warn`: the list is one sign among others. */
  readonly weight: 'fail' | 'warn';
  /** What an answer means. Other answers are listings, too. */
  readonly codes: Readonly<Record<string, string>>;
  readonly page: string;
}

const ZEN: DnsList = {
  zone: 'zen.spamhaus.org',
  shownZone: 'zen.spamhaus.org',
  name: 'Spamhaus ZEN',
  weight: 'fail',
  codes: {
    '127.0.0.2': 'SBL: source of spam',
    '127.0.0.3': 'CSS: source of spam',
    '127.0.0.4': 'XBL: infected machine or open proxy',
    '127.0.0.9': 'DROP: hijacked network',
    '127.0.0.10': 'PBL: the provider says that no mail comes from here',
    '127.0.0.11': 'PBL: no mail is expected from here',
  },
  page: 'https://check.spamhaus.org/',
};

export const DNS_LISTS: readonly DnsList[] = [
  ZEN,
  list('bl.spamcop.net', 'SpamCop', 'fail', 'https://www.spamcop.net/bl.shtml'),
  list('b.barracudacentral.org', 'Barracuda', 'fail', 'https://www.barracudacentral.org/lookups'),
  list('psbl.surriel.com', 'PSBL', 'warn', 'https://psbl.org/'),
  {
    ...list('bl.mailspike.net', 'Mailspike', 'warn', 'https://mailspike.org/'),
    codes: { '127.0.0.2': 'spam wave', '127.0.0.10': 'worst reputation', '127.0.0.11': 'very bad reputation' },
  },
  list('dnsbl-1.uceprotect.net', 'UCEPROTECT level 1', 'warn', 'https://www.uceprotect.net/'),
  list('dnsbl.dronebl.org', 'DroneBL', 'warn', 'https://dronebl.org/lookup'),
];

/** Lists that answer resolvers that are not registered with them. */
export const DEFAULT_LISTS: readonly DnsList[] = DNS_LISTS.filter(({ zone }) => zone !== 'b.barracudacentral.org');

function list(zone: string, name: string, weight: DnsList['weight'], page: string): DnsList {
  return { zone, shownZone: zone, name, weight, codes: {}, page };
}

/** The zone of Spamhaus for customers: their key is its first label. */
const WITH_KEY = /^[a-z0-9]+\.zen\.dq\.spamhaus\.net$/;

/** The list of a zone; a zone that is not known counts as a sign among others. */
export function listOfZone(zone: string): DnsList {
  if (WITH_KEY.test(zone.toLowerCase())) {
    return { ...ZEN, zone: zone.toLowerCase(), shownZone: '<key>.zen.dq.spamhaus.net' };
  }
  const known = DNS_LISTS.find((one) => one.zone === zone.toLowerCase());
  return known ?? list(zone.toLowerCase(), zone.toLowerCase(), 'warn', `https://${zone.toLowerCase()}/`);
}
