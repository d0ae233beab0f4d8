/** Opens a session with a mailbox: token, name, connection, TLS and authentication. Start reading here. */

import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import { literalAddress, resolveAddresses } from '../dns/addresses.ts';
import { withinDeadline } from '../dns/deadline.ts';
import { systemResolver } from '../dns/resolver.ts';
import { createImapTalks } from '../imap/imap-talks.ts';
import { createPop3Talks } from '../pop3/pop3-talks.ts';
import { openConnection } from '../smtp/connection.ts';
import { dnsFinding } from '../smtp/dns-findings.ts';
import { secureContextFor } from '../smtp/tls/offer-and-inspect-handshake.ts';
import { accessTokenFor, forgetAccessToken } from './access-token.ts';
import { assertCredentials } from './credentials.ts';
import { fromTransport } from './dialogue/dialogue-events.ts';
import type { MailboxTalks } from './dialogue/mailbox-talks.ts';
import { type MailboxFinding, mailboxFinding } from './failures/mailbox-failures.ts';
import { type MailboxRun, maskMailboxFinding, reportOf, startMailboxRun } from './mailbox-run.ts';
import { startMailboxSession, tlsEndpointOf } from './run-talks.ts';
import type {
  MailboxCredentials,
  MailboxEndpoint,
  MailboxOptions,
  PasswordCredentials,
  TokenCredentials,
} from './session/mailbox-endpoint.ts';
import { MailboxError } from './session/mailbox-report.ts';
import type { MailboxSession } from './session/mailbox-session.ts';

/**
 * An authenticated session. Rejects with a `MailboxError` for what the server, the network or the token endpoint did, and
 * with a `TypeError` for settings that cannot be used.
 */
export async function openMailbox(
  endpoint: MailboxEndpoint,
  credentials: MailboxCredentials,
  options: MailboxOptions = {},
): Promise<MailboxSession> {
  assertCredentials(credentials);
  if (endpoint.security !== 'none') secureContextFor(tlsEndpointOf({ endpoint }));
  if (options.signal !== undefined) setMaxListeners(0, options.signal);
  const run = startMailboxRun(endpoint, credentials, options);
  const account = await accountOf(run, credentials);
  const socket = await connect(run);
  const settings = { limits: run.limits, deadline: run.deadline, secrets: run.secrets, timings: run.timings };
  try {
    return endpoint.protocol === 'imap'
      ? await authenticated(socket, run, createImapTalks(settings), account)
      : await authenticated(socket, run, createPop3Talks(settings), account);
  } catch (error) {
    if ('refreshToken' in credentials && isRejected(error)) forgetAccessToken(credentials);
    throw error;
  }
}

function isRejected(error: unknown): boolean {
  return error instanceof MailboxError && error.failure.phase === 'auth';
}

/** A session that cannot be opened is ended with LOGOUT or QUIT, if the server can still read it. */
async function authenticated<Response>(
  socket: Socket,
  run: MailboxRun,
  talks: MailboxTalks<Response>,
  account: PasswordCredentials | TokenCredentials,
): Promise<MailboxSession> {
  const { hold, ...session } = startMailboxSession(socket, run, talks);
  try {
    await hold(() => talks.open(run.endpoint, account));
    return session;
  } catch (error) {
    await session.end().catch(() => {});
    throw error;
  }
}

function failed(run: MailboxRun, found: MailboxFinding): MailboxError {
  run.findings.push(found);
  return new MailboxError(maskMailboxFinding(found, run.secrets), true, reportOf(run, null));
}

/** A refresh token is changed for an access token. */
async function accountOf(
  run: MailboxRun,
  credentials: MailboxCredentials,
): Promise<PasswordCredentials | TokenCredentials> {
  if (!('refreshToken' in credentials)) return credentials;
  const since = run.now();
  const token = await accessTokenFor(credentials, run);
  run.timings.auth = run.now() - since;
  if (typeof token !== 'string') throw failed(run, token);
  const { user } = credentials;
  run.secrets.add({ user, password: token });
  return { user, accessToken: token };
}

/** The first address that answers. */
async function connect(run: MailboxRun): Promise<Socket> {
  const { endpoint, limits, now, deadline, timings, options } = run;
  const addresses = await addressesOf(run);
  const failures: MailboxFinding[] = [];
  const since = now();
  for (const address of addresses.slice(0, limits.addresses)) {
    const left = Math.min(limits.connect, deadline - now());
    if (left <= 0) break;
    run.address = address;
    const socket = await openConnection(address, endpoint.port, left, options.signal);
    timings.connect = now() - since;
    if (!('code' in socket)) {
      run.findings.push(...failures.filter(({ outcome }) => outcome !== 'unable').map(asWarning));
      return socket;
    }
    failures.push(fromTransport(socket));
    if (socket.code === 'aborted') break;
  }
  const timeout = mailboxFinding('connect-timeout', { detail: `${endpoint.host}: no time left to connect` });
  throw failed(run, failures.find(({ outcome }) => outcome !== 'unable') ?? failures[0] ?? timeout);
}

/** Another address of the host answered. An address that this vantage has no route to is no defect. */
function asWarning({ detail }: MailboxFinding): MailboxFinding {
  return mailboxFinding('address-down', { phase: 'connect', detail });
}

async function addressesOf(run: MailboxRun): Promise<readonly string[]> {
  const { endpoint, options, limits, now, timings } = run;
  const { host, family = 'any' } = endpoint;
  const literal = literalAddress(host, family);
  if (literal !== null) {
    if ('kind' in literal) throw failed(run, fromTransport(dnsFinding(literal)));
    return literal;
  }
  const since = now();
  const query = { family, hostsFile: true, otherFamily: limits.otherFamily };
  const answer = resolveAddresses(host, options.resolver ?? systemResolver(), query);
  const found = await withinDeadline(answer, host, Math.min(limits.dns, run.deadline - since), options.signal);
  timings.dns = now() - since;
  if ('kind' in found) throw failed(run, fromTransport(dnsFinding(found)));
  if (found.problem !== null) run.findings.push(fromTransport(dnsFinding(found.problem)));
  return found.addresses;
}
