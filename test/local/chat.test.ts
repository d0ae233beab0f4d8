/** The whole monitor on one machine, with a real mail server and chat services on loopback. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import type { Channel } from '../../lambda/config/channel.ts';
import type { Config } from '../../lambda/config/config.ts';
import { policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import { startMonitor } from '../../local/monitor.ts';
import { channelProblems } from '../../local/undeliverable-channels.ts';
import { discordPath, startDiscord } from '../fakes/discord.ts';
import { failing } from '../fakes/fake-service.ts';
import { ntfyToken, ntfyTopic, startNtfy } from '../fakes/ntfy.ts';
import { startTeams, teamsPath, teamsSignature } from '../fakes/teams.ts';
import { target } from '../ports.ts';
import { startMailServer } from './mail-server.ts';

afterEach(() => vi.unstubAllEnvs());

async function until(what: string, holds: () => boolean, patience = 120_000): Promise<void> {
  for (const end = Date.now() + patience; !holds(); await sleep(20))
    if (Date.now() > end) throw new Error(`not within ${patience} ms: ${what}`);
}

const when = ['down', 'recovered', 'blind'] as const;

test('an outage is told in each room, edited and over; a service that fails twice and one that hangs delay no other', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'smtp-quorum-chat-'));
  const [server, discord, teams, ntfy, hung] = [
    await startMailServer(),
    await startDiscord(),
    await startTeams(),
    await startNtfy(),
    await startTeams(),
  ];
  vi.stubEnv('DISCORD', discord.origin + discordPath);
  vi.stubEnv('TEAMS', `${teams.origin}${teamsPath}?sig=${teamsSignature}`);
  vi.stubEnv('HUNG', `${hung.origin}${teamsPath}?sig=${teamsSignature}`);
  vi.stubEnv('NTFY', ntfyToken);
  teams.behave(failing(2, { status: 502 }));
  hung.behave(() => 'hang');
  const notify: readonly Channel[] = [
    { kind: 'discord', url: { env: 'DISCORD' }, when },
    { kind: 'teams', url: { env: 'TEAMS' }, when },
    { kind: 'teams', url: { env: 'HUNG' }, when },
    { kind: 'ntfy', url: `${ntfy.origin}/${ntfyTopic}`, token: { env: 'NTFY' }, when },
  ];
  const config: Config = {
    version: 1,
    name: 'test',
    home: 'local',
    ehloName: 'probe.example.com',
    control: null,
    policy: { ...policyDefaults(1), vantages: ['local'], every: 500, freshness: 20, flaps: 100 },
    notify,
    targets: [target('mx0', server.port, { timeout: 2_000 })],
  };
  const errors: string[] = [];
  const monitor = await startMonitor(config, folder, {
    onRoundStart: () => {},
    onRoundEnd: () => {},
    showAlert: () => {},
    onError: (what, error) => void errors.push(`${what}: ${error}`),
    onGaps: () => {},
    onLog: ({ message }) => void errors.push(message),
    onHistoryNotice: (words) => void errors.push(words),
  });
  const contents = () => discord.room.messages.map(({ content }) => String(content.content));
  try {
    await sleep(1_500);
    server.refuse(true);
    await until('DOWN in Discord', () => contents().length === 1);
    expect(contents()[0]).toContain('**DOWN mx0**');
    await until('DOWN in ntfy', () => ntfy.room.messages.length === 1);
    await until('DOWN in Teams, after two failures', () => teams.room.messages.length === 1);
    server.refuse(false);
    await until('UP in Discord', () => contents().length === 2);
    await until('UP in ntfy', () => ntfy.room.messages.length === 2);
    await until('UP in Teams', () => teams.room.messages.length === 2);
    expect(contents().map((text) => text.split('\n')[0])).toEqual(['🟢 **UP again mx0**', '🟢 **UP again mx0**']);
    expect(discord.room.messages[0]?.edits).toBe(1);
    expect(hung.requests.length).toBeGreaterThan(0);
    expect(errors).toEqual([]);
  } finally {
    await monitor.stop();
    for (const one of [server, discord, teams, ntfy, hung]) await one.close();
    await rm(folder, { recursive: true });
  }
});

test('`start` says which secret cannot be read, and shows none', async () => {
  vi.stubEnv('SLACK_TOKEN', 'xoxb-hunter2');
  const notify: readonly Channel[] = [
    { kind: 'slack', channel: 'C0123ABCD45', token: { env: 'SLACK_TOKEN' }, signingSecret: { env: 'NOT_SET' }, when },
    { kind: 'telegram', chat: '-100123', token: { secret: 'alerts/telegram' }, when },
    { kind: 'ntfy', url: 'https://ntfy.example.com/secret-topic', when },
    { kind: 'discord', url: { env: 'SLACK_TOKEN' }, when },
  ];
  const problems = await channelProblems({ notify });
  expect(problems).toEqual([
    'nothing is taken from slack: environment variable NOT_SET is not set',
    expect.stringMatching(/^nothing can be sent by telegram: secret alerts\/telegram is in AWS Secrets Manager/),
  ]);
  expect(JSON.stringify(problems)).not.toMatch(/hunter2|secret-topic/);
});
