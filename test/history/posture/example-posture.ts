/** Records two days of the posture of a domain: the judge and the history are the real ones; the findings are written here. */
import { awsChannels } from '../../../lambda/alert/delivery/configured-channels.ts';
import type { Config } from '../../../lambda/config/config.ts';
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { acknowledgePosture } from '../../../lambda/consensus/posture/acknowledge-posture.ts';
import { openDeliveries } from '../../../lambda/deliver/delivery-table.ts';
import { openHistory } from '../../../lambda/history/history.ts';
import { openPostureHistory } from '../../../lambda/history/posture/posture-history.ts';
import type { Table } from '../../../lambda/history/table/table.ts';
import { judgePostures } from '../../../lambda/judge/judge-postures.ts';
import type { BusEvent, JudgePorts } from '../../../lambda/ports.ts';
import { POSTURE_AREAS } from '../../../lambda/posture/codes/code.ts';
import type { PostureFinding } from '../../../lambda/posture/finding.ts';
import { found, HOUR, listed, MINUTE, START, unable } from '../../consensus/posture/runs.ts';

export const postureVantageNames = ['us-east-1', 'eu-west-1'] as const;

const record = found('spf-several', 'example.com', {
  detail: 'the domain has 2 SPF records',
  publish: ['example.com. IN TXT "v=spf1 mx a -all"'],
  command: 'dig +short TXT example.com',
  evidence: ['v=spf1 mx -all', 'v=spf1 a -all'],
});
const weak = found('dmarc-policy-none', 'example.com', { detail: 'v=DMARC1; p=none' });
const ignored = found('sts-misspelt', 'example.com');
const well = found('mx-valid', 'example.com', { detail: 'mx1.example.com' });

/** What every run of an hour sees, for two days. */
const HOURS: readonly (readonly PostureFinding[])[] = [
  ...Array<readonly PostureFinding[]>(2).fill([well]),
  ...Array<readonly PostureFinding[]>(28).fill([well, record, weak, ignored, listed('192.0.2.25')]),
  ...Array<readonly PostureFinding[]>(2).fill([well, record, unable('dnsbl', 'zen.spamhaus.org')]),
  ...Array<readonly PostureFinding[]>(4).fill([well, weak]),
  ...Array<readonly PostureFinding[]>(4).fill([well, listed('192.0.2.25')]),
];

export const postureConfig = {
  home: 'us-east-1',
  policy: { vantages: postureVantageNames, every: 60_000 },
  notify: [],
  targets: [],
  posture: [
    {
      domain: 'example.com',
      ignore: [{ code: 'sts-misspelt', subject: null, reason: 'no mail is sent', until: '2026-12-31' }],
    },
  ],
} as unknown as Config;

export async function recordPosture(
  tableOf: (now: () => number) => Table,
): Promise<{ readonly events: readonly BusEvent[]; readonly alerts: readonly Alert[] }> {
  let clock = START;
  const now = () => clock;
  const table = tableOf(now);
  const events: BusEvent[] = [];
  const alerts: Alert[] = [];
  const postures = openPostureHistory(table, { now });
  const deliveries = openDeliveries(table, { now });
  const ports: JudgePorts = {
    config: postureConfig,
    vantage: 'us-east-1',
    history: openHistory(table, { now }),
    postures,
    deliveries: {
      ...deliveries,
      make: async (channel, alert) => {
        alerts.push(alert);
        await deliveries.make(channel, alert);
      },
    },
    channels: awsChannels(postureConfig),
    publishEvents: async (all) => void events.push(...all),
    secret: async () => '',
    log: () => {},
    now,
  };
  for (const [hour, findings] of HOURS.entries()) {
    for (const vantage of postureVantageNames) {
      clock = START + hour * HOUR;
      const began = isoSeconds(clock);
      const policy = {
        id: '20261101',
        mode: 'enforce',
        mx: ['mx1.example.com'],
        maxAge: 604_800,
        lastSeen: began,
      } as const;
      const run = { domain: 'example.com', vantage, began, ended: began, areas: POSTURE_AREAS, findings };
      const { at } = await postures.recordPostureRun({ ...run, policies: [policy] });
      const note = { vantage, began, areas: POSTURE_AREAS, items: { 'example.com': at }, asked: ['zen.spamhaus.org'] };
      await postures.recordPostureWatch(note);
      events.push({ type: 'Posture Recorded', detail: { vantage, domains: ['example.com'] } });
    }
    clock += MINUTE;
    await judgePostures(ports);
    if (hour === 29) await acknowledge();
  }
  clock += MINUTE;
  await judgePostures({ ...ports, config: { ...postureConfig, posture: [] } });
  return { events, alerts };

  async function acknowledge(): Promise<void> {
    const stored = await postures.postureVerdict('example.com');
    if (stored === null) throw new Error('there is no verdict');
    await postures.writePostureVerdict(acknowledgePosture(stored, 'ops@example.com', clock), stored.version);
  }
}
