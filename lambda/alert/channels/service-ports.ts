/** What the sender of a service gets, and what it returns. */
import type { SecretReference } from '../../config/channel.ts';
import type { AlertContext } from '../words/first-line.ts';
import type { Refused, SentMessage, Taken } from './sender.ts';

/** Where the services are that a token alone reaches. */
export interface ServiceOrigins {
  readonly slack: string;
  readonly telegram: string;
}

export const SERVICE_ORIGINS: ServiceOrigins = { slack: 'https://slack.com', telegram: 'https://api.telegram.org' };

export interface ServicePorts {
  readonly context: AlertContext;
  readonly origins: ServiceOrigins;
  readonly secret: (reference: SecretReference) => Promise<string>;
  readonly signal: AbortSignal;
}

/** `refusesSecret`: the service does not know the token or URL. It may have been rotated. */
export type SendOutcome = Taken | (Refused & { readonly refusesSecret?: boolean });

export type ServiceSend<Receiver> = (
  receiver: Receiver,
  message: SentMessage,
  ports: ServicePorts,
) => Promise<SendOutcome>;
