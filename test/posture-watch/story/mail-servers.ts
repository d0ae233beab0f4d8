/** An MX host and a policy host on loopback, with certificates of an authority of their own. */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createSecureContext } from 'node:tls';
import { SMTPServer } from 'smtp-server';
import { makeCertificate, type ServerCertificate } from '../../../local/demo/certificate.ts';
import { stsPolicy } from './mail-zone.ts';

export interface MailServers {
  readonly smtpPort: number;
  readonly httpsPort: number;
  /** Of the MX host, as it is served now. */
  certificate(): ServerCertificate;
  readonly policyCa: string;
  /** The body of the policy of MTA-STS. */
  policy: string;
  /** A new key and certificate for the MX host. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

const MX = 'mx1.example.com';

export async function startMailServers(now: number): Promise<MailServers> {
  let served = await makeCertificate([MX, 'mx2.example.com'], now);
  const web = await makeCertificate(['mta-sts.example.com'], now);
  const smtp = new SMTPServer({
    name: MX,
    banner: 'ESMTP',
    authOptional: true,
    disabledCommands: ['AUTH'],
    disableReverseLookup: true,
    logger: false,
    key: served.key,
    cert: served.cert,
    SNICallback: (_, done) => done(null, createSecureContext({ key: served.key, cert: served.cert })),
  });
  smtp.on('error', () => {});
  const https = createServer({ key: web.key, cert: web.cert }, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' }).end(servers.policy);
  });
  await Promise.all([
    new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve)),
    new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve)),
  ]);
  const servers: MailServers = {
    smtpPort: (smtp.server.address() as AddressInfo).port,
    httpsPort: (https.address() as AddressInfo).port,
    certificate: () => served,
    policyCa: web.ca,
    policy: stsPolicy(MX),
    renew: async () => {
      served = await makeCertificate([MX, 'mx2.example.com'], now);
    },
    close: async () => {
      https.closeAllConnections();
      https.close();
      await new Promise<void>((resolve) => smtp.close(resolve));
    },
  };
  return servers;
}
