/** The SMTP servers of the demo. */
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { makeCertificate } from './certificate.ts';

/** The current fault of the failing server: none, for every client, or for the vantage with this EHLO name. */
export type DemoFault =
  | { readonly kind: 'none' }
  | { readonly kind: 'all' }
  | { readonly kind: 'one'; readonly ehloName: string };

export interface DemoServers {
  readonly ports: { readonly plain: number; readonly starttls: number; readonly tls: number; readonly flaky: number };
  /** PEM of the certification authority that signed the servers' certificate. */
  readonly ca: string;
  fault: DemoFault;
  close(): Promise<void>;
}

/** The name in the servers' certificate. */
export const demoHost = 'mail.example.com';

/** Starts four real SMTP servers on loopback: plain, STARTTLS, implicit TLS, and one that can fail on demand. */
export async function startDemoServers(): Promise<DemoServers> {
  const { key, cert, ca } = await makeCertificate([demoHost]);
  const state: { fault: DemoFault } = { fault: { kind: 'none' } };
  const [plain, starttls, tls, flaky] = await Promise.all([
    listen({ hideSTARTTLS: true }),
    listen({ key, cert }),
    listen({ key, cert, secure: true }),
    listen({ key, cert, ...faultHandlers(() => state.fault) }),
  ]);
  return {
    ports: { plain: plain.port, starttls: starttls.port, tls: tls.port, flaky: flaky.port },
    ca,
    get fault() {
      return state.fault;
    },
    set fault(fault) {
      state.fault = fault;
    },
    close: async () => {
      await Promise.all([plain, starttls, tls, flaky].map((server) => server.close()));
    },
  };
}

/** For every client: the greeting reports a full disk. For one vantage: MAIL is refused. */
function faultHandlers(fault: () => DemoFault): SMTPServerOptions {
  return {
    onConnect: (_session, done) =>
      done(fault().kind === 'all' ? reply(554, '5.3.1 Mail system full: /var/spool is at 100%') : null),
    onMailFrom: (_address, session, done) => {
      const now = fault();
      const refused = now.kind === 'one' && session.hostNameAppearsAs === now.ehloName.toLowerCase();
      done(refused ? reply(554, '5.3.5 This front end has lost its backend') : null);
    },
  };
}

function reply(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

async function listen(options: SMTPServerOptions): Promise<{ port: number; close(): Promise<void> }> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH'],
    disableReverseLookup: true,
    logger: false,
    name: demoHost,
    closeTimeout: 500,
    ...options,
  });
  // A probe may disconnect at any time. Without a listener the error would end the process.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return { port, close: () => new Promise((resolve) => server.close(resolve)) };
}
