import type {
  IncidentSnapshot,
  Snapshot,
  TargetSnapshot,
  VantageSnapshot,
} from '../../lambda/reports/snapshot/snapshot.ts';

/** What a hostile mail server, or a config, can put on a page. */
export const HOSTILE = `<script>alert(1)</script>"'&\x1b[2J\u202e\u0000\xff]]>--><!channel>`;

export function targetSnapshot(given: Partial<TargetSnapshot> = {}): TargetSnapshot {
  return {
    id: 'mx1',
    endpoint: 'mx1.example.com:25',
    tags: [],
    verdict: 'up',
    since: '2026-11-26T08:00:00Z',
    incident: null,
    days: [
      { date: '2026-11-25', up: 86_000_000, degraded: 0, down: 400_000, unwatched: 0, incidents: 1, planned: null },
      { date: '2026-11-26', up: 0, degraded: 0, down: 0, unwatched: 86_400_000, incidents: 0, planned: null },
    ],
    uptime: 99.537,
    unwatched: 86_400_000,
    uptimeOutsidePlanned: 99.537,
    held: null,
    last: [
      {
        vantage: 'eu-west-1',
        round: '2026-11-26T09:11:00Z',
        outcome: 'pass',
        phase: null,
        code: null,
        reply: null,
        detail: null,
        transcript: [],
        total: 120,
        timings: { connect: 20, greeting: 100 },
        certificateExpires: '2027-01-10',
      },
    ],
    latency: [
      {
        vantage: 'eu-west-1',
        points: [
          [1_000, 100, 'pass'],
          [2_000, null, 'fail'],
          [3_000, 120, 'warn'],
          [4_000, 110, 'pass'],
        ],
      },
    ],
    ...given,
  };
}

export function incidentSnapshot(given: Partial<IncidentSnapshot> = {}): IncidentSnapshot {
  return {
    id: 'mx1@2026-11-25T06:09:48Z',
    target: 'mx1',
    opened: '2026-11-25T06:09:48Z',
    closed: '2026-11-25T06:16:28Z',
    verdict: 'down',
    acknowledged: null,
    timeline: [
      { at: '2026-11-25T06:09:55Z', what: 'down: 2 of 3 entitled vantages voted down, quorum 2' },
      { at: '2026-11-25T06:16:28Z', what: 'recovered' },
    ],
    first: { phase: 'greeting', code: 'greeting-refused' },
    witnesses: [
      {
        vantage: 'eu-west-1',
        from: '2026-11-25T06:09:48Z',
        to: '2026-11-25T06:15:48Z',
        phase: 'greeting',
        code: 'greeting-refused',
        reply: '554 5.3.2 not now',
        detail: null,
        transcript: ['0.0 connect', '0.1 < 554 5.3.2 not now'],
      },
    ],
    chapters: [],
    updated: '2026-11-25T06:16:28Z',
    statements: [],
    alerts: { expired: false, sent: [], told: [] },
    votes: { vantages: ['eu-west-1'], moments: [], gap: null },
    ...given,
  };
}

export function vantageSnapshot(given: Partial<VantageSnapshot> = {}): VantageSnapshot {
  return {
    vantage: 'eu-west-1',
    lastRound: '2026-11-26T09:11:00Z',
    blind: false,
    blindSince: null,
    blindWhy: null,
    lag: null,
    release: '0.1.0',
    egress: '192.0.2.25',
    rounds: { recorded: 1438, due: 1440 },
    ...given,
  };
}

export function snapshotWith(given: Partial<Snapshot> = {}): Snapshot {
  return {
    at: '2026-11-26T09:12:00Z',
    title: 'Mail servers',
    url: null,
    logo: null,
    newestRound: '2026-11-26T09:11:00Z',
    every: 60,
    vantages: [vantageSnapshot()],
    targets: [targetSnapshot()],
    incidents: [incidentSnapshot()],
    planned: [],
    findings: [],
    troubles: [],
    ...given,
  };
}

/** Every text that comes from outside is hostile. */
export function hostileSnapshot(): Snapshot {
  const witness = incidentSnapshot().witnesses[0];
  const last = targetSnapshot().last[0];
  return snapshotWith({
    title: HOSTILE,
    vantages: [
      vantageSnapshot({
        ...{ vantage: HOSTILE, lastRound: null, blind: true, blindWhy: HOSTILE, release: HOSTILE, egress: HOSTILE },
      }),
    ],
    targets: [
      targetSnapshot({
        id: HOSTILE,
        endpoint: HOSTILE,
        tags: [HOSTILE],
        verdict: 'down',
        incident: `${HOSTILE}@2026-11-25T06:09:48Z`,
        last:
          last === undefined
            ? []
            : [
                {
                  ...last,
                  vantage: HOSTILE,
                  outcome: 'fail',
                  code: HOSTILE,
                  reply: HOSTILE.repeat(200),
                  detail: HOSTILE,
                  transcript: [HOSTILE],
                },
              ],
      }),
    ],
    incidents: [
      incidentSnapshot({
        id: `${HOSTILE}@2026-11-25T06:09:48Z`,
        target: HOSTILE,
        closed: null,
        acknowledged: { at: '2026-11-25T06:10:00Z', by: HOSTILE },
        timeline: [{ at: '2026-11-25T06:10:00Z', what: HOSTILE }],
        witnesses:
          witness === undefined
            ? []
            : [{ ...witness, vantage: HOSTILE, reply: HOSTILE, detail: HOSTILE, transcript: [HOSTILE] }],
      }),
    ],
  });
}
