/** nodemailer's verify(), which is what Uptime Kuma calls: a session with EHLO, STARTTLS and QUIT. */

import { createTransport } from 'nodemailer';
import type { Endpoint } from '../../lambda/smtp/endpoint/endpoint.ts';

export async function nodemailer({ host, port, security, ehloName, serverName, ca }: Endpoint): Promise<void> {
  await createTransport({
    host,
    port,
    name: ehloName,
    secure: security === 'tls',
    ignoreTLS: security === 'none',
    requireTLS: security === 'starttls',
    tls: { servername: serverName, ca },
  }).verify();
}
