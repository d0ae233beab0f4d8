/** A handler of answers over a table in memory with one open incident of each kind. */

import type { AnswerPorts } from '../../lambda/answer/answer-ports.ts';
import { acknowledge, findOpenIncident } from '../../lambda/answer/incidents/acknowledge.ts';
import { openIncidentStores } from '../../lambda/answer/incidents/incident-stores.ts';
import { toldIncidents } from '../../lambda/answer/incidents/told-incidents.ts';
import { muteIncident } from '../../lambda/answer/mute-incident.ts';
import { openRateLimit } from '../../lambda/answer/rate-limit.ts';
import type { Config } from '../../lambda/config/config.ts';
import type { PostureVerdict } from '../../lambda/consensus/posture/posture-verdict.ts';
import { openBounceHistory } from '../../lambda/history/bounces/bounce-history.ts';
import { openHistory } from '../../lambda/history/history.ts';
import { openPostureHistory } from '../../lambda/history/posture/posture-history.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import { openTripStore } from '../../lambda/history/trips/trip-store.ts';
import type { StoredMute } from '../../lambda/history/windows/mute-item.ts';
import { openWindowStore } from '../../lambda/history/windows/window-store.ts';
import type { LogEntry } from '../../lambda/ports.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';
import { LINK_KEY, PAGERDUTY_SECRET, SLACK_SECRET } from './clicks.ts';

export const OPENED = '2026-11-22T05:08:00Z';
export const NOW = Date.parse('2026-11-22T05:20:00Z');

export const INCIDENTS = {
  target: `mx1@${OPENED}`,
  listed: `example.com/listed@${OPENED}`,
  posture: `example.com/posture@${OPENED}`,
  trip: `out/trip@${OPENED}`,
  bounces: `example.com/bounces@${OPENED}`,
} as const;

const SECRETS: Readonly<Record<string, string>> = {
  SLACK: SLACK_SECRET,
  OTHER_SLACK: 'another secret of another app',
  PAGERDUTY: PAGERDUTY_SECRET,
  LINKS: LINK_KEY,
};

export const answersConfig = {
  name: 'smtp-quorum',
  home: 'local',
  notify: [
    {
      kind: 'slack',
      channel: 'C0123ABCD45',
      token: { env: 'TOKEN' },
      signingSecret: { env: 'OTHER_SLACK' },
      when: ['down'],
    },
    { kind: 'slack', channel: 'C0123ABCD46', token: { env: 'TOKEN' }, signingSecret: { env: 'SLACK' }, when: ['down'] },
    { kind: 'pagerduty', routingKey: { env: 'KEY' }, webhookSecret: { env: 'PAGERDUTY' }, when: ['down'] },
  ],
  targets: [],
  answers: { listen: { host: '127.0.0.1', port: 8025 }, linkKey: { env: 'LINKS' }, linkLifetime: 7 * 86_400_000 },
} as unknown as Config;

const finding = (kind: 'listed' | 'posture', code: string, subject: string): PostureVerdict['findings'][number] => ({
  ...{ kind, area: kind === 'listed' ? 'dnsbl' : 'spf', code, subject, detail: `${code} of ${subject}` },
  ...{ since: OPENED, state: 'told', turned: OPENED, isPresent: true, tellings: [OPENED], flapping: false },
});

/** Writes the open incidents. */
export async function storeIncidents(table: Table): Promise<void> {
  const witness = {
    ...{ vantage: 'us-east-1', firstFailure: OPENED, lastFailure: OPENED, phase: 'greeting', code: 'greeting-refused' },
    ...{ reply: '554 5.7.1 <script>alert(1)</script>\r\n', transcript: [] },
  };
  const incident = {
    ...{ id: INCIDENTS.target, target: 'mx1', opened: OPENED, closed: null, verdict: 'down' as const },
    ...{ witnesses: [witness], timeline: [] },
  };
  await openHistory(table).writeJudgement(
    { target: 'mx1', verdict: 'down', since: OPENED, incident, owed: [] },
    0,
    null,
  );
  await openPostureHistory(table).writePostureVerdict(
    {
      ...{ domain: 'example.com', since: OPENED, undecided: false, alerts: 2, lastAlert: OPENED, owed: [] },
      findings: [finding('listed', 'dnsbl-listed', '192.0.2.25'), finding('posture', 'spf-several', 'example.com')],
      episodes: {
        listed: { id: INCIDENTS.listed, opened: OPENED, lastTold: OPENED },
        posture: { id: INCIDENTS.posture, opened: OPENED, lastTold: OPENED },
      },
    },
    0,
  );
  const findings = [{ code: 'trip-lost', detail: 'not found within 10 min', meaning: '', hint: '', evidence: [] }];
  await openTripStore(table).writeVerdict(
    {
      trip: 'out',
      failed: [],
      arrived: [],
      episode: { id: INCIDENTS.trip, opened: OPENED, findings },
      alerts: 1,
      owed: [],
    },
    0,
  );
  const rate = {
    metric: 'bounces' as const,
    provider: 'Microsoft',
    outcome: 'fail' as const,
    since: OPENED,
    code: '5.7.515',
  };
  const episode = { id: INCIDENTS.bounces, opened: OPENED };
  await openBounceHistory(table).writeVerdict(
    { domain: 'example.com', since: OPENED, rates: [rate], episode, alerts: 1, lastAlert: OPENED, owed: [] },
    0,
  );
}

export interface Answered {
  readonly ports: AnswerPorts;
  readonly table: Table;
  readonly logged: LogEntry[];
  mutes(): Promise<readonly StoredMute[]>;
}

/** @param wrap puts something between the handler and the table */
export async function openAnswered(
  extra: Partial<AnswerPorts> = {},
  wrap = (table: Table) => table,
): Promise<Answered> {
  const table = openInMemoryTable(() => NOW);
  await storeIncidents(table);
  const logged: LogEntry[] = [];
  const windows = openWindowStore(table);
  const stores = openIncidentStores(wrap(table));
  const ports: AnswerPorts = {
    config: answersConfig,
    toldIncidents: () => toldIncidents(table),
    findOpenIncident: (id) => findOpenIncident(stores, id),
    acknowledge: (id, by, now) => acknowledge(stores, id, by, now),
    mute: (request) => muteIncident(windows, request),
    secret: async (reference) => {
      const value = 'env' in reference ? SECRETS[reference.env] : undefined;
      if (value === undefined) throw new Error(`environment variable ${JSON.stringify(reference)} is not set`);
      return value;
    },
    log: (entry) => void logged.push(entry),
    now: () => NOW,
    requests: openRateLimit(),
    refusals: openRateLimit({ each: 10, all: 10 }),
    ...extra,
  };
  return { ports, table, logged, mutes: async () => (await windows.mutes()).mutes };
}
