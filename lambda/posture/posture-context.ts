import type { RecordLookup } from '../dns/records/records.ts';
import type { ServedHost } from '../smtp/sample/served-host.ts';
import type { TlsaData } from '../standards/dane/tlsa.ts';
import type { DnsList } from '../standards/dnsbl/dns-list.ts';
import type { ListKeys } from '../standards/dnsbl/list-keys.ts';
import type { FetchCertificate } from './certificate-fetch.ts';
import type { FetchPolicy } from './policy-fetch.ts';
import type { RememberedPolicy } from './remembered-policy.ts';

/** What the checks of one domain need. */
export interface PostureContext {
  /** In A-labels and lower case, without a dot at the end. */
  readonly domain: string;
  readonly lookup: RecordLookup;
  /** DKIM selectors that are in use. */
  readonly selectors: readonly string[];
  /** Addresses that send mail of the domain. */
  readonly senders: readonly string[];
  /** Lists of addresses and of domains: the list says which. */
  readonly lists: readonly DnsList[];
  /** Keys of customers of lists. They are secrets, and no finding has them. */
  readonly listKeys?: ListKeys;
  readonly fetchPolicy: FetchPolicy;
  /** Hosts whose certificates are read, such as webmail. In A-labels and lower case. */
  readonly webHosts?: readonly string[];
  readonly fetchCertificate?: FetchCertificate;
  /** What sessions saw of the MX hosts; several of one name if its servers differ. Null or absent: no session was held. */
  readonly served?: readonly ServedHost[] | null;
  /** Policies of MTA-STS that were served in former runs, oldest first. */
  readonly policyMemory?: readonly RememberedPolicy[];
  /** TLSA records of a name as a server of its zone has them; null if it cannot be asked. */
  readonly zoneTlsa?: (name: string) => Promise<readonly TlsaData[] | null>;
  /** Epoch milliseconds; the clock by default. */
  readonly now?: number;
}
