/** Lists of addresses that send wanted mail: RFC 5782 2.2. They are information only: not to be listed is no finding. */

import { type RecordLookup, valuesOf } from '../../../dns/records/records.ts';
import type { DnsList } from '../../../standards/dnsbl/dns-list.ts';
import { listQuery } from '../../../standards/dnsbl/list-answer.ts';
import { type PostureFinding, postureFinding } from '../../finding.ts';
import type { MailAddress } from '../../mail-addresses.ts';
import { refusalOf } from './list-test.ts';

/** The last octet of an answer of dnswl. */
const TRUST = ['none', 'low', 'medium', 'high'];

export async function allowedFindings(
  list: DnsList,
  addresses: readonly MailAddress[],
  lookup: RecordLookup,
): Promise<readonly PostureFinding[]> {
  const asked = addresses.map(async ({ address }) => {
    const values = valuesOf(await lookup('A', listQuery(address, list.zone)));
    const [value] = refusalOf(values, list) === null ? values : [];
    return value === undefined ? [] : [allowed(list, address, value)];
  });
  return (await Promise.all(asked)).flat();
}

function allowed(list: DnsList, address: string, value: string): PostureFinding {
  const trust = TRUST[Number(value.split('.')[3])];
  const detail = `${list.name}: ${value}${trust === undefined ? '' : ` trust: ${trust}`}`;
  return postureFinding('dnsbl-allowed', 'dnsbl', { subject: `${address} on ${list.shownZone}`, detail });
}
