/** A domain from healthy to listed, to SPF broken, to TLSA left behind by a renewal, to a policy that no longer fits, and back. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alertTexts } from '../../../lambda/alert/words/alert-texts.ts';
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import { type NameServer, serveNames } from '../../dns/name-server.ts';
import { type MailServers, startMailServers } from './mail-servers.ts';
import { type MutableZone, mailZone, stsPolicy, tlsaOf } from './mail-zone.ts';
import { type StoryMonitor, startStory } from './story-monitor.ts';

let [folder, told] = ['', ''];
let zone: MutableZone;
let names: NameServer;
let servers: MailServers;
let monitor: StoryMonitor;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smtp-quorum-story-'));
  servers = await startMailServers(Date.now());
  zone = mailZone(servers.certificate().cert);
  names = await serveNames(zone, { authenticated: true });
  // At one time of a day, so that texts with and without a date are the same each time.
  monitor = await startStory(folder, names, servers, new Date().setUTCHours(8, 0, 0, 0));
});
afterAll(async () => {
  await monitor.close();
  await servers.close();
  names.close();
  await rm(folder, { recursive: true, force: true });
});

const isToMend = new Set(['listed', 'posture']);
const kinds = (alerts: readonly Alert[]) => alerts.map(({ kind }) => kind);

/** Keeps the texts as they are read, and says what was told. */
function tell(alerts: readonly Alert[]): readonly string[] {
  for (const alert of alerts) {
    const { subject, email } = alertTexts(alert, monitor.config);
    told += `Subject: ${subject}\n\n${email.trimEnd()}\n\n${'-'.repeat(72)}\n`;
  }
  return kinds(alerts);
}

test('a healthy domain: nothing is told, however often it is looked at', async () => {
  for (let nth = 0; nth < 3; nth++) expect(tell(await monitor.hour())).toEqual([]);
});

test('its address is listed: told after the second run, over after two runs without it', async () => {
  zone['25.2.0.192.zen.spamhaus.org'] = { A: ['127.0.0.4'] };
  expect(tell(await monitor.quarter())).toEqual([]);
  const [alert] = await monitor.quarter();
  expect(tell(alert === undefined ? [] : [alert])).toEqual(['listed']);
  expect(JSON.stringify(alert)).toContain('192.0.2.25 on zen.spamhaus.org');
  expect(tell(await monitor.quarter())).toEqual([]);
  delete zone['25.2.0.192.zen.spamhaus.org'];
  expect(tell(await monitor.hour())).toEqual([]);
  expect(tell(await monitor.quarter())).toEqual(['delisted']);
});

test('its SPF record is broken: told with the record as it is', async () => {
  const whole = zone['example.com'];
  zone['example.com'] = { ...whole, TXT: ['v=spf1 ip4:192.0.2.25 mxx -all'] };
  expect(tell(await monitor.hour())).toEqual([]);
  const alerts = await monitor.hour();
  expect(tell(alerts)).toEqual(['posture']);
  expect(JSON.stringify(alerts)).toContain('spf-syntax');
  if (whole !== undefined) zone['example.com'] = whole;
  expect(tell(await monitor.hour())).toEqual([]);
  expect(tell(await monitor.hour())).toEqual(['posture-over']);
});

test('a renewal leaves the TLSA record behind: told with the record to publish', async () => {
  await servers.renew();
  expect(tell(await monitor.hour())).toEqual([]);
  const alerts = await monitor.hour();
  expect(tell(alerts)).toEqual(['posture']);
  expect(JSON.stringify(alerts)).toContain('dane-');
  // What is to be published is what the server presents.
  const right = tlsaOf(servers.certificate().cert);
  expect(JSON.stringify(alerts)).toContain(right);
  zone['_25._tcp.mx1.example.com'] = { TLSA: [right] };
  expect(tell(await monitor.hour())).toEqual([]);
  expect(tell(await monitor.hour())).toEqual(['posture-over']);
});

test('the policy of MTA-STS no longer fits the MX host: told, and over', async () => {
  const whole = zone['example.com'];
  zone['example.com'] = { ...whole, MX: ['10 mx2.example.com'] };
  zone['_25._tcp.mx2.example.com'] = { TLSA: [tlsaOf(servers.certificate().cert)] };
  expect(tell(await monitor.hour()).filter((kind) => isToMend.has(kind))).toEqual([]);
  const alerts = await monitor.hour();
  expect(tell(alerts)).toEqual(['posture']);
  expect(JSON.stringify(alerts)).toContain('sts-');
  // The policy is mended; senders may hold the former one for a week.
  servers.policy = stsPolicy('mx1.example.com', 'mx2.example.com');
  zone['_mta-sts.example.com'] = { TXT: ['v=STSv1; id=20261127'] };
  const after = [...(await monitor.hour()), ...(await monitor.hour()), ...(await monitor.hour())];
  tell(after);
  if (whole !== undefined) zone['example.com'] = whole;
  const back = [...(await monitor.hour()), ...(await monitor.hour()), ...(await monitor.hour())];
  expect([...kinds(after), ...tell(back)]).toContain('posture-over');
});

test('the alerts, as a mail admin reads them', async () => {
  const stable = told
    .replace(/\d{4}-\d\d-\d\d/g, '<date>')
    .replace(/\d\d:\d\d(?::\d\d)?/g, '<time>')
    .replace(/[0-9a-f]{16,}/g, '<hex>');
  await expect(stable).toMatchFileSnapshot('alerts.txt');
});
