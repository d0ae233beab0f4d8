/** The DynamoDB client of the SDK over the embedded database: in this process, or through the socket of another. */
import { Agent, type IncomingMessage, request } from 'node:http';
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  DynamoDBServiceException,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import { type Answer, type Ask, protocol } from './operations.ts';

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

/**
 * A client whose commands go to `ask` as they are: the SDK neither signs nor writes requests for HTTP, which takes more CPU than
 * the operation itself. For the process that has the files; there is nothing to retry.
 */
export function directClientOver(ask: Ask): DynamoDBClient {
  const client = clientOver(ask);
  const direct = (_next: unknown, { commandName = '' }) => {
    const operation = commandName.replace(/Command$/, '');
    return async ({ input }: { readonly input: object }) => ({
      output: outputOf(await ask(operation, JSON.stringify(input))),
      response: undefined,
    });
  };
  client.middlewareStack.add(direct, { step: 'initialize', priority: 'high', name: 'embeddedDatabase' });
  return client;
}

const noMetadata = { $metadata: {} };
const exceptions = { ConditionalCheckFailedException, ResourceInUseException } as const;

/** @throws the exception of the SDK, where the operation is refused */
function outputOf({ status, body }: Answer) {
  const { __type = '', message = '', ...output } = JSON.parse(body) as { readonly __type?: string; message?: string };
  if (status === 200) return { ...output, ...noMetadata };
  const name = __type.slice(__type.indexOf('#') + 1);
  const Exception = exceptions[name as keyof typeof exceptions];
  if (Exception !== undefined) throw new Exception({ message, ...noMetadata });
  throw new DynamoDBServiceException({ name, message, $fault: 'client', ...noMetadata });
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
