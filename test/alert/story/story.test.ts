/** Outages as people are told of them: told, edited, escalated, reminded, acknowledged in four ways, over. All servers are on loopback. */

import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { noticeText } from '../../../bin/display/planned/incident-notice.ts';
import type { HttpRequest } from '../../../lambda/answer/http.ts';
import { acknowledge } from '../../../lambda/answer/incidents/acknowledge.ts';
import { openIncidentStores } from '../../../lambda/answer/incidents/incident-stores.ts';
import { openNotifications } from '../../../lambda/history/notifications/notification-store.ts';
import { incidentNotices } from '../../../lambda/reports/status/incident-notices.ts';
import { PAGERDUTY_SECRET, pagerDutyEvent, press, signedByPagerDuty } from '../../answer/clicks.ts';
import { failing } from '../../fakes/fake-service.ts';
import { freePort } from '../../free-port.ts';
import { type MailServer, startMailServer } from '../../local/mail-server.ts';
import { storyConfig } from './config.ts';
import { channels, firstLines } from './first-lines.ts';
import { type StoryMonitor, startMonitor } from './monitor.ts';
import { type Services, startServices } from './services.ts';
import { receivedBy, stable } from './transcript.ts';

/** At one time of a day, so that texts are the same each time. The day may end while the tests run. */
const BEGIN = new Date().setUTCHours(8, 0, 0, 0);

let folder = '';
let services: Services;
let mail: MailServer;
let monitor: StoryMonitor;
/** What each channel was told, with the time of the story. */
const told: Record<string, string> = {};
const seen: Record<string, number> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smtp-quorum-story-'));
  [services, mail] = [await startServices(), await startMailServer()];
  for (const [name, value] of Object.entries(services.secrets)) vi.stubEnv(name, value);
  const { pagerduty, jsm, relay } = services;
  const places = { mail: mail.port, relay: relay.relay.port, answers: await freePort() };
  const config = storyConfig({ ...places, pagerduty: pagerduty.url, jsm: jsm.url });
  monitor = await startMonitor(config, folder, services, BEGIN);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await monitor.close();
  await services.close();
  await mail.close();
  await rm(folder, { recursive: true, force: true });
});

/** Writes down what came. */
function heard(): Readonly<Record<string, readonly string[]>> {
  const time = new Date(monitor.now()).toISOString().slice(11, 16);
  const fresh: Record<string, readonly string[]> = {};
  for (const [channel, all] of Object.entries(receivedBy(services))) {
    const news = all.slice(seen[channel] ?? 0);
    seen[channel] = all.length;
    if (news.length === 0) continue;
    fresh[channel] = news;
    told[channel] = (told[channel] ?? '') + news.map((one) => `${time} ${one}\n\n`).join('');
  }
  return fresh;
}

/** Minutes go by. Returns what was told in each, by its number. */
async function minutes(count: number): Promise<readonly Readonly<Record<string, readonly string[]>>[]> {
  const all = [];
  for (let nth = 0; nth < count; nth++) {
    await monitor.minute();
    all.push(heard());
  }
  return all;
}

/** By a real request to `listen`, under the name of the URL that people know. */
async function send({ method, path, headers, body }: Omit<HttpRequest, 'source'>): Promise<string> {
  return await new Promise((resolve, reject) => {
    const sent = request(`${monitor.answers.place}${path}`, {
      method,
      headers: { ...headers, host: 'alerts.example.com', 'content-length': body.length },
    });
    sent
      .on('error', reject)
      .on('response', async (response) => resolve(`${response.statusCode} ${await text(response)}`));
    sent.end(body);
  });
}

/** Who is told at once. */
const AT_ONCE = ['dead', 'discord', 'mail', 'slack', 'teams', 'telegram'];
const ALL = ['dead', 'discord', 'jsm', 'mail', 'pagerduty', 'slack', 'teams', 'telegram'];

const DAY = new Date(BEGIN).toISOString().slice(0, 10);
const idOf = (time: string) => `mx1@${DAY}T${time}:00Z`;

/** The value of the button Acknowledge in the last message of the room that has one. */
function buttonValue(): unknown {
  const blocks = services.slack.room.messages.flatMap(({ content }) => content.blocks as readonly Button[]);
  return blocks.findLast(({ type }) => type === 'actions')?.elements?.[0]?.value;
}

interface Button {
  readonly type: string;
  readonly elements?: readonly { readonly value?: unknown }[];
}

/** The link in the last mail. */
function linkPath(): string {
  const { mail: mails = [] } = receivedBy(services);
  return (
    mails.map((one) => /https:\/\/alerts\.example\.com(\S+)/.exec(one)?.[1]).findLast((path) => path !== undefined) ??
    ''
  );
}

