/** Certificates of the MX hosts as senders with a policy verify them: RFC 8461 4.2. */

import type { ServedHost } from '../../../smtp/sample/served-host.ts';
import type { PresentHost } from '../../../standards/mta-sts/cache-simulation.ts';
import type { MailHosts } from '../../mail-hosts.ts';

/** The hosts, and whether sessions were served a certificate that senders accept. Of several servers, the worst counts. */
export function presentHosts(
  found: MailHosts,
  served: readonly ServedHost[] | null | undefined,
): readonly PresentHost[] {
  if (found.kind !== 'hosts') return [];
  return found.hosts.map(({ name }) => {
    const known = (served ?? []).filter((one) => one.name === name).map(hasCertificate);
    return { name, hasCertificate: known.includes(false) ? false : known.includes(true) ? true : null };
  });
}

function hasCertificate({ starttls, chain }: ServedHost): boolean | null {
  return starttls === 'not offered' ? false : (chain?.publiclyTrusted ?? null);
}
