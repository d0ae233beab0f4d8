/** Providers of mailboxes, by the name of the host that took or refused the message. A domain of an address says less: many have their mail at a provider. */

import { isIP } from 'node:net';

interface Provider {
  readonly name: string;
  /** Suffixes of MX hosts. */
  readonly hosts: readonly string[];
}

const PROVIDERS: readonly Provider[] = [
  { name: 'Google', hosts: ['google.com', 'googlemail.com', 'psmtp.com'] },
  {
    name: 'Microsoft',
    hosts: ['outlook.com', 'hotmail.com', 'mx.microsoft', 'outlook.de', 'office365.us', 'outlook.cn'],
  },
  { name: 'Yahoo', hosts: ['yahoodns.net', 'aol.com'] },
  { name: 'Apple', hosts: ['icloud.com', 'apple.com'] },
  { name: 'Proton', hosts: ['protonmail.ch'] },
  { name: 'Fastmail', hosts: ['messagingengine.com'] },
  { name: 'GMX and WEB.DE', hosts: ['gmx.net', 'web.de', 'kundenserver.de', '1and1.com', 'ionos.com'] },
  { name: 'Deutsche Telekom', hosts: ['t-online.de'] },
  { name: 'Orange', hosts: ['orange.fr', 'wanadoo.fr'] },
  { name: 'Comcast', hosts: ['comcast.net'] },
  { name: 'Zoho', hosts: ['zoho.com', 'zoho.eu', 'zohomail.com'] },
  { name: 'Yandex', hosts: ['yandex.ru', 'yandex.net'] },
  { name: 'Mail.ru', hosts: ['mail.ru'] },
  { name: 'Tencent', hosts: ['qq.com'] },
  { name: 'NetEase', hosts: ['163.com', '126.com', 'netease.com'] },
  { name: 'Naver', hosts: ['naver.com'] },
  { name: 'Mimecast', hosts: ['mimecast.com', 'mimecast.co.za'] },
  { name: 'Proofpoint', hosts: ['pphosted.com', 'ppe-hosted.com', 'proofpoint.com'] },
  { name: 'Barracuda', hosts: ['barracudanetworks.com'] },
  { name: 'Cisco', hosts: ['iphmx.com'] },
  { name: 'Symantec', hosts: ['messagelabs.com'] },
  { name: 'OVH', hosts: ['ovh.net', 'ovh.ca'] },
  { name: 'Gandi', hosts: ['gandi.net'] },
];

/** The name for deliveries that reached no host. */
export const NO_HOST = 'no host reached';

/** Second-level labels under which names are registered, as in `example.co.uk`. */
const SHARED = /^(?:co|com|net|org|ac|gov|edu|ne|or|go)$/;

/** A provider of the table, or the registered domain of the host. */
export function providerOf(host: string | null): string {
  if (host === null) return NO_HOST;
  const name = host.toLowerCase().replace(/\.$/, '');
  const known = PROVIDERS.find(({ hosts }) => hosts.some((suffix) => name === suffix || name.endsWith(`.${suffix}`)));
  return known?.name ?? registeredDomain(name);
}

/** An address, which a transport or a smart host may name, has no labels. */
function registeredDomain(name: string): string {
  if (isIP(name) !== 0) return name;
  const labels = name.split('.');
  const country = (labels.at(-1)?.length ?? 0) === 2 && SHARED.test(labels.at(-2) ?? '');
  return labels.slice(country ? -3 : -2).join('.');
}
