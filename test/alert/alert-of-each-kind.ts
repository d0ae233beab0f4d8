/** One typical alert of each kind, as tests show them on each channel. */
import { testAlert } from '../../lambda/alert/words/test-alert.ts';
import { foldAlerts } from '../../lambda/consensus/incident/fold-alerts-into-digest.ts';
import type { Alert, AlertKind } from '../../lambda/consensus/judgement/incident.ts';
import type { BounceNews } from '../../lambda/consensus/news/bounce-news.ts';
import type { PostureNews, ToldFinding } from '../../lambda/consensus/news/posture-news.ts';
import { alert, incident } from './alerts.ts';

const closed = { ...incident, closed: '2026-11-22T05:20:30Z' };
const ended = { is: 'up', was: 'down', incident: closed, at: '2026-11-22T05:20:31Z' } as const;

const listing: ToldFinding = {
  code: 'dnsbl-listed',
  subject: '192.0.2.25 on zen.spamhaus.org',
  area: 'dnsbl',
  detail: 'Spamhaus ZEN: 127.0.0.3 CSS: source of spam; removal: https://check.spamhaus.org/',
  since: '2026-11-22T05:08:00Z',
  vantages: ['us-east-1', 'eu-west-1'],
  meaning: 'A DNS list has an address that sends mail of the domain.',
  hint: 'Find out what it sent, and then ask the list to remove it.',
  rfc: 'RFC 5782',
  evidence: ['zen.spamhaus.org: 127.0.0.3'],
  publish: [],
  command: 'dig +short 25.2.0.192.zen.spamhaus.org',
};

const spf: ToldFinding = {
  ...listing,
  code: 'spf-several',
  subject: 'example.com',
  area: 'spf',
  detail: 'the domain has 2 SPF records',
  meaning: 'Receivers treat several SPF records as a permanent error.',
  hint: 'Publish one record.',
  rfc: 'RFC 7208 3.2',
  evidence: ['v=spf1 mx -all', 'v=spf1 a -all'],
  publish: ['example.com. IN TXT "v=spf1 mx a -all"'],
  command: 'dig +short TXT example.com',
};

const lost: ToldFinding = {
  ...listing,
  code: 'trip-lost',
  subject: 'out',
  area: 'trip',
  detail: 'the message did not arrive within 10 min',
  meaning: 'The server accepted the message, and the mailbox does not have it.',
  hint: 'Look for the message in the log of the server.',
  rfc: 'RFC 5321 6.1',
  evidence: ['accepted at 05:08:00 UTC: 250 2.0.0 queued as 4Xy'],
  command: null,
};

const posture = (finding: ToldFinding): PostureNews => ({ findings: [finding], more: 0, warnings: [] });

const bounces: BounceNews = {
  rates: [
    {
      metric: 'bounces',
      outcome: 'fail',
      window: 'hour',
      provider: 'Microsoft',
      count: 41,
      total: 60,
      limit: 0.05,
      others: { count: 1, total: 250 },
      since: '2026-11-22T05:08:00Z',
      codes: [{ code: '5.7.515', count: 41 }],
      example: '550 5.7.515 Access denied, sending domain does not meet the required authentication level',
      hint: 'Publish SPF, DKIM and DMARC that pass.',
    },
  ],
  more: 0,
};

/** Each with an id of its own. */
const of = (kind: AlertKind, changed: Partial<Alert> = {}): Alert =>
  alert(kind, { id: `mx1@2026-11-22T05:08:00Z#2-${kind}`, ...changed });

const ofDomain = (kind: AlertKind, changed: Partial<Alert>): Alert =>
  of(kind, { subject: 'example.com', was: 'up', is: 'degraded', votes: [], reason: '', ...changed });

const domainIncident = { ...incident, id: 'example.com@2026-11-22T05:08:00Z', target: 'example.com', witnesses: [] };
const domainClosed = { ...domainIncident, closed: '2026-11-22T05:20:30Z' };
const over = { was: 'degraded', is: 'up', at: '2026-11-22T05:20:31Z', incident: domainClosed } as const;

export const alertOfEachKind: Readonly<Record<AlertKind, Alert>> = {
  down: alert('down'),
  degraded: of('degraded', { is: 'degraded', votes: [], reason: 'certificate expires in 14 days' }),
  recovered: of('recovered', ended),
  unknown: of('unknown', { is: 'unknown', votes: [], reason: '1 of 3 vantages may vote, 2 needed' }),
  update: of('update', {
    was: 'down',
    incident: { ...incident, acknowledged: { at: '2026-11-22T05:12:00Z', by: 'ops@example.com' } },
  }),
  changed: of('changed', { incident: null, votes: [], was: 'up', is: 'up', reason: 'TLS 1.3 -> 1.2, at us-east-1' }),
  blind: of('blind', {
    subject: 'eu-west-1',
    is: 'unknown',
    incident: null,
    votes: [],
    reason: 'cannot reach port 25',
  }),
  flapping: of('flapping', { reason: '5 changes in an hour' }),
  digest: foldAlerts(
    ['mx1', 'mx2', 'mx3', 'mx4', 'mx5', 'mx6'].map((subject) => alert('down', { subject, id: `${subject}@a#1-down` })),
  ),
  undelivered: of('undelivered', {
    subject: 'slack:C0123ABCD45',
    is: 'unknown',
    incident: null,
    votes: [],
    reason: '3 attempts failed: not_in_channel',
  }),
  posture: ofDomain('posture', { posture: posture(spf), incident: domainIncident }),
  'posture-over': ofDomain('posture-over', { posture: posture(spf), ...over }),
  listed: ofDomain('listed', { posture: posture(listing), incident: domainIncident }),
  delisted: ofDomain('delisted', { posture: posture(listing), ...over }),
  trip: ofDomain('trip', { subject: 'out', posture: posture(lost), incident: { ...domainIncident, target: 'out' } }),
  'trip-over': ofDomain('trip-over', {
    ...{ subject: 'out', posture: posture(lost), ...over },
    votes: [{ vantage: 'eu-west-1', vote: 'up', why: 'passed' }],
  }),
  bounces: ofDomain('bounces', { bounces, incident: domainIncident }),
  'bounces-over': ofDomain('bounces-over', { bounces, ...over, reason: '2 of 80 bounced in the last hour' }),
  test: testAlert('1a2b3c4d', Date.parse('2026-11-22T05:09:12Z')),
};
