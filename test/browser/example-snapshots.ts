/** Snapshots of monitors that have run for 90 days. */
import type { DaySnapshot, LatencySeries, Snapshot, TargetSnapshot } from '../../lambda/reports/snapshot/snapshot.ts';
import type { Outcome } from '../../lambda/smtp/sample/sample.ts';
import { incidentSnapshot, snapshotWith, targetSnapshot, vantageSnapshot } from '../web/snapshot.ts';

const DAY = 86_400_000;
export const VANTAGES = ['us-east-1', 'eu-west-1', 'ap-southeast-1'] as const;
const TAGS = ['inbound', 'outbound', 'customers'] as const;
export const REFUSAL = '554 5.3.1 Mail system full: /var/spool is at 100%';

/** Positions of targets that are down since five minutes, of one tag, and of one of another tag that is degraded. */
const DOWN: readonly number[] = [0, 3];
const DEGRADED = 1;

/** @param count four or more @param now epoch milliseconds */
export function monthsOfTargets(count: number, now: number): Snapshot {
  const targets = Array.from({ length: count }, (_, nth) => exampleTarget(nth, now));
  const open = targets.filter(({ verdict }) => verdict === 'down').map(({ id }) => openIncident(id, now));
  const ended = targets.slice(0, 10).map(({ id }, nth) => endedIncident(id, now - (nth + 1) * 5 * DAY));
  return snapshotWith({
    at: iso(now),
    newestRound: iso(now),
    vantages: VANTAGES.map((vantage, nth) =>
      vantageSnapshot({ vantage, lastRound: iso(now), ...(nth === 2 ? blindSince(iso(now - DAY)) : {}) }),
    ),
    targets,
    incidents: [...open, ...ended],
  });
}

/** With what a page has only at times: planned work, findings, troubles, and what people said. */
export function withAllParts(snapshot: Snapshot, now: number): Snapshot {
  const since = iso(now - DAY);
  const window = { kind: 'window', name: 'patches', why: 'Updates of the system', domains: [] } as const;
  const planned = (['in_progress', 'verifying', 'scheduled'] as const).map((state) => {
    const times = { from: iso(now - 60_000), until: iso(now + 60_000) };
    return { ...window, ...times, id: `patches@${state}`, state, subjects: snapshot.targets.map(({ id }) => id) };
  });
  const said = { at: since, by: 'ops@example.com', text: 'A disk is full.\nMail is late.' };
  const statements = [
    { ...said, number: 1, state: 'investigating' as const },
    { ...said, number: 2, state: 'identified' as const },
  ];
  return {
    ...snapshot,
    planned,
    incidents: snapshot.incidents.map((one) => ({ ...one, statements })),
    findings: [
      { domain: 'example.com', kind: 'listed', code: 'dnsbl-listed', subject: '192.0.2.25', since, acknowledged: null },
      {
        domain: 'example.com',
        kind: 'posture',
        code: 'spf-missing',
        subject: 'example.com',
        since,
        acknowledged: 'ops',
      },
    ],
    troubles: [{ kind: 'trip', subject: 'loop', what: ['not-arrived'], since }],
  };
}

function blindSince(since: string) {
  return { blind: true, blindSince: since, blindWhy: 'it does not reach its control target' };
}

function exampleTarget(nth: number, now: number): TargetSnapshot {
  const id = `mx${nth + 1}.customer-${(nth % 7) + 1}`;
  const verdict = DOWN.includes(nth) ? 'down' : nth === DEGRADED ? 'degraded' : 'up';
  const down = iso(now - 300_000);
  return targetSnapshot({
    id,
    endpoint: `mx${nth + 1}.example.com:25`,
    tags: [TAGS[nth % TAGS.length] ?? 'inbound'],
    verdict,
    since: verdict === 'down' ? down : iso(now - 20 * DAY),
    incident: verdict === 'down' ? `${id}@${down}` : null,
    days: Array.from({ length: 90 }, (_, day) => exampleDay(day, nth, now, verdict === 'down')),
    uptime: 99.981,
    last: VANTAGES.map((vantage, at) => lastSession(vantage, at, verdict === 'down', now)),
    latency: VANTAGES.map((vantage, at) => series(vantage, at, verdict === 'down', now)),
  });
}

function lastSession(vantage: string, at: number, isDown: boolean, now: number): TargetSnapshot['last'][number] {
  const [passed] = targetSnapshot().last;
  if (passed === undefined) throw new Error('the example of a target has a session');
  const timings = { connect: 20 + at * 15, greeting: 40 + at * 15, ehlo: 30 + at * 10 };
  const times = { vantage, round: iso(now), total: 90 + at * 40, timings };
  if (!isDown) return { ...passed, ...times };
  const transcript = ['* 192.0.2.25, port 25', `< ${REFUSAL}`];
  const failed = { outcome: 'fail', phase: 'greeting', code: 'storage-insufficient', reply: REFUSAL } as const;
  const { connect, greeting } = timings;
  return { ...passed, ...times, ...failed, total: connect + greeting, timings: { connect, greeting }, transcript };
}

function series(vantage: string, at: number, isDown: boolean, now: number): LatencySeries {
  const points = Array.from({ length: 180 }, (_, nth) => {
    const failed = isDown && nth >= 175;
    const outcome: Outcome = failed ? 'fail' : nth % 60 === 30 ? 'warn' : 'pass';
    return [now - (179 - nth) * 60_000, failed ? null : 90 + at * 40 + ((nth * 7) % 31), outcome] as const;
  });
  return { vantage, points };
}

function exampleDay(day: number, nth: number, now: number, isDown: boolean): DaySnapshot {
  const [known] = targetSnapshot().days;
  if (known === undefined) throw new Error('the example of a target has days');
  const of = { ...known, date: iso(now - (89 - day) * DAY).slice(0, 10), degraded: 0, down: 0, incidents: 0 };
  if (day < 5) return { ...of, up: 0, unwatched: DAY };
  const down = isDown && day === 89 ? 300_000 : (day + nth) % 31 === 7 ? 1_260_000 : 0;
  const degraded = (day + nth) % 23 === 3 ? 600_000 : 0;
  return { ...of, up: DAY - down, degraded, down, unwatched: 0, incidents: down > 0 ? 1 : 0 };
}

function openIncident(target: string, now: number) {
  const opened = iso(now - 300_000);
  const witnesses = VANTAGES.map((vantage) => ({
    ...{ vantage, from: opened, to: iso(now), phase: 'greeting', code: 'storage-insufficient', reply: REFUSAL },
    ...{ detail: null, transcript: ['* 192.0.2.25, port 25', `< ${REFUSAL}`] },
  }));
  const timeline = [
    { at: opened, what: 'us-east-1 failed at greeting: storage-insufficient' },
    { at: iso(now - 290_000), what: 'down: 2 of 2 entitled vantages voted down, quorum 2' },
  ];
  const id = `${target}@${opened}`;
  return incidentSnapshot({ id, target, opened, closed: null, verdict: 'down', timeline, witnesses });
}

function endedIncident(target: string, at: number) {
  const [opened, closed] = [iso(at), iso(at + 1_260_000)];
  const acknowledged = { at: iso(at + 60_000), by: 'ops@example.com' };
  const timeline = [
    { at: opened, what: 'down: 2 of 3 entitled vantages voted down, quorum 2' },
    { at: closed, what: 'recovered' },
  ];
  return incidentSnapshot({ id: `${target}@${opened}`, target, opened, closed, acknowledged, timeline });
}

function iso(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
