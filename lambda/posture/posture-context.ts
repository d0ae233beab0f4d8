import type { AskServer, AskValidator, NoValidator } from '../dns/records/dns-of-run.ts';
import type { RecordLookup } from '../dns/records/records.ts';
import type { ServedHost } from '../smtp/sample/served-host.ts';
import type { DnsList } from '../standards/dnsbl/dns-list.ts';
import type { ListKeys } from '../standards/dnsbl/list-keys.ts';
import type { FetchCertificate } from './certificate-fetch.ts';
import type { FetchPolicy } from './policy-fetch.ts';
import type { RememberedPolicy } from './remembered-policy.ts';
import type { FetchUrl } from './url-fetch.ts';

/** What the checks of one domain need. */
export interface PostureContext {
  /** In A-labels and lower case, without a dot at the end. */
  readonly domain: string;
  readonly lookup: RecordLookup;
  /** For DNS lists, which are never asked through DNS over HTTPS: they refuse public resolvers. Absent: `lookup`. */
  readonly listLookup?: RecordLookup;
  /** Asks the servers of a zone. Absent: their agreement is not checked. */
  readonly askServer?: AskServer;
  /** Asks for signatures, where they can be trusted. Absent, or a reason: DNSSEC and DANE are not judged, which is no finding. */
  readonly validator?: () => Promise<AskValidator | NoValidator>;
  /** DKIM selectors that are in use. */
  readonly selectors: readonly string[];
  /** Addresses that send mail of the domain. */
  readonly senders: readonly string[];
  /** Public addresses that its round trips were sent from. */
  readonly tripAddresses?: readonly string[];
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
  /** Epoch milliseconds; the clock by default. */
  readonly now?: number;
  /** Fetches the files of BIMI; without it, they are not looked at. */
  readonly fetchUrl?: FetchUrl;
}
