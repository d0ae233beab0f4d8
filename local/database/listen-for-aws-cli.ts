/** The embedded table for the AWS CLI and other programs of the owner: over loopback, with a secret, read only. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Ask } from './operations.ts';
import { databaseServer } from './server.ts';

export interface Listening {
  /** `http://127.0.0.1:8000` */
  readonly endpoint: string;
  /** Clients sign requests with it. */
  readonly accessKeyId: string;
  close(): Promise<void>;
}

/** No `Scan`, which reads everything however little it finds. */
const forReading = ['DescribeTable', 'GetItem', 'ListTables', 'Query'] as const;

/** @param port any that is free where it is 0 @throws where the port is taken */
export async function listenOnLoopback(ask: Ask, port: number): Promise<Listening> {
  const accessKeyId = `LOCAL${randomBytes(20).toString('hex').toUpperCase()}`;
  const server = databaseServer({ ask, allowed: forReading, admits: (headers) => isSignedWith(headers, accessKeyId) });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accessKeyId,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/**
 * Whether the request bears the access key, in SigV4's `Authorization: AWS4-HMAC-SHA256 Credential=KEY/…`. The key itself
 * is the secret; what is signed with it does not matter. In a time that says nothing of how much of it was right.
 */
function isSignedWith({ authorization = '' }: IncomingHttpHeaders, accessKeyId: string): boolean {
  const given = /^AWS4-HMAC-SHA256 +Credential=([^/,\s]+)\//.exec(authorization)?.[1] ?? '';
  return timingSafeEqual(digest(given), digest(accessKeyId));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
