/** One session with each MX host, to see what it serves: a good guest opens one connection per host, and ends it with QUIT. */

import { isAddressLiteral } from '../dns/mail-exchangers.ts';
import type { NameResolver } from '../dns/resolver.ts';
import type { MxAddresses } from '../dns/special-addresses.ts';
import { createAddressLock } from '../smtp/address-lock.ts';
import { probe } from '../smtp/resolve-and-probe-endpoint.ts';
import { type ServedHost, servedHostOf } from '../smtp/sample/served-host.ts';
import type { MailHost } from './mail-hosts.ts';

export interface MailSessionOptions {
  /** Whose MX records name the hosts: hosts at addresses that are not public are not connected to. */
  readonly domain: string;
  readonly port: number;
  readonly ehloName: string;
  readonly resolver: NameResolver;
  /** Milliseconds for each session. */
  readonly within: number;
  readonly mxAddresses?: MxAddresses;
}

/** In the order of the hosts. Hosts with the same address wait for each other. None of the promises rejects. */
export function mailSessions(hosts: readonly MailHost[], options: MailSessionOptions): readonly Promise<ServedHost>[] {
  const addressLock = createAddressLock();
  return hosts.filter(({ name }) => !isAddressLiteral(name)).map(({ name }) => holdSession(name, options, addressLock));
}

async function holdSession(
  host: string,
  { domain, port, ehloName, resolver, within, mxAddresses }: MailSessionOptions,
  addressLock: ReturnType<typeof createAddressLock>,
): Promise<ServedHost> {
  const quits: Promise<void>[] = [];
  const sample = await probe(
    // The certificate is read, and judged by the records that it has to fit.
    { host, domain, port, ehloName, security: 'starttls-if-offered', insecure: true, timeout: within },
    {
      resolver,
      addressLock,
      clientHello: false,
      onQuit: (closed) => void quits.push(closed),
      ...(mxAddresses === undefined ? {} : { mxAddresses }),
    },
  );
  await Promise.all(quits);
  return servedHostOf(sample, host, new Date().toISOString());
}
