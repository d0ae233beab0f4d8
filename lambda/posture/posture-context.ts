import type { AskServer, AskValidator, NoValidator } from '../dns/records/dns-of-run.ts';
import type { RecordLookup } from '../dns/records/records.ts';
import type { DnsList } from '../standards/dnsbl/lists.ts';
import type { FetchPolicy } from './policy-fetch.ts';

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
  readonly lists: readonly DnsList[];
  readonly fetchPolicy: FetchPolicy;
}
