/** Which mailboxes and secrets of a config are checked: those of round trips, and bounce mailboxes. */
import type { SecretReference } from '../config/channel.ts';
import type { Config } from '../config/config.ts';
import type { MailboxEndpoint } from '../mailbox/session/mailbox-endpoint.ts';
import { assertKey } from '../trip/message/token.ts';

export interface MailboxQuestion {
  readonly endpoint: MailboxEndpoint;
  readonly user: string;
  readonly password: SecretReference;
}

export interface SecretQuestion {
  readonly reference: SecretReference;
  /** Throws for a secret that cannot be used. */
  readonly assert?: (secret: string) => unknown;
}

export interface MailboxQuestions {
  readonly mailboxes: readonly MailboxQuestion[];
  readonly secrets: readonly SecretQuestion[];
}

/** Passwords of mailboxes are read for the login; the secrets are those of the servers that send, and the keys. */
export function tripQuestions({ roundTrips = [] }: Pick<Config, 'roundTrips'>): MailboxQuestions {
  const mailboxes = roundTrips.map(({ receive: { auth, junk: _junk, ...endpoint } }) => ({ endpoint, ...auth }));
  const secrets = roundTrips.flatMap(({ id, send, key }): readonly SecretQuestion[] => [
    { reference: key, assert: (secret) => assertKey(secret, id) },
    ...(send.server.auth === undefined ? [] : [{ reference: send.server.auth.password }]),
  ]);
  return { mailboxes: distinct(mailboxes), secrets };
}

export function bounceQuestions({ bounces }: Pick<Config, 'bounces'>): MailboxQuestions {
  const mailboxes = (bounces?.mailboxes ?? []).map(({ endpoint, user, password }) => ({ endpoint, user, password }));
  return { mailboxes: distinct(mailboxes), secrets: [] };
}

/** Several round trips may end in one mailbox. */
function distinct(questions: readonly MailboxQuestion[]): readonly MailboxQuestion[] {
  const keyOf = ({ endpoint: { protocol, host, port }, user }: MailboxQuestion) =>
    JSON.stringify([protocol, host.toLowerCase(), port, user]);
  return [...new Map(questions.map((question) => [keyOf(question), question])).values()];
}
