/** Sends alerts by the APIs of services: one function for each kind of receiver. */
import type { SecretReference, ServiceReceiver } from '../../config/channel.ts';
import type { AlertContext } from '../words/first-line.ts';
import { safeText } from '../words/safe-text.ts';
import { sendToDiscord } from './chat/discord.ts';
import { sendToNtfy } from './chat/ntfy.ts';
import { sendToTeams } from './chat/teams.ts';
import { sendToTelegram } from './chat/telegram.ts';
import { type Refused, SEND_TIMEOUT, type Sender, type SentMessage, type Taken } from './sender.ts';
import { SERVICE_ORIGINS, type SendOutcome, type ServicePorts, type ServiceSend } from './service-ports.ts';
import { sendToSlack } from './slack/bot.ts';
import { sendToSlackWebhook } from './slack/incoming-webhook.ts';

type Kind = ServiceReceiver['kind'];
type ReceiverOf<K extends Kind> = Extract<ServiceReceiver, { readonly kind: K }>;

/** What sends to each kind of receiver. */
const SENDERS: { readonly [K in Kind]: ServiceSend<ReceiverOf<K>> | null } = {
  slack: sendToSlack,
  'slack-webhook': sendToSlackWebhook,
  teams: sendToTeams,
  discord: sendToDiscord,
  telegram: sendToTelegram,
  ntfy: sendToNtfy,
  pagerduty: null,
  jsm: null,
  'amazon-q': null,
  phone: null,
};

export interface ServiceOptions {
  readonly secret: (reference: SecretReference, refused?: string) => Promise<string>;
  /** Where the services are; the real ones by default. */
  readonly origins?: ServicePorts['origins'];
  readonly timeout?: number;
}

/** A sender that never rejects, and never returns a secret that it read. */
export function serviceSender<K extends Kind>(
  receiver: ReceiverOf<K>,
  context: AlertContext,
  options: ServiceOptions,
): Sender {
  const send = SENDERS[receiver.kind as K] as ServiceSend<ReceiverOf<K>> | null;
  if (send === null) return async () => refused(`there is no sender for ${receiver.kind}`);
  return async (message, signal) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(options.timeout ?? SEND_TIMEOUT)]);
    return await sendWithSecrets(send, receiver, message, { context, options, signal: limit });
  };
}

interface Attempt {
  readonly context: AlertContext;
  readonly options: ServiceOptions;
  readonly signal: AbortSignal;
}

async function sendWithSecrets<R>(
  send: ServiceSend<R>,
  receiver: R,
  message: SentMessage,
  { context, options, signal }: Attempt,
): Promise<Taken | Refused> {
  const read = new Map<SecretReference, string>();
  const secret = async (reference: SecretReference) => {
    const known = read.get(reference) ?? (await options.secret(reference)).trim();
    read.set(reference, known);
    return known;
  };
  const ports: ServicePorts = { context, origins: options.origins ?? SERVICE_ORIGINS, secret, signal };
  try {
    const first = await send(receiver, message, ports);
    const again = !first.taken && first.refusesSecret === true && (await wasRotated(read, options.secret));
    return withoutSecretsIn(again ? await send(receiver, message, ports) : first, [...read.values()]);
  } catch (error) {
    return withoutSecretsIn(refused(unreadable(error)), [...read.values()]);
  }
}

/** Reads each secret again, because the service refused it. */
async function wasRotated(read: Map<SecretReference, string>, secret: ServiceOptions['secret']): Promise<boolean> {
  const before = [...read];
  for (const [reference, value] of before) read.set(reference, (await secret(reference, value)).trim());
  return before.some(([reference, value]) => read.get(reference) !== value);
}

function unreadable(error: unknown): string {
  if (!(error instanceof Error)) return 'the secret cannot be read';
  return safeText(error.name === 'Error' ? error.message : `${error.name}: ${error.message}`, 300);
}

function withoutSecretsIn(outcome: SendOutcome, secrets: readonly string[]): Taken | Refused {
  const hidden = secrets.flatMap(partsOf);
  const masked = (text: string) => hidden.reduce((all, one) => all.replaceAll(one, '***'), text);
  if (!outcome.taken) return { taken: false, words: masked(outcome.words), retryAfter: outcome.retryAfter };
  return outcome.answer === undefined ? outcome : { ...outcome, answer: masked(outcome.answer) };
}

/** The secret, and of a URL the parts of its path and query: one of them alone may be the secret. */
function partsOf(secret: string): readonly string[] {
  if (secret === '') return [];
  return /^https?:/.test(secret) ? [secret, ...secret.split(/[/?&=]+/).filter(({ length }) => length >= 12)] : [secret];
}

function refused(words: string): Refused {
  return { taken: false, words, retryAfter: null };
}