/** What `status` and `start` show of open incidents. */
async function notices(): Promise<readonly string[]> {
  const open = await openNotifications(monitor.table).open();
  return incidentNotices(open).map((notice) => noticeText(notice, { now: monitor.now(), utc: true }));
}

test('nothing is told of a server that is up', async () => {
  expect(firstLines(await minutes(3))).toEqual({});
});

test('an outage is told after two rounds, to those whom no step puts off; a room that fails gets it later', async () => {
  services.discord.behave(failing(2, { status: 502 }));
  services.slack.behave(failing(1, { status: 200, body: { ok: false, error: 'internal_error' } }));
  mail.refuse(true);
  const { dead, ...rooms } = firstLines(await minutes(4));
  expect(rooms).toEqual({
    mail: ['2: Subject: [smtp-quorum] DOWN mx1: storage-insufficient, 1 of 1 vantages'],
    teams: ['2: posts DOWN mx1'],
    telegram: ['2: posts 🔴 DOWN mx1'],
    slack: [
      '2: posts :red_circle: DOWN mx1 => 200 {"ok":false,"error":"internal_error"}',
      '3: posts :red_circle: DOWN mx1',
      '3: posts in the thread Decision: 1 of 1 entitled vantages voted down, quorum 1',
    ],
    discord: ['2: posts 🔴 **DOWN mx1** => 502', '3: posts 🔴 **DOWN mx1** => 502', '4: posts 🔴 **DOWN mx1**'],
  });
  expect(dead).toEqual([2, 3, 4].map((minute) => `${minute}: posts DOWN mx1 => no reply`));
});

