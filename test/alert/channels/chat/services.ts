/** The chat services on loopback, each with a receiver, its secrets and what people see of a message. */
import type { Sender } from '../../../../lambda/alert/channels/sender.ts';
import { serviceSender } from '../../../../lambda/alert/channels/service-sender.ts';
import type { SecretReference, ServiceReceiver } from '../../../../lambda/config/channel.ts';
import { discordPath, startDiscord } from '../../../fakes/discord.ts';
import type { FakeReply, FakeService, Room, ShownMessage } from '../../../fakes/fake-service.ts';
import { ntfyToken, ntfyTopic, startNtfy } from '../../../fakes/ntfy.ts';
import { slackChannel, slackHookPath, slackToken, startSlack, textsIn } from '../../../fakes/slack.ts';
import { startTeams, teamsPath, teamsSignature } from '../../../fakes/teams.ts';
import { startTelegram, telegramChat, telegramToken } from '../../../fakes/telegram.ts';
import { context } from '../../alerts.ts';

export interface ChatService {
  readonly kind: ServiceReceiver['kind'];
  readonly canEdit: boolean;
  start(): Promise<FakeService & { readonly room: Room }>;
  receiver(origin: string): ServiceReceiver;
  /** By the names of their variables. */
  secrets(origin: string): Readonly<Record<string, string>>;
  /** The texts that people see. */
  shown(message: ShownMessage): readonly string[];
  /** 200, and yet not taken. */
  readonly lie: FakeReply;
}

const text = ({ content }: ShownMessage, key: string) => [String(content[key])];
const URL_OF = { env: 'URL' };
const TOKEN = { env: 'TOKEN' };

export const chatServices: readonly ChatService[] = [
  {
    kind: 'slack',
    canEdit: true,
    start: () => startSlack(),
    receiver: () => ({ kind: 'slack', channel: slackChannel, token: TOKEN, signingSecret: { env: 'SIGNING' } }),
    secrets: () => ({ TOKEN: slackToken }),
    shown: ({ content }) => textsIn(content.blocks),
    lie: { status: 200, body: { ok: false, error: 'not_in_channel' } },
  },
  {
    kind: 'slack-webhook',
    canEdit: false,
    start: () => startSlack(),
    receiver: () => ({ kind: 'slack-webhook', url: URL_OF }),
    secrets: (origin) => ({ URL: origin + slackHookPath }),
    shown: ({ content }) => textsIn(content.blocks),
    lie: { status: 200, body: 'no_text' },
  },
  {
    kind: 'teams',
    canEdit: false,
    start: startTeams,
    receiver: () => ({ kind: 'teams', url: URL_OF }),
    secrets: (origin) => ({ URL: `${origin}${teamsPath}?api-version=1&sig=${teamsSignature}` }),
    shown: ({ content }) => textsIn(content.attachments),
    lie: {
      status: 200,
      body: 'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413',
    },
  },
  {
    kind: 'discord',
    canEdit: true,
    start: () => startDiscord(),
    receiver: () => ({ kind: 'discord', url: URL_OF }),
    secrets: (origin) => ({ URL: origin + discordPath }),
    shown: (message) => text(message, 'content'),
    lie: { status: 200, body: { message: 'something went wrong' } },
  },
  {
    kind: 'telegram',
    canEdit: true,
    start: () => startTelegram(),
    receiver: () => ({ kind: 'telegram', chat: telegramChat, token: TOKEN }),
    secrets: () => ({ TOKEN: telegramToken }),
    shown: (message) => text(message, 'text'),
    lie: { status: 200, body: { ok: false, error_code: 400, description: 'Bad Request: chat not found' } },
  },
  {
    kind: 'ntfy',
    canEdit: false,
    start: () => startNtfy(),
    receiver: (origin) => ({ kind: 'ntfy', url: `${origin}/${ntfyTopic}`, token: TOKEN }),
    secrets: () => ({ TOKEN: ntfyToken }),
    shown: ({ content }) => [String(content.title), String(content.message)],
    lie: { status: 200, body: { code: 40_001, error: 'internal error' } },
  },
];

export interface Running {
  readonly service: ChatService;
  readonly fake: FakeService & { readonly room: Room };
  readonly send: Sender;
  /** What nobody may read in a log or an answer. */
  readonly secrets: readonly string[];
}

/** @param timeout milliseconds of one attempt */
export async function startChat(service: ChatService, timeout = 10_000): Promise<Running> {
  const fake = await service.start();
  const byName = service.secrets(fake.origin);
  const secret = async (place: SecretReference) => ('env' in place ? (byName[place.env] ?? '') : '');
  const origins = { slack: fake.origin, telegram: fake.origin };
  const send = serviceSender(service.receiver(fake.origin), { config: context, secret, origins, timeout });
  const secrets = Object.values(byName).flatMap((value) => [value, ...value.split(/[/=&?]/).filter(isLong)]);
  return { service, fake, send, secrets };
}

/** A part of a URL that is a secret by itself. */
function isLong(part: string): boolean {
  return /secret/.test(part);
}
