import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { MailRelay } from '../../lambda/config/config.ts';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly isSecure: boolean;
  readonly user: string | undefined;
  /** Headers and body. */
  readonly message: string;
}

export interface RelayServer {
  readonly relay: MailRelay;
  readonly received: readonly ReceivedMail[];
  close(): Promise<void>;
}

/** A relay on loopback that keeps what it accepts. */
export async function startRelayServer(
  options: SMTPServerOptions,
  relay: Partial<MailRelay> = {},
): Promise<RelayServer> {
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: options.key === undefined,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    onData: async (stream, { envelope, secure, user }, done) => {
      const { mailFrom, rcptTo } = envelope;
      const from = mailFrom === false ? '' : mailFrom.address;
      const message = await text(stream);
      received.push({
        from,
        to: rcptTo.map(({ address }) => address),
        isSecure: secure,
        user: user as string,
        message,
      });
      done();
    },
    ...options,
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    relay: { host: '127.0.0.1', port, security: 'starttls-if-offered', credentials: null, from: null, ...relay },
    received,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
