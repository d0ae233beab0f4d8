/** What all senders to chat services share: the deadline, secrets that were rotated, and that no secret is returned. */

import type { SecretReference } from '../../../config/channel.ts';
import { withTimeLimit } from '../../../wire/time-limit.ts';
import { safeText } from '../../words/safe-text.ts';
import { type Refused, SEND_TIMEOUT, type Sender, type SentMessage, type Taken } from '../sender.ts';
import type { ServicePorts } from '../service-ports.ts';
import type { ChatPorts, ChatSend, SendOutcome } from './chat-ports.ts';

const ORIGINS: ChatPorts['origins'] = { slack: 'https://slack.com', telegram: 'https://api.telegram.org' };

/** A sender that never rejects, and never returns a secret that it read. */
export function chatSender<Receiver>(send: ChatSend<Receiver>): (receiver: Receiver, ports: ServicePorts) => Sender {
  return (receiver, ports) => (message, stop) =>
    withTimeLimit(ports.timeout ?? SEND_TIMEOUT, stop, (signal) =>
      sendWithSecrets(send, receiver, message, ports, signal),
    );
}

async function sendWithSecrets<Receiver>(
  send: ChatSend<Receiver>,
  receiver: Receiver,
  message: SentMessage,
  services: ServicePorts,
  signal: AbortSignal,
): Promise<Taken | Refused> {
  const read = new Map<SecretReference, string>();
  const secret = async (reference: SecretReference) => {
    const known = read.get(reference) ?? (await services.secret(reference)).trim();
    read.set(reference, known);
    return known;
  };
  const ports: ChatPorts = { context: services.config, origins: services.origins ?? ORIGINS, secret, signal };
  try {
    const first = await send(receiver, message, ports);
    const again = !first.taken && first.refusesSecret === true && (await wasRotated(read, services.secret));
    return withoutSecretsIn(again ? await send(receiver, message, ports) : first, [...read.values()]);
  } catch (error) {
    return withoutSecretsIn(refused(unreadable(error)), [...read.values()]);
  }
}

/** Reads each secret again, because the service refused it. */
async function wasRotated(read: Map<SecretReference, string>, secret: ServicePorts['secret']): Promise<boolean> {
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
