/** The entries of `notify`: who is told, by what, and under which rules. */
import type { Hours } from '../calendar/hours.ts';
import type { AlertTopic, alertSeverities } from './schema/selectable-alert-kinds.ts';

/** Where a password is stored. The config never contains a password. */
export type SecretReference = { readonly secret: string } | { readonly env: string };

/** Told by SNS on AWS: a subscription of the topic. */
export type SubscribedReceiver =
  | { readonly kind: 'email'; readonly address: string }
  | { readonly kind: 'sms'; readonly number: string };

/** Told by the API of a service, with a secret that the config only names. */
export type ServiceReceiver =
  /** A bot of a Slack app. Its message is edited as the incident goes on. */
  | {
      readonly kind: 'slack';
      readonly channel: string;
      readonly token: SecretReference;
      /** With it, the buttons of a message are answered. */
      readonly signingSecret?: SecretReference;
    }
  /** An incoming webhook of Slack. Its messages cannot be edited. */
  | { readonly kind: 'slack-webhook'; readonly url: SecretReference }
  /** A workflow of Microsoft Teams that posts to a channel. */
  | { readonly kind: 'teams'; readonly url: SecretReference }
  | { readonly kind: 'discord'; readonly url: SecretReference }
  | { readonly kind: 'telegram'; readonly chat: string; readonly token: SecretReference }
  | {
      readonly kind: 'pagerduty';
      readonly routingKey: SecretReference;
      /** Origin of the Events API: there is one for the EU. */
      readonly url: string;
      /** With it, an acknowledgement in PagerDuty counts here. */
      readonly webhookSecret?: SecretReference;
    }
  /** Jira Service Management, or Opsgenie with its `url`, which `/v2/alerts` follows. */
  | { readonly kind: 'jsm'; readonly apiKey: SecretReference; readonly url: string }
  | { readonly kind: 'ntfy'; readonly url: string; readonly token?: SecretReference }
  /** Amazon Q Developer in chat applications, by a topic that its configuration names. */
  | { readonly kind: 'amazon-q'; readonly topicArn: string }
  /** A call by AWS End User Messaging. */
  | {
      readonly kind: 'phone';
      readonly number: string;
      /** The number, pool or its ARN that calls. */
      readonly from: string;
      readonly voice: string;
      /** The most that a minute may cost, in US dollars. */
      readonly mostPerMinute: number;
    };

export type WebhookReceiver = {
  readonly kind: 'webhook';
  readonly url: string;
  /** The key of the signature of each request. */
  readonly signature?: SecretReference;
};

export type AlertReceiver = SubscribedReceiver | WebhookReceiver | ServiceReceiver;

export type AlertSeverity = (typeof alertSeverities)[number];

/** When an entry of `notify` is told. Durations are milliseconds. */
export interface ChannelRules {
  /** Names the entry, in `who` and in the table. By default made from its place and receiver. */
  readonly id?: string;
  readonly when: readonly AlertTopic[];
  readonly severity?: readonly AlertSeverity[];
  /** Globs of ids of targets, domains and round trips. */
  readonly targets?: readonly string[];
  readonly tags?: readonly string[];
  readonly hours?: Hours;
  /** Told so long after the first alert, unless the incident is acknowledged or over by then. */
  readonly after?: number;
  /** Told again so long after it was told, unless the incident is acknowledged. The last one repeats. */
  readonly repeat?: readonly number[];
  /** Whether alerts with one cause are one message. */
  readonly group?: boolean;
  /** Messages in an hour. What is above is told as a number. */
  readonly limit?: number;
  /** Why it may be that a watched mail server takes the mail of its address. */
  readonly even?: string;
}

export type Channel = AlertReceiver & ChannelRules;

export type ChannelOf<Kind extends AlertReceiver['kind']> = Extract<AlertReceiver, { readonly kind: Kind }> &
  ChannelRules;

const SERVICE_KINDS: Readonly<Record<ServiceReceiver['kind'], true>> = {
  slack: true,
  'slack-webhook': true,
  teams: true,
  discord: true,
  telegram: true,
  pagerduty: true,
  jsm: true,
  ntfy: true,
  'amazon-q': true,
  phone: true,
};

/** The id of the channel of a service begins with its kind and a colon. */
export const serviceKinds = Object.keys(SERVICE_KINDS) as readonly ServiceReceiver['kind'][];

/** Where all secrets of a receiver are stored. */
export function receiverSecrets(receiver: AlertReceiver): readonly SecretReference[] {
  return [...sendingSecrets(receiver), ...answeringSecrets(receiver)];
}

/** The secrets that its messages are sent with. */
export function sendingSecrets(receiver: AlertReceiver): readonly SecretReference[] {
  switch (receiver.kind) {
    case 'webhook':
      return present(receiver.signature);
    case 'slack-webhook':
    case 'teams':
    case 'discord':
      return [receiver.url];
    case 'slack':
    case 'telegram':
      return [receiver.token];
    case 'ntfy':
      return present(receiver.token);
    case 'pagerduty':
      return [receiver.routingKey];
    case 'jsm':
      return [receiver.apiKey];
    case 'email':
    case 'sms':
    case 'amazon-q':
    case 'phone':
      return [];
    default:
      return receiver satisfies never;
  }
}

/** The secrets that acknowledgements of it are checked with. Whoever sends must not have them. */
export function answeringSecrets(receiver: AlertReceiver): readonly SecretReference[] {
  if (receiver.kind === 'slack') return present(receiver.signingSecret);
  return receiver.kind === 'pagerduty' ? present(receiver.webhookSecret) : [];
}

function present(...references: readonly (SecretReference | undefined)[]): readonly SecretReference[] {
  return references.filter((reference) => reference !== undefined);
}

/** Whether SNS carries the alerts of a channel on AWS. */
export function isSubscribed(channel: Channel): channel is SubscribedReceiver & ChannelRules {
  return channel.kind === 'email' || channel.kind === 'sms';
}

/** Whether the API of a service carries the alerts of a channel. */
export function isService(channel: Channel): channel is ServiceReceiver & ChannelRules {
  return !isSubscribed(channel) && channel.kind !== 'webhook';
}
