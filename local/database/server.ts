/** DynamoDB's protocol over HTTP, for other processes of the owner. Browsers are refused, and operations are named. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { fileFailureOf } from './failure.ts';
import { type Answer, type Ask, protocol, refusal } from './operations.ts';

export interface ServerOptions {
  readonly ask: Ask;
  /** What is answered to others; anything else is refused. */
  readonly allowed: readonly string[];
  /** Whether a request may be answered at all; asked before its body is read. */
  readonly admits?: (headers: IncomingMessage['headers']) => boolean;
  /** Answered to `GET /`: who has the files. */
  readonly owner?: object;
}

/** Bytes. An item has 400 KB at most. */
const longestBody = 2 * 1024 * 1024;

export function databaseServer(options: ServerOptions): Server {
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (request, response) => {
    request.on('error', () => response.destroy());
    response.on('error', () => {});
    void answerTo(request, options).then(
      (answer) => send(response, answer),
      () => response.destroy(),
    );
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  return server;
}

async function answerTo(request: IncomingMessage, { ask, allowed, admits, owner }: ServerOptions): Promise<Answer> {
  const { headers, method } = request;
  // Only browsers send these; DynamoDB's own answer would let any page read ours.
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined)
    return refusal('AccessDeniedException', 'browsers are refused', 403);
  if (admits !== undefined && !admits(headers))
    return refusal('UnrecognizedClientException', 'The security token included in the request is invalid.');
  if (method === 'GET' && owner !== undefined) return { status: 200, body: JSON.stringify(owner) };
  if (method !== 'POST') return refusal('UnknownOperationException', 'only POST is answered', 405);
  const target = String(headers['x-amz-target'] ?? '');
  const operation = target.startsWith(protocol) ? target.slice(protocol.length) : '';
  if (!allowed.includes(operation)) {
    return refusal('AccessDeniedException', `${operation === '' ? 'this' : operation} is not answered here`);
  }
  const body = await bodyOf(request);
  if (body === null) return refusal('SerializationException', 'the request is too large', 413);
  return ask(operation, body).catch((error) => refusal('HistoryUnavailable', fileFailureOf(error).words));
}

async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestBody) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, {
    'Content-Type': 'application/x-amz-json-1.0',
    'Content-Length': Buffer.byteLength(body),
    'X-Content-Type-Options': 'nosniff',
    // An answer that came before the whole request was read ends the connection.
    ...(status === 413 || status === 403 ? { Connection: 'close' } : {}),
  });
  response.end(body);
}
