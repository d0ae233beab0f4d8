/** Answers `smtp-quorum doctor`: whether each mailbox can be reached and logged in to, and whether its secrets can be read. */

import type { SecretReference } from '../config/channel.ts';
import { credentialsFromSecret } from '../mailbox/credentials.ts';
import type { openMailbox } from '../mailbox/open-mailbox.ts';
import type { MailboxProtocol } from '../mailbox/session/mailbox-endpoint.ts';
import { MailboxError } from '../mailbox/session/mailbox-report.ts';
import { withTimeLimit } from '../wire/time-limit.ts';
import type { MailboxQuestion, MailboxQuestions, SecretQuestion } from './mailbox-questions.ts';

/** The event of `smtp-quorum doctor`. */
export interface MailboxDiagnosisRequest {
  readonly diagnose: 'mailboxes';
}

export interface MailboxAnswer {
  readonly protocol: MailboxProtocol;
  readonly host: string;
  readonly port: number;
  /** Phase that failed; `secret` if the password could not be read, so that no session was tried; null if the login succeeded. */
  readonly phase: string | null;
  readonly detail: string | null;
}

/** Whether a secret could be read; never the secret. */
export interface MailboxSecretAnswer {
  readonly secret: string;
  /** Null if it could be read. */
  readonly error: string | null;
}

export interface MailboxDiagnosis {
  readonly vantage: string;
  readonly mailboxes: readonly MailboxAnswer[];
  readonly secrets: readonly MailboxSecretAnswer[];
}

export interface MailboxDiagnosisPorts {
  readonly vantage: string;
  readonly openMailbox: typeof openMailbox;
  secret(reference: SecretReference): Promise<string>;
}

/** Milliseconds for one session: well below the timeout of the functions. */
const SESSION = 20_000;
/** Characters. */
const LONGEST = 300;

export function isMailboxDiagnosis(event: unknown): event is MailboxDiagnosisRequest {
  return typeof event === 'object' && event !== null && 'diagnose' in event && event.diagnose === 'mailboxes';
}

/** All at once. Each login is one that the next round would make, too. */
export async function diagnoseMailboxes(
  ports: MailboxDiagnosisPorts,
  { mailboxes, secrets }: MailboxQuestions,
): Promise<MailboxDiagnosis> {
  const all = [...secrets, ...mailboxes.map((question): SecretQuestion => passwordOf(question))];
  const [answers, read] = await Promise.all([
    Promise.all(mailboxes.map((question) => askMailbox(ports, question))),
    Promise.all(all.map((question) => readSecret(ports, question))),
  ]);
  return { vantage: ports.vantage, mailboxes: answers, secrets: distinct(read) };
}

function passwordOf({ user, password }: MailboxQuestion): SecretQuestion {
  return { reference: password, assert: (secret) => credentialsFromSecret(user, secret) };
}

async function askMailbox(
  { openMailbox: open, secret }: MailboxDiagnosisPorts,
  { endpoint, user, password }: MailboxQuestion,
): Promise<MailboxAnswer> {
  const { protocol, host, port } = endpoint;
  const answer = (phase: string | null, detail: string | null) => ({ protocol, host, port, phase, detail });
  const stored = await secret(password).catch(() => null);
  if (stored === null) return answer('secret', null);
  try {
    return await withTimeLimit(SESSION, undefined, async (signal) => {
      const session = await open(endpoint, credentialsFromSecret(user, stored), { signal });
      await session.end().catch(() => {});
      return answer(null, null);
    });
  } catch (error) {
    if (!(error instanceof MailboxError)) return answer('secret', null);
    return answer(error.failure.phase, `${error.failure.code}: ${error.failure.detail}`.slice(0, LONGEST));
  }
}

async function readSecret(
  { secret }: MailboxDiagnosisPorts,
  { reference, assert = () => {} }: SecretQuestion,
): Promise<MailboxSecretAnswer> {
  const name = 'secret' in reference ? reference.secret : reference.env;
  try {
    const stored = await secret(reference);
    if (stored.trim() === '') return { secret: name, error: 'it is empty' };
    assert(stored);
    return { secret: name, error: null };
  } catch (error) {
    return { secret: name, error: String(error).slice(0, LONGEST) };
  }
}

/** Each name once, with its fault if one use of it has any. */
function distinct(answers: readonly MailboxSecretAnswer[]): readonly MailboxSecretAnswer[] {
  const sound = answers.filter(({ error }) => error === null);
  const faulty = answers.filter(({ error }) => error !== null);
  return [...new Map([...sound, ...faulty].map((answer) => [answer.secret, answer])).values()];
}
