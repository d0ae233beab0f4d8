/** The records of a domain with everything in order, as a name server on loopback has them; and of the default DNS lists. */
import { createHash, X509Certificate } from 'node:crypto';
import { testQueries } from '../../../lambda/standards/dnsbl/list-answer.ts';
import { DEFAULT_LISTS } from '../../../lambda/standards/dnsbl/lists.ts';
import type { Records } from '../../dns/zone-answers.ts';
import { goodKey } from '../../posture/cases.ts';

export type MutableZone = Record<string, Records>;

const SOA = 'ns1.example.net ops.example.com 2026112601 7200 3600 1209600 3600';

/** Each list passes its self-test, and lists nothing else. */
function listZone(): MutableZone {
  return Object.fromEntries(
    DEFAULT_LISTS.map((list) => {
      const { listed } = testQueries(list.kind === 'domains' ? 'domain' : 4, list);
      return [listed, { A: [list.bits ? '127.0.0.64' : list.kind === 'domains' ? '127.0.1.2' : '127.0.0.2'] }];
    }),
  );
}

/** @param certificate of the MX host, PEM */
export function mailZone(certificate: string): MutableZone {
  return {
    ...listZone(),
    'example.com': {
      MX: ['10 mx1.example.com'],
      NS: ['ns1.example.net', 'ns2.example.net'],
      SOA: [SOA],
      TXT: ['v=spf1 ip4:192.0.2.25 mx -all'],
    },
    'ns1.example.net': { A: ['192.0.2.53'] },
    'ns2.example.net': { A: ['198.51.100.53'] },
    'mx1.example.com': { A: ['192.0.2.10'], AAAA: [] },
    'mx2.example.com': { A: ['192.0.2.10'], AAAA: [] },
    '10.2.0.192.in-addr.arpa': { PTR: ['mx1.example.com'] },
    'out.example.com': { A: ['192.0.2.25'] },
    '25.2.0.192.in-addr.arpa': { PTR: ['out.example.com'] },
    's1._domainkey.example.com': { TXT: [`v=DKIM1; k=rsa; p=${goodKey}`] },
    '_dmarc.example.com': { TXT: ['v=DMARC1; p=reject; rua=mailto:reports@example.com'] },
    '_mta-sts.example.com': { TXT: ['v=STSv1; id=20261101'] },
    'mta-sts.example.com': { A: ['192.0.2.80'] },
    '_smtp._tls.example.com': { TXT: ['v=TLSRPTv1; rua=mailto:reports@example.com'] },
    '_25._tcp.mx1.example.com': { TLSA: [tlsaOf(certificate)] },
  };
}

/** `3 1 1` with the SHA-256 of the key. */
export function tlsaOf(certificate: string): string {
  const key = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  return `3 1 1 ${createHash('sha256').update(key).digest('hex')}`;
}

export const stsPolicy = (...mx: readonly string[]) =>
  `version: STSv1\nmode: enforce\n${mx.map((host) => `mx: ${host}\n`).join('')}max_age: 604800\n`;