test('the room that never replies is told on all other channels after three attempts, without a button or a link', async () => {
  const [news] = await minutes(1);
  expect(channels(news)).toEqual(ALL);
  for (const messages of Object.values(news ?? {}))
    expect(messages.join('\n')).not.toMatch(/\[Acknowledge\]|\/acknowledge\//);
  services.dead.behave(() => null);
  monitor.patience.ofDead = 10_000;
  const after = firstLines(await minutes(1));
  expect(after.dead).toEqual(['1: posts DOWN mx1']);
});

test('nobody acknowledges: the next step after 5 minutes, the last after 10, a reminder in the room after 15', async () => {
  // The end of the failure of the room is told first.
  const all = firstLines(await minutes(12));
  expect(all.pagerduty?.slice(-1)).toEqual([`1: trigger smtp-quorum/${idOf('08:04')}`]);
  expect(all.jsm?.slice(-1)).toEqual(['6: POST /v2/alerts']);
  expect(all.slack?.slice(-2)).toEqual([
    '11: edits :red_circle: REMINDER 1: still DOWN mx1',
    '11: posts in the thread, for all :red_circle: REMINDER 1: still DOWN mx1',
  ]);
  expect(services.pagerduty.alerts.at(-1)).toMatchObject({ state: 'triggered', severity: 'critical', triggers: 1 });
});

test('it fails in another phase: one update, and Slack, Telegram and Discord edit their message', async () => {
  mail.refuse(true, 'ehlo');
  expect(firstLines(await minutes(4))).toMatchObject({
    slack: ['1: edits :red_circle: still DOWN mx1', '1: posts in the thread :red_circle: still DOWN mx1'],
    telegram: ['1: edits 🔴 still DOWN mx1'],
    discord: ['1: edits 🔴 **still DOWN mx1**'],
    teams: ['1: posts still DOWN mx1'],
    pagerduty: [`1: trigger smtp-quorum/${idOf('08:04')}`],
  });
  expect(services.pagerduty.alerts.at(-1)?.triggers).toBe(2);
});

test('the button in Slack: all who were told learn it in the same pass, and nobody is told anything after it', async () => {
  const value = buttonValue();
  expect(value).toBe(idOf('08:04'));
  const forged = press({ action: 'smtp-quorum-acknowledge', value }, monitor.now(), 'another secret');
  expect(await send(forged)).toMatch(/^401 /);
  expect(await send(press({ action: 'smtp-quorum-acknowledge', value }, monitor.now()))).toBe('200 ');
  expect(monitor.answers.taken).toBe(1);
  expect(monitor.log).toEqual([expect.objectContaining({ message: 'a request to acknowledge was refused' })]);
  await monitor.pass();
  const news = heard();
  expect(channels(news)).toEqual(ALL);
  for (const [channel, messages] of Object.entries(news))
    expect(messages.join('\n')).toMatch(
      channel === 'pagerduty' ? /^acknowledge / : /Acknowledged by operator \(Slack\)/,
    );
  expect(services.pagerduty.alerts.at(-1)?.state).toBe('acknowledged');
  expect(services.jsm.alerts.at(-1)?.isAcknowledged).toBe(true);
  expect(firstLines(await minutes(40))).toEqual({});
  expect(await notices()).toEqual([`mx1: acknowledged by operator (Slack), ${DAY} 08:25:00 UTC`]);
});

test('it is up again: all who were told learn it, and the pagers close it', async () => {
  mail.refuse(false);
  const all = firstLines(await minutes(3));
  expect(channels(all)).toEqual(ALL);
  expect(services.pagerduty.alerts.map(({ state }) => state)).toEqual(['resolved', 'resolved']);
  expect(services.jsm.alerts.map(({ status }) => status)).toEqual(['closed', 'closed']);
});

test('another outage is acknowledged in PagerDuty: its webhook tells all others, and the last step is not taken', async () => {
  mail.refuse(true);
  await minutes(8);
  const { dedupKey, state } = services.pagerduty.alerts.at(-1) ?? {};
  expect(state).toBe('triggered');
  const event = pagerDutyEvent(dedupKey);
  expect(await send(signedByPagerDuty(event, 'another secret'))).toMatch(/^401 /);
  expect(await send(signedByPagerDuty(event, PAGERDUTY_SECRET))).toBe('200 ');
  await monitor.pass();
  const news = heard();
  expect(channels(news)).toEqual(['dead', 'discord', 'mail', 'pagerduty', 'slack', 'teams', 'telegram']);
  expect(news.mail?.join()).toContain('Acknowledged by Tenex Engineer (PagerDuty)');
  expect(firstLines(await minutes(20))).toEqual({});
  mail.refuse(false);
  expect(channels(firstLines(await minutes(3)))).not.toContain('jsm');
});

test('another is acknowledged by the link in the mail: GET shows, POST acknowledges, and no step is taken', async () => {
  mail.refuse(true);
  await minutes(3);
  const link = { path: linkPath(), headers: {}, body: new Uint8Array() };
  expect(await send({ ...link, method: 'GET' })).toMatch(/^200 [\s\S]*<button/);
  await monitor.pass();
  expect(heard()).toEqual({});
  expect(await send({ ...link, method: 'POST' })).toMatch(/^200 /);
  expect(await send({ ...link, method: 'POST' })).toMatch(/^200 /);
  await monitor.pass();
  const news = heard();
  expect(channels(news)).toEqual(AT_ONCE);
  expect(news.slack?.join()).toContain('Acknowledged by ops@example.com');
  expect(firstLines(await minutes(12))).toEqual({});
  mail.refuse(false);
  expect(channels(firstLines(await minutes(3)))).toEqual(AT_ONCE);
});

test('another is acknowledged on the command line: told in the next pass', async () => {
  // So that it is no flapping.
  await minutes(45);
  mail.refuse(true);
  await minutes(3);
  const value = String(buttonValue());
  await acknowledge(openIncidentStores(monitor.table), value, 'operator', monitor.now());
  const [news] = await minutes(1);
  expect(channels(news)).toEqual(AT_ONCE);
  for (const messages of Object.values(news ?? {})) expect(messages.join('\n')).toContain('Acknowledged by operator');
});

test('it is muted for an hour by the button: no step is taken in it, and the next one is at its end', async () => {
  mail.refuse(false);
  await minutes(50);
  mail.refuse(true);
  await minutes(3);
  expect(await send(press({ action: 'smtp-quorum-mute-1h', value: buttonValue() }, monitor.now()))).toBe('200 ');
  expect(firstLines(await minutes(59))).toEqual({});
  expect((await notices()).map((text) => text.replace(DAY, '<date>'))).toEqual([
    expect.stringMatching(/^mx1: nobody is told, muted until <date> .* UTC: by a button, during mx1@/),
  ]);
  // Slack gets the reminder that was due meanwhile.
  expect(channels((await minutes(1))[0])).toEqual(['jsm', 'pagerduty', 'slack']);
  mail.refuse(false);
  expect(channels(firstLines(await minutes(3)))).toEqual(ALL);
});

test('what each channel was told, as people read it', async () => {
  expect(Object.keys(told).sort()).toEqual(ALL);
  for (const [channel, all] of Object.entries(told)) {
    await expect(stable(`${all.trimEnd()}\n`)).toMatchFileSnapshot(`told/${channel}.txt`);
  }
});
