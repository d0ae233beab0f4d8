import type { RecordLookup } from '../dns/records/records.ts';
import type { DnsList } from '../standards/dnsbl/lists.ts';
import type { FetchPolicy } from './policy-fetch.ts';

/** What the checks of one domain need. */
export interface PostureContext {
  /** In A-labels and lower case, without a dot at the end. */
  readonly domain: string;
  readonly lookup: RecordLookup;
  /** DKIM selectors that are in use. */
  readonly selectors: readonly string[];
  /** Addresses that send mail of the domain. */
  readonly senders: readonly string[];
  readonly lists: readonly DnsList[];
  readonly fetchPolicy: FetchPolicy;
}
