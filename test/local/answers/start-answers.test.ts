import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { acknowledgeLink, readLinkToken } from '../../../lambda/answer/acknowledge-link.ts';
import { findOpenIncident } from '../../../lambda/answer/incidents/acknowledge.ts';
import { openIncidentStores } from '../../../lambda/answer/incidents/incident-stores.ts';
import type { Config } from '../../../lambda/config/config.ts';
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import type { LogEntry } from '../../../lambda/ports.ts';
import type { AnswerServer } from '../../../local/answers/answer-server.ts';
import { startAnswers } from '../../../local/answers/start-answers.ts';
import { linkLines } from '../../../local/link-in-mail.ts';
import { readSecret } from '../../../local/secrets.ts';
import { alert } from '../../alert/alerts.ts';
import { answersConfig, INCIDENTS, storeIncidents } from '../../answer/answered.ts';
import {
  LINK_KEY,
  PAGERDUTY_SECRET,
  pagerDutyEvent,
  press,
  SLACK_SECRET,
  signedByPagerDuty,
} from '../../answer/clicks.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';

const started: AnswerServer[] = [];
beforeEach(() => {
  const secrets = { SLACK: SLACK_SECRET, OTHER_SLACK: 'another', PAGERDUTY: PAGERDUTY_SECRET, LINKS: LINK_KEY };
  for (const [name, value] of Object.entries(secrets)) vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of started.splice(0)) await server.close();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function start(extra: Partial<Config> = {}) {
  const table = openInMemoryTable();
  await storeIncidents(table);
  const logged: LogEntry[] = [];
  const acknowledged: number[] = [];
  const answers = { ...answersConfig.answers, listen: { host: '127.0.0.1', port: await freePort() } };
  const config = { ...answersConfig, answers, ...extra } as Config;
  const ports = { config, secret: readSecret, log: (entry: LogEntry) => void logged.push(entry), now: Date.now };
  const server = await startAnswers({ ports, table, onAcknowledged: () => void acknowledged.push(1) });
  if (server !== null) started.push(server);
  const byOf = async (id: string) => (await findOpenIncident(openIncidentStores(table), id))?.acknowledged?.by;
  return { server, logged, acknowledged, byOf, config };
}

const post = (server: AnswerServer | null, path: string, init: RequestInit = {}) =>
  fetch(`${server?.place}${path}`, { method: 'POST', ...init });

describe('over real sockets', () => {
  test('a button of Slack, a webhook of PagerDuty and a link acknowledge, and the judge is asked each time', async () => {
    const { server, acknowledged, byOf } = await start();
    const clicked = press({ action: 'smtp-quorum-acknowledge', value: INCIDENTS.target }, Date.now());
    const event = signedByPagerDuty(pagerDutyEvent(`smtp-quorum/${INCIDENTS.trip}`), PAGERDUTY_SECRET);
    for (const { path, headers, body } of [clicked, event]) {
      const answer = await post(server, path, { headers: headers as Record<string, string>, body: Buffer.from(body) });
      expect(answer.status).toBe(200);
    }
    const maker = { url: server?.place ?? '', key: LINK_KEY, lifetime: 60_000 };
    const link = acknowledgeLink(INCIDENTS.listed, 'ops@example.com', maker, Date.now());
    const page = await fetch(link);
    expect([page.status, await byOf(INCIDENTS.listed)]).toEqual([200, undefined]);
    expect(await (await fetch(link, { method: 'POST' })).text()).toContain('example.com: acknowledged');
    expect(await Promise.all([INCIDENTS.target, INCIDENTS.trip, INCIDENTS.listed].map(byOf))).toEqual([
      'operator (Slack)',
      'Tenex Engineer (PagerDuty)',
      'ops@example.com',
    ]);
    expect(acknowledged).toHaveLength(3);
  });

  test('a press that comes twice at once is one acknowledgement', async () => {
    const { server, acknowledged } = await start();
    const { path, headers, body } = press({ action: 'smtp-quorum-acknowledge', value: INCIDENTS.target }, Date.now());
    const init = { headers: headers as Record<string, string>, body: Buffer.from(body) };
    const answers = await Promise.all([post(server, path, init), post(server, path, init)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(acknowledged).toHaveLength(1);
  });
});

describe('the watch goes on', () => {
  test('where the port is taken, the log says it', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    const { server, logged } = await start({
      answers: { listen: { host: '127.0.0.1', port }, linkLifetime: 1 },
      notify: answersConfig.notify,
    });
    other.close();
    expect(server).toBeNull();
    expect(logged).toEqual([
      {
        level: 'warn',
        message: 'acknowledgements are not taken here',
        facts: { listen: `127.0.0.1:${port}`, why: 'it is in use by another process' },
      },
    ]);
  });

  test.each([
    ['is not set', '', 'environment variable LINKS is not set'],
    ['is too short', 'hunter2', 'the key of links needs 32 characters or more: openssl rand -hex 32'],
  ])('where the key of links %s, the log says it', async (_, value, why) => {
    vi.stubEnv('LINKS', value);
    const { server, logged } = await start();
    expect(server).not.toBeNull();
    expect(logged).toEqual([{ level: 'warn', message: 'mail has no links to acknowledge', facts: { why } }]);
  });

  test.each<[string, Partial<Config>]>([
    ['without `answers`', { answers: undefined } as unknown as Partial<Config>],
    [
      'without a channel or key that needs it',
      { answers: { listen: { host: '127.0.0.1', port: 1 }, linkLifetime: 1 }, notify: [] },
    ],
  ])('nothing listens %s', async (_, extra) => {
    const { server, logged } = await start(extra);
    expect([server, logged]).toEqual([null, []]);
  });
});

describe('the link in an e-mail', () => {
  const answers = {
    url: 'https://alerts.example.com',
    listen: { socket: '/run/a.sock' },
    linkKey: { env: 'LINKS' },
    linkLifetime: 86_400_000,
  };
  const now = Date.parse('2026-11-22T05:20:00Z');
  const down = alert('down');

  test('is made for its address, and says so and until when', async () => {
    const lines = await linkLines({ answers }, down, 'ops@example.com', now);
    expect(lines[0]).toBe('Acknowledge');
    expect(lines[1]).toMatch(/^ {2}https:\/\/alerts\.example\.com\/acknowledge\/[\w.-]+$/);
    expect(lines[2]).toBe('  Made for ops@example.com, valid until 2026-11-23 05:20:00 UTC.');
    const token = lines[1]?.split('/').at(-1) ?? '';
    expect(readLinkToken(token, [LINK_KEY], now)).toEqual({
      incident: down.incident?.id,
      address: 'ops@example.com',
      expires: now / 1000 + 86_400,
    });
    for (const line of lines.filter((text) => !text.includes('https:'))) expect(line.length).toBeLessThanOrEqual(72);
  });

  test.each<[string, Parameters<typeof linkLines>[0], Alert]>([
    ['of an end', { answers }, { ...down, incident: down.incident && { ...down.incident, closed: down.at } }],
    ['without an incident', { answers }, { ...down, incident: null }],
    [
      'of an incident that is acknowledged',
      { answers },
      { ...down, incident: down.incident && { ...down.incident, acknowledged: { at: down.at, by: 'ops' } } },
    ],
    ['without a URL', { answers: { ...answers, url: undefined } as unknown as Config['answers'] & object }, down],
    ['without `answers`', {}, down],
  ])('is not there %s', async (_, config, of) => {
    expect(await linkLines(config, of, 'ops@example.com', now)).toEqual([]);
  });

  test('is left out where the key cannot be read: the e-mail goes', async () => {
    vi.stubEnv('LINKS', '');
    expect(await linkLines({ answers }, down, 'ops@example.com', now)).toEqual([]);
  });
});
