/** Gets access tokens for a refresh token: RFC 6749 6. */

import { createHash } from 'node:crypto';
import { secondsText } from '../smtp/session/slowest-phases-at-deadline.ts';
import { withTimeLimit } from '../wire/time-limit.ts';
import { type MailboxFinding, mailboxFinding } from './failures/mailbox-failures.ts';
import type { MailboxRun } from './mailbox-run.ts';
import type { RefreshTokenCredentials } from './session/mailbox-endpoint.ts';

interface AccessToken {
  readonly token: string;
  /** On the clock of the run. */
  readonly until: number;
}

/** In memory only. */
const known = new Map<string, AccessToken>();
const MOST_KNOWN = 100;
/** Milliseconds before its end in which a token is not used any more. */
const MARGIN = 60_000;

type TokenRun = Pick<MailboxRun, 'limits' | 'now' | 'deadline'> & {
  readonly options: Pick<MailboxRun['options'], 'signal'>;
};

/** A token that is valid for at least a minute, or why there is none. */
export async function accessTokenFor(
  credentials: RefreshTokenCredentials,
  run: TokenRun,
): Promise<string | MailboxFinding> {
  const key = keyOf(credentials);
  const kept = known.get(key);
  if (kept !== undefined && kept.until > run.now()) return kept.token;
  const answer = await requestToken(credentials, run);
  if ('code' in answer) return answer;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, answer);
  return answer.token;
}

/** A server that refuses a token is not shown it again. */
export function forgetAccessToken(credentials: RefreshTokenCredentials): void {
  known.delete(keyOf(credentials));
}

function keyOf({ user, tokenEndpoint, clientId, refreshToken }: RefreshTokenCredentials): string {
  return createHash('sha256')
    .update(JSON.stringify([user, tokenEndpoint, clientId, refreshToken]))
    .digest('hex');
}

async function requestToken(
  credentials: RefreshTokenCredentials,
  run: TokenRun,
): Promise<AccessToken | MailboxFinding> {
  const { limits, deadline, now, options } = run;
  const within = Math.max(0, Math.min(limits.token, deadline - now()));
  return await withTimeLimit(Math.ceil(within), options.signal, async (signal, isOver) => {
    try {
      const response = await fetch(credentials.tokenEndpoint, {
        method: 'POST',
        body: formOf(credentials),
        headers: { accept: 'application/json' },
        redirect: 'error',
        signal,
      });
      const text = await boundedText(response, limits.tokenOctets);
      return text === null ? tooLong(limits.tokenOctets) : readAnswer(response.status, text, now());
    } catch (error) {
      if (options.signal?.aborted) return mailboxFinding('aborted', { phase: 'auth', detail: 'stopped from outside' });
      const detail = isOver() ? `no answer within ${secondsText(within)}` : reasonOf(error);
      return mailboxFinding('token-unavailable', { detail: `token endpoint: ${detail}` });
    }
  });
}

function formOf({ refreshToken, clientId, clientSecret, scope }: RefreshTokenCredentials): URLSearchParams {
  return new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    client_id: clientId,
    ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
    ...(scope === undefined ? {} : { scope }),
  });
}

/** Null for what is longer. */
async function boundedText({ body }: Response, most: number): Promise<string | null> {
  const pieces: Uint8Array[] = [];
  let octets = 0;
  for await (const piece of body ?? []) {
    octets += piece.length;
    if (octets > most) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

function tooLong(most: number): MailboxFinding {
  return mailboxFinding('token-malformed', { detail: `token endpoint: more than ${most} octets` });
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? ('code' in cause && String(cause.code)) || cause.message : String(cause);
}

/** 400 and 401 are of the refresh token or of the client (RFC 6749 5.2). */
function readAnswer(status: number, text: string, at: number): AccessToken | MailboxFinding {
  const answer = fieldsOf(text);
  if (status === 200) return readToken(answer, at);
  const reason = [answer.error, answer.error_description].filter((part) => typeof part === 'string').join(': ');
  const detail = `token endpoint: HTTP ${status}${reason === '' ? '' : `, ${reason}`}`;
  const isRefusal = status === 400 || status === 401 || status === 403;
  return mailboxFinding(isRefusal ? 'token-refused' : 'token-unavailable', { detail });
}

/** RFC 6749 5.1. Without a lifetime, the token is used once. */
function readToken({ access_token, expires_in }: TokenAnswer, at: number): AccessToken | MailboxFinding {
  if (typeof access_token !== 'string' || !/^[!-~]{1,32768}$/.test(access_token)) {
    return mailboxFinding('token-malformed', { detail: 'token endpoint: HTTP 200 without an access token' });
  }
  const lifetime = Number(expires_in);
  const lasts = Number.isFinite(lifetime) ? Math.min(lifetime, DAY_SECONDS) * 1000 - MARGIN : 0;
  return { token: access_token, until: at + lasts };
}

const DAY_SECONDS = 86_400;

interface TokenAnswer {
  readonly access_token?: unknown;
  readonly expires_in?: unknown;
  readonly error?: unknown;
  readonly error_description?: unknown;
}

function fieldsOf(text: string): TokenAnswer {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
