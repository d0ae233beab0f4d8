/** An HTTP server on loopback that gets JSON. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface JsonRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface JsonReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface JsonServer {
  readonly url: string;
  readonly requests: readonly JsonRequest[];
  /** What the next requests get instead of what the service does; `hang` gets nothing. */
  readonly instead: (JsonReply | 'hang')[];
  close(): Promise<void>;
}

export async function startJsonServer(replyTo: (request: JsonRequest) => JsonReply): Promise<JsonServer> {
  const requests: JsonRequest[] = [];
  const instead: (JsonReply | 'hang')[] = [];
  const server = createServer(async (incoming, response) => {
    const written = await text(incoming);
    const { method = '', url: path = '', headers } = incoming;
    const request = { method, path, headers, body: JSON.parse(written || '{}') };
    requests.push(request);
    const reply = instead.shift() ?? replyTo(request);
    if (reply === 'hang') return;
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    instead,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close').catch(() => {});
    },
  };
}
