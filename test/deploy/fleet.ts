import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { type DemoServers, demoHost, startDemoServers } from '../../local/demo/servers.ts';

export const password = 'correct horse battery staple';
/** Of a DNS list. */
export const listKey = 'k3yofal1st';

/** What the deployed fleet watches and tells, on loopback: real SMTP servers, and a receiver of posts. */
export interface Fleet {
  readonly servers: DemoServers;
  /** Bodies that were posted, by path. */
  readonly posted: ReadonlyMap<string, readonly string[]>;
  readonly receiver: string;
  /** The config file; `more` are further targets. */
  yaml(more?: string): string;
  close(): Promise<void>;
}

export async function startFleet(): Promise<Fleet> {
  const posted = new Map<string, string[]>();
  const [servers, submission, receiver] = await Promise.all([
    startDemoServers(),
    listenForSubmission(),
    listenForPosts(posted),
  ]);
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  return {
    servers,
    posted,
    receiver: url,
    yaml: (more = '') => configFile(servers, submission.port, url) + more,
    close: async () => {
      receiver.closeAllConnections();
      await Promise.all([servers.close(), submission.close(), new Promise((done) => receiver.close(done))]);
    },
  };
}

function configFile({ ports }: DemoServers, submission: number, receiver: string): string {
  return `
name: mailwatch
home: us-east-1
vantages: [us-east-1, eu-west-1, ap-southeast-1]
recover: 1
ehloName: probe.example.com
notify:
  - email: ops@example.com
  - sms: "+15555550100"
    when: [down]
  - webhook: ${receiver}/webhook
    when: [down, recovered]
# Nothing is there: what cannot be asked is unable, and no question leaves this machine.
resolver: [tls://127.0.0.1:9]
posture: [{ domain: example.com, senders: [192.0.2.25] }]
listKeys: { spamhaus: { secret: lists/spamhaus } }
targets:
  - { id: mx1, host: 127.0.0.1, port: ${ports.flaky}, security: starttls, serverName: ${demoHost}, ca: ca.pem }
  - { id: plain, host: 127.0.0.1, port: ${ports.plain}, security: none }
  - id: submission
    host: 127.0.0.1
    port: ${submission}
    security: starttls
    insecure: true
    auth: { user: probe, password: { secret: smtp/probe } }
`;
}

async function listenForSubmission(): Promise<{ port: number; close(): Promise<void> }> {
  const server = new SMTPServer({
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 500,
    onAuth: (auth, _session, done) => {
      if (auth.username === 'probe' && auth.password === password) return done(null, { user: 'probe' });
      done(Object.assign(new Error('5.7.8 Authentication credentials invalid'), { responseCode: 535 }));
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((done) => server.close(done)),
  };
}

async function listenForPosts(posted: Map<string, string[]>): Promise<Server> {
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    posted.set(path, [...(posted.get(path) ?? []), await bodyOf(request)]);
    response.end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}
