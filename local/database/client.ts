/** The DynamoDB client of the SDK over the embedded database: in this process, or through the socket of another. */
import { Agent, type IncomingMessage, request } from 'node:http';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Ask, protocol } from './operations.ts';

/** What an SDK client asks of its request handler. */
interface HttpRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const text = new TextDecoder();

/** A client whose requests go nowhere but to `ask`. */
export function clientOver(ask: Ask): DynamoDBClient {
  return new DynamoDBClient({
    endpoint: 'http://embedded.invalid',
    region: 'us-east-1',
    // Embedded: any keys will do, but the client wants some.
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: {
      async handle({ headers, body }: HttpRequest) {
        const operation = headers['x-amz-target']?.slice(protocol.length) ?? '';
        const answer = await ask(operation, typeof body === 'string' ? body : text.decode(body as Uint8Array));
        return {
          response: {
            statusCode: answer.status,
            headers: { 'content-type': 'application/x-amz-json-1.0' },
            body: Buffer.from(answer.body),
          },
        };
      },
    },
  });
}

export interface Through {
  /** Throws where the other process has gone. */
  readonly ask: Ask;
  close(): void;
}

/** Asks the process that listens at a socket. */
export function askThrough(socketPath: string): Through {
  const agent = new Agent({ keepAlive: true });
  return {
    async ask(operation, body) {
      const headers = { 'X-Amz-Target': `${protocol}${operation}`, 'Content-Length': Buffer.byteLength(body) };
      const response = await answerOf(request({ agent, socketPath, method: 'POST', headers }), body);
      return { status: response.statusCode ?? 500, body: await textOf(response) };
    },
    close: () => agent.destroy(),
  };
}

function answerOf(asked: ReturnType<typeof request>, body = ''): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asked.once('response', resolve).once('error', reject);
    asked.end(body);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** The process that answers at a socket. */
export interface Owner {
  readonly pid: number;
  readonly mode: 'own' | 'read';
}

/** Null where nobody answers. */
export async function ownerAt(socketPath: string): Promise<Owner | null> {
  try {
    const asked = request({ socketPath, path: '/', timeout: 2_000 });
    asked.once('timeout', () => asked.destroy(new Error('no answer')));
    const { pid, mode } = JSON.parse(await textOf(await answerOf(asked))) as Partial<Owner>;
    return typeof pid === 'number' && (mode === 'own' || mode === 'read') ? { pid, mode } : null;
  } catch {
    return null;
  }
}
