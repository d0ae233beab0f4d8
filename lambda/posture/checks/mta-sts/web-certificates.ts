/** Days left of the certificates of hosts that clients of the domain use, such as webmail and autoconfig. */

import { routableAddresses } from '../../../dns/special-addresses.ts';
import type { FetchedCertificate } from '../../certificate-fetch.ts';
import type { PostureCode } from '../../codes/codes.ts';
import { noAnswer, type PostureFinding, postureFinding, shellCommand } from '../../finding.ts';
import { hostAddresses } from '../../mail-hosts.ts';
import type { PostureContext } from '../../posture-context.ts';

const DAY = 86_400_000;
/** A certificate of 90 days is renewed with 30 left. */
const SOON = 14;

export async function checkWebCertificates(context: PostureContext): Promise<readonly PostureFinding[]> {
  return Promise.all((context.webHosts ?? []).map((host) => checkHost(host, context)));
}

async function checkHost(host: string, context: PostureContext): Promise<PostureFinding> {
  const { lookup, fetchCertificate, now = Date.now() } = context;
  const { addresses, failure } = await hostAddresses(host, lookup);
  if (failure !== null && addresses.length === 0) return noAnswer('mta-sts', host, failure);
  const { routes, problem } = routableAddresses(host, addresses, 'public');
  if (routes.length === 0) return say('web-certificate', host, problem?.detail ?? `${host} has no A or AAAA record`);
  if (fetchCertificate === undefined) return say('web-host-unreachable', host, `${host} was not asked`);
  return judge(host, await fetchCertificate(host, routes), now);
}

function judge(host: string, fetched: FetchedCertificate, now: number): PostureFinding {
  switch (fetched.kind) {
    case 'unreachable':
      return say('web-host-unreachable', host, fetched.detail);
    case 'invalid':
      return say('web-certificate', host, fetched.detail);
    case 'valid': {
      const days = Math.floor((Date.parse(fetched.validTo) - now) / DAY);
      const code = days < SOON ? 'web-certificate-expiring' : 'web-certificate-valid';
      return say(code, host, `${host}: ${days} days left, until ${fetched.validTo}`);
    }
    default:
      return fetched satisfies never;
  }
}

function say(code: PostureCode, host: string, detail: string): PostureFinding {
  const command = shellCommand`openssl s_client -connect ${host}:443 -servername ${host}`;
  return postureFinding(code, 'mta-sts', { subject: host, detail, command });
}
