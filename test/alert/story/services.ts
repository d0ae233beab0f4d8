/** The services of the story on loopback, and their secrets as environment variables. */

import { LINK_KEY, PAGERDUTY_SECRET, SLACK_SECRET } from '../../answer/clicks.ts';
import { discordPath, startDiscord } from '../../fakes/discord.ts';
import type { FakeChat } from '../../fakes/fake-service.ts';
import { type FakeJsm, startJsm } from '../../fakes/jsm.ts';
import { type FakePagerDuty, startPagerDuty } from '../../fakes/pagerduty.ts';
import { slackToken, startSlack } from '../../fakes/slack.ts';
import { startTeams, teamsPath, teamsSignature } from '../../fakes/teams.ts';
import { startTelegram, telegramToken } from '../../fakes/telegram.ts';
import { type RelayServer, startRelayServer } from '../../local/relay-server.ts';

export interface Services {
  readonly slack: FakeChat;
  readonly teams: FakeChat;
  /** Takes connections, and never replies. */
  readonly dead: FakeChat;
  readonly telegram: FakeChat;
  readonly discord: FakeChat;
  readonly pagerduty: FakePagerDuty;
  readonly jsm: FakeJsm;
  readonly relay: RelayServer;
  readonly secrets: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const ROUTING_KEY = 'R0123456789abcdefR0123456789abcd';
const JSM_KEY = '01234567-89ab-cdef-0123-456789abcdef';

/** A minute of the story takes less than a second: the limits of the services are for their own tests. */
const BURST = 1_000;

export async function startServices(): Promise<Services> {
  const [slack, teams, dead] = [await startSlack(BURST), await startTeams(BURST), await startTeams(BURST)];
  const [telegram, discord] = [await startTelegram(BURST), await startDiscord(BURST)];
  const [pagerduty, jsm] = [await startPagerDuty({ keys: [ROUTING_KEY] }), await startJsm({ key: JSM_KEY })];
  const relay = await startRelayServer({ disabledCommands: ['AUTH', 'STARTTLS'] });
  dead.behave(() => 'hang');
  const started = { slack, teams, dead, telegram, discord, pagerduty, jsm, relay };
  const secrets = {
    SLACK_TOKEN: slackToken,
    SLACK_SIGNING: SLACK_SECRET,
    TEAMS: `${teams.origin}${teamsPath}?sig=${teamsSignature}`,
    DEAD: `${dead.origin}${teamsPath}?sig=${teamsSignature}`,
    TELEGRAM: telegramToken,
    DISCORD: discord.origin + discordPath,
    PAGERDUTY: ROUTING_KEY,
    PAGERDUTY_WEBHOOK: PAGERDUTY_SECRET,
    JSM: JSM_KEY,
    LINK_KEY,
  };
  const close = async () => {
    for (const one of Object.values(started)) await one.close();
  };
  return { ...started, secrets, close };
}
