/** TLSA records as the zone has them now. Caches may still have former ones. */

import type { AnswerMessage } from '../../../dns/messages/answer-message.ts';
import type { AskServer } from '../../../dns/records/dns-of-run.ts';
import type { RecordLookup } from '../../../dns/records/records.ts';
import { routableAddresses } from '../../../dns/special-addresses.ts';
import type { TlsaData } from '../../../standards/dane/tlsa.ts';
import { hostAddresses } from '../../mail-hosts.ts';
import type { PostureContext } from '../../posture-context.ts';
import { zoneOf } from '../../zones/zone.ts';

/** Servers that are asked, one after the other until one answers. */
const MOST_SERVERS = 3;

/** Null if no server of the zone can be asked, or if the name is an alias, whose zone is another one. */
export async function zoneTlsa(
  name: string,
  { lookup, askServer }: Pick<PostureContext, 'lookup' | 'askServer'>,
): Promise<readonly TlsaData[] | null> {
  if (askServer === undefined) return null;
  const zone = await zoneOf(name, lookup);
  if (zone === null || zone.kind !== 'zone') return null;
  for (const server of zone.servers.slice(0, MOST_SERVERS)) {
    const records = await askOne(server, name, lookup, askServer);
    if (records !== null) return records;
  }
  return null;
}

async function askOne(server: string, name: string, lookup: RecordLookup, askServer: AskServer) {
  const { addresses } = await hostAddresses(server, lookup);
  const [address] = routableAddresses(server, addresses, 'public').routes;
  const answer = address === undefined ? null : await askServer(address, 'TLSA', name);
  return answer === null || answer.kind === 'failed' ? null : recordsIn(answer, name);
}

const NXDOMAIN = 3;

/** Without authority, a resolver answers in place of the server. */
function recordsIn({ rcode, authoritative, answers }: AnswerMessage, name: string): readonly TlsaData[] | null {
  if (!authoritative || (rcode !== 0 && rcode !== NXDOMAIN)) return null;
  if (answers.some(({ type }) => type === 'CNAME')) return null;
  return answers.flatMap((record) => (record.type === 'TLSA' && record.name === name ? [record.data] : []));
}
