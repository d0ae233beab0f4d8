/** What IMAP and POP3 share between the greeting and authentication. */

import { redactionInAuth } from '../../smtp/redaction/redact-reply.ts';
import { plainResponse, xoauth2Response } from '../../smtp/sasl/initial-responses.ts';
import type { PasswordCredentials, TokenCredentials } from '../session/mailbox-endpoint.ts';
import { breakdown, type Dialogue, enterPhase } from './dialogue.ts';

/** Throws if data in clear text followed the response to `STARTTLS` or `STLS`. */
export function assertNoInjection<Response>(dialogue: Dialogue<Response>, command: string): void {
  if (!dialogue.reader.hasPartial()) return;
  throw breakdown(dialogue, 'starttls-injection', { detail: `data followed the response to ${command} in clear` });
}

/** From here on, replies are quoted without the credentials. */
export function startAuthentication<Response>(
  dialogue: Dialogue<Response>,
  credentials: PasswordCredentials | TokenCredentials,
): void {
  enterPhase(dialogue, 'auth');
  const password = 'accessToken' in credentials ? credentials.accessToken : credentials.password;
  dialogue.redact = redactionInAuth({ user: credentials.user, password });
}

export type MailboxMechanism = 'PLAIN' | 'XOAUTH2';

/** The mechanism that the credentials fit, and its response in base64. */
export function saslOf(credentials: PasswordCredentials | TokenCredentials): readonly [MailboxMechanism, string] {
  const { user } = credentials;
  return 'accessToken' in credentials
    ? ['XOAUTH2', base64(xoauth2Response(user, credentials.accessToken))]
    : ['PLAIN', base64(plainResponse(user, credentials.password))];
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
