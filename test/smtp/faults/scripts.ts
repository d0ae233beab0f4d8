/** Scripts and settings shared by the cases in this folder. */

import type { Certificates } from '../certificates.ts';
import { type Answers, type Client, mailServer, type Script } from '../scripted-server.ts';

export const hang = (client: Client) => client.hang();
export const close = (client: Client) => client.close();
export const says =
  (what: string | Buffer): Script =>
  async (client) => {
    client.say(what);
    await client.hang();
  };
export const answering = (answers: Answers) => () => mailServer({ answers });
export const greets = (greeting: string) => answering({ greeting });

export const STARTTLS = { security: 'starttls' } as const;

export const servingCertificate = (which: Exclude<keyof Certificates, 'ca'>) => (all: Certificates) =>
  mailServer({ tls: { key: all[which].key, cert: all[which].pem } });

export const auth = { user: 'probe@example.com', password: 'open sesame' };
export const offersAuth = '250-mx1\r\n250 AUTH PLAIN LOGIN';

export const mail = { mailFrom: 'probe@example.com', rcptTo: ['ops@example.com'] } as const;
export const withoutPipelining = '250 mx1.example.com';
