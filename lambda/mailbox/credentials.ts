/** Credentials of a mailbox, as a secret has them. */

import { isLoopbackUrl } from '../wire/loopback.ts';
import { mailboxSecretsOf } from './mailbox-run.ts';
import type { MailboxCredentials } from './session/mailbox-endpoint.ts';

/** Line ends would begin another command, and NUL and SOH separate the fields of SASL (RFC 4616 2). */
const UNFIT = /\p{Cc}/u;

/** @throws TypeError for what cannot be sent. The text of the error has no secret. */
export function assertCredentials(credentials: MailboxCredentials): void {
  if (credentials.user === '' || UNFIT.test(credentials.user))
    throw new TypeError('the user is empty, or has control characters');
  for (const secret of mailboxSecretsOf(credentials)) {
    if (secret === '' || UNFIT.test(secret)) throw new TypeError('the secret is empty, or has control characters');
  }
  if ('tokenEndpoint' in credentials) assertTokenEndpoint(credentials.tokenEndpoint);
}

/** In clear text only to this machine. */
function assertTokenEndpoint(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && (url.protocol === 'https:' || isLoopbackUrl(url))) return;
  throw new TypeError('the token endpoint is no https URL');
}

/** The names of a field in JSON: ours, and that of OAuth and of the files that Google and Microsoft hand out. */
const NAMES = {
  password: ['password'],
  accessToken: ['accessToken', 'access_token'],
  refreshToken: ['refreshToken', 'refresh_token'],
  tokenEndpoint: ['tokenEndpoint', 'token_endpoint', 'token_uri'],
  clientId: ['clientId', 'client_id'],
  clientSecret: ['clientSecret', 'client_secret'],
  scope: ['scope'],
} as const;

/** The text of a secret is a password, or JSON with a password or with tokens. */
export function credentialsFromSecret(user: string, secret: string): MailboxCredentials {
  const fields = jsonObjectOf(secret);
  if (fields === null) return { user, password: secret };
  const field = (name: keyof typeof NAMES) => textAt(fields, NAMES[name]);
  const [refreshToken, accessToken, password] = [field('refreshToken'), field('accessToken'), field('password')];
  if (refreshToken !== null) return withRefreshToken(user, refreshToken, field);
  if (accessToken !== null) return { user, accessToken };
  return { user, password: password ?? secret };
}

function withRefreshToken(
  user: string,
  refreshToken: string,
  field: (name: keyof typeof NAMES) => string | null,
): MailboxCredentials {
  const [tokenEndpoint, clientId, clientSecret, scope] = [
    field('tokenEndpoint'),
    field('clientId'),
    field('clientSecret'),
    field('scope'),
  ];
  if (tokenEndpoint === null || clientId === null) {
    throw new TypeError('a secret with a refresh token needs `tokenEndpoint` and `clientId`');
  }
  return {
    user,
    refreshToken,
    tokenEndpoint,
    clientId,
    ...(clientSecret === null ? {} : { clientSecret }),
    ...(scope === null ? {} : { scope }),
  };
}

/** A password may look like anything: what is no object in JSON is a password. */
function jsonObjectOf(text: string): object | null {
  if (!text.trimStart().startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function textAt(fields: object, names: readonly string[]): string | null {
  const values = new Map<string, unknown>(Object.entries(fields));
  const found = names.map((name) => values.get(name)).find((value) => typeof value === 'string');
  return typeof found === 'string' ? found : null;
}
