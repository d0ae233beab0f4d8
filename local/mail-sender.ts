/** Sends alerts by e-mail on one machine, through the config's `smtp`. On AWS, SNS does. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SendMailOptions } from 'nodemailer';
import type { Refused, Sender } from '../lambda/alert/channels/sender.ts';
import { type AlertTexts, alertTexts } from '../lambda/alert/words/alert-texts.ts';
import type { AlertContext } from '../lambda/alert/words/first-line.ts';
import { type Circumstances, PLAIN } from '../lambda/alert/words/late-delivery-note.ts';
import { safeText } from '../lambda/alert/words/safe-text.ts';
import type { Config, MailRelay } from '../lambda/config/config.ts';
import type { Alert } from '../lambda/consensus/judgement/incident.ts';
import type { Credentials } from '../lambda/smtp/endpoint/endpoint.ts';
import { createKnownSecrets } from '../lambda/smtp/redaction/mask-known-passwords.ts';
import { linkLines } from './link-in-mail.ts';
import { readSecret } from './secrets.ts';

/** Milliseconds that one e-mail may take, from the connection to the reply to its data. */
const TIMEOUT = 10_000;

/** Sends alerts to one address. At a stop it does not wait for the relay. */
export function mailSender(relay: MailRelay, address: string, context: AlertContext & Pick<Config, 'answers'>): Sender {
  return async ({ alert, ...circumstances }, signal) => {
    const sent = sendMail(relay, address, alert, context, circumstances).then(
      (answer) => ({ taken: true, answer }) as const,
      (error) =>
        ({ taken: false, words: error instanceof Error ? error.message : String(error), retryAfter: null }) as const,
    );
    return await Promise.race([sent, untilAborted(signal)]);
  };
}

function untilAborted(signal: AbortSignal): Promise<Refused> {
  const refused: Refused = { taken: false, words: 'the monitor stops', retryAfter: null };
  return new Promise((resolve) => {
    if (signal.aborted) resolve(refused);
    signal.addEventListener('abort', () => resolve(refused), { once: true });
  });
}

/**
 * Sends an alert to one address, through the relay. Resolves with the reply of the relay.
 * @throws Error if the relay does not accept it within 10 s. Its message contains no password.
 */
export async function sendMail(
  relay: MailRelay,
  address: string,
  alert: Alert,
  context: AlertContext & Pick<Config, 'answers'>,
  circumstances: Circumstances = PLAIN,
): Promise<string> {
  const credentials = await credentialsOf(relay);
  const texts = alertTexts(alert, context, circumstances);
  const link = await linkLines(context, alert, address, Date.now());
  const email = link.length === 0 ? texts.email : `${texts.email}\n${link.join('\n')}\n`;
  try {
    return await send(relay, credentials, mailOf(address, alert.id, { ...texts, email }, relay));
  } catch (error) {
    throw new Error(`${relay.host}:${relay.port} did not accept the e-mail: ${reasonOf(error, credentials)}`);
  }
}

async function credentialsOf({ credentials }: MailRelay): Promise<Credentials | null> {
  return credentials && { user: credentials.user, password: await readSecret(credentials.password) };
}

function mailOf(address: string, id: string, { subject, email }: AlertTexts, relay: MailRelay): SendMailOptions {
  const from = relay.from ?? address;
  // A repeated alert has the same identifier, so that a mailbox shows it once.
  const hash = createHash('sha256').update(`${id} ${address}`).digest('hex').slice(0, 32);
  return {
    from,
    to: address,
    subject,
    text: email,
    messageId: `<${hash}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    // No vacation notice answers it (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** Loads nodemailer on the first e-mail: most runs send none. */
async function send(relay: MailRelay, credentials: Credentials | null, mail: SendMailOptions): Promise<string> {
  const { createTransport } = await import('nodemailer');
  const { host, port, security } = relay;
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    // Opportunistic TLS: any certificate is better than none (RFC 7435).
    tls: { rejectUnauthorized: security !== 'starttls-if-offered' },
    ...(credentials === null ? {} : { auth: { user: credentials.user, pass: credentials.password } }),
    connectionTimeout: TIMEOUT,
    greetingTimeout: TIMEOUT,
    socketTimeout: TIMEOUT,
  });
  const end = new AbortController();
  try {
    const { response } = await Promise.race([transport.sendMail(mail), expire(end.signal)]);
    return masked(safeText(response, 300), credentials);
  } finally {
    end.abort();
    transport.close();
  }
}

async function expire(signal: AbortSignal): Promise<never> {
  await sleep(TIMEOUT, undefined, { signal });
  throw new Error(`not sent within ${TIMEOUT / 1000} s`);
}

/** The relay's reply or the error of the socket, without the password. */
function reasonOf(error: unknown, credentials: Credentials | null): string {
  const { response, message } = error as { readonly response?: string; readonly message?: string };
  return masked(safeText(response ?? message ?? String(error), 300), credentials);
}

function masked(text: string, credentials: Credentials | null): string {
  const secrets = createKnownSecrets();
  if (credentials !== null) secrets.add(credentials);
  return secrets.mask([text])[0] ?? '';
}
