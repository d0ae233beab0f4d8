/** What a sender to a chat service gets, and what it returns. */
import type { SecretReference } from '../../../config/channel.ts';
import type { AlertContext } from '../../words/first-line.ts';
import type { Refused, SentMessage, Taken } from '../sender.ts';
import type { ServicePorts } from '../service-ports.ts';

export interface ChatPorts {
  readonly context: AlertContext;
  readonly origins: NonNullable<ServicePorts['origins']>;
  readonly secret: (reference: SecretReference) => Promise<string>;
  readonly signal: AbortSignal;
}

/** `refusesSecret`: the service does not know the token or URL. It may have been rotated. */
export type SendOutcome = Taken | (Refused & { readonly refusesSecret?: boolean });

export type ChatSend<Receiver> = (receiver: Receiver, message: SentMessage, ports: ChatPorts) => Promise<SendOutcome>;
