/** TLSA records as a server of their zone has them now: a resolver may still have older ones. */

import type { AskServer } from '../../dns/records/dns-of-run.ts';
import type { RecordLookup } from '../../dns/records/records.ts';
import { routableAddresses } from '../../dns/special-addresses.ts';
import type { TlsaData } from '../../standards/dane/tlsa.ts';
import { hostAddresses } from '../mail-hosts.ts';
import { zoneOf } from './zone.ts';

/** Servers of a zone that are tried. */
const MOST_TRIES = 3;

/** Null if no server of the zone answers. */
export async function zoneTlsaRecords(
  name: string,
  lookup: RecordLookup,
  askServer: AskServer,
): Promise<readonly TlsaData[] | null> {
  const zone = await zoneOf(name, lookup);
  if (zone === null || zone.kind !== 'zone') return null;
  for (const server of zone.servers.slice(0, MOST_TRIES)) {
    const { addresses } = await hostAddresses(server, lookup);
    const [address] = routableAddresses(server, addresses, 'public').routes;
    const answer = address === undefined ? null : await askServer(address, 'TLSA', name);
    if (answer === null || answer.kind === 'failed' || answer.rcode !== 0 || !answer.authoritative) continue;
    return answer.answers.flatMap((record) => (record.type === 'TLSA' && record.name === name ? [record.data] : []));
  }
  return null;
}
