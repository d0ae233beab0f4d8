import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Incident } from '../../../lambda/consensus/judgement/incident.ts';
import type { PostureVerdict } from '../../../lambda/consensus/posture/posture-verdict.ts';
import { type History, openHistory } from '../../../lambda/history/history.ts';
import { openPostureHistory, type PostureHistory } from '../../../lambda/history/posture/posture-history.ts';
import { inProcess } from '../cli.ts';
import { type HistoryFolder, openHistoryFolder } from '../history-folder.ts';

const opened = '2026-11-22T05:08:00Z';
const incident: Incident = {
  id: `mx1@${opened}`,
  target: 'mx1',
  opened,
  closed: null,
  verdict: 'down',
  witnesses: [],
  timeline: [],
};
const lease = { by: 'judge', until: Date.now() + 60_000 };

let folder: string;
let own: HistoryFolder;
let history: History;
let postures: PostureHistory;

const verdict: PostureVerdict = {
  domain: 'example.com',
  since: opened,
  findings: [
    {
      kind: 'listed',
      area: 'dnsbl',
      code: 'dnsbl-listed',
      subject: '192.0.2.25 on zen.spamhaus.org',
      detail: 'Spamhaus ZEN: 127.0.0.3 CSS',
      since: opened,
      state: 'told',
      turned: opened,
      isPresent: true,
      tellings: [opened],
      flapping: false,
    },
  ],
  episodes: { listed: { id: `example.com/listed@${opened}`, opened, lastTold: opened } },
  undecided: false,
  alerts: 1,
  lastAlert: opened,
  owed: [],
};

beforeAll(async () => {
  own = await openHistoryFolder();
  folder = own.folder;
  history = openHistory(own.table);
  await history.writeJudgement({ target: 'mx1', verdict: 'down', since: opened, incident, owed: [] }, 0, lease);
  postures = openPostureHistory(own.table);
  await postures.writePostureVerdict(verdict, 0);
  await history.writeJudgement({ target: 'mx2', verdict: 'up', since: opened, incident: null, owed: [] }, 0, null);
});

afterAll(() => own.close());

const acknowledge = (...args: readonly string[]) => inProcess(['acknowledge', ...args, '--folder', folder]);

test('writes the name into the incident, and keeps the lease of the judge', async () => {
  const { code, stdout } = await acknowledge('mx1', '--by', 'ops@example.com');
  expect([code, stdout]).toEqual([0, `acknowledged ${incident.id}, by ops@example.com\n`]);
  const stored = await history.judgement('mx1');
  expect(stored?.incident?.acknowledged?.by).toBe('ops@example.com');
  expect(stored?.incident?.timeline.at(-1)?.what).toBe('acknowledged by ops@example.com');
  expect(stored?.lease).toEqual(lease);
});

test.each([
  { args: ['mx1'], message: 'mx1@2026-11-22T05:08:00Z was acknowledged already, by ops@example.com' },
  { args: ['mx2'], message: 'mx2 has no open incident' },
  { args: ['mx11'], message: "did you mean 'mx1'?" },
])('$args is rejected: $message', async ({ args, message }) => {
  const { code, stderr } = await acknowledge(...args);
  expect(code).toBe(3);
  expect(stderr).toContain(message);
});

test('several at once, by their ids and by patterns: each incident once, and nothing if one of the names is wrong', async () => {
  const incidentOf = (target: string) => ({ ...incident, id: `${target}@${opened}`, target });
  for (const target of ['edge-1', 'edge-2', 'core-1'])
    await history.writeJudgement(
      { target, verdict: 'down', since: opened, incident: incidentOf(target), owed: [] },
      0,
      null,
    );
  const byOf = async (target: string) => (await history.judgement(target))?.incident?.acknowledged?.by;
  const wrong = await acknowledge('edge-1', 'edge-9');
  expect([wrong.code, wrong.stderr]).toEqual([3, expect.stringContaining("did you mean 'edge-")]);
  const none = await acknowledge('edge-1', 'rack*');
  expect([none.code, none.stderr]).toEqual([3, expect.stringContaining("'rack*'")]);
  const over = await acknowledge('edge-1', 'mx2*');
  expect([over.code, over.stderr]).toEqual([3, expect.stringContaining("nothing that matches 'mx2*'")]);
  expect(await byOf('edge-1')).toBeUndefined();
  const { code, stdout } = await acknowledge('edge-*', 'edge-1', 'core-1', '--by', 'ops');
  const ids = ['edge-1', 'edge-2', 'core-1'].map((target) => `${target}@${opened}`);
  expect([code, stdout]).toEqual([0, `acknowledged ${ids.join(', ')}, by ops\n`]);
  expect([await byOf('edge-1'), await byOf('edge-2'), await byOf('core-1')]).toEqual(['ops', 'ops', 'ops']);
});

test('a domain with open findings of its posture is acknowledged, once; status shows who did', async () => {
  const before = await inProcess(['status', '--folder', folder, '--utc']);
  expect(before.stdout).toContain('example.com listed: 192.0.2.25 on zen.spamhaus.org, since 2026-11-22 05:08:00');
  const { code, stdout } = await acknowledge('example.com', '--by', 'ops@example.com');
  expect([code, stdout]).toEqual([0, `acknowledged example.com/listed@${opened}, by ops@example.com\n`]);
  expect((await postures.postureVerdict('example.com'))?.episodes.listed?.acknowledged?.by).toBe('ops@example.com');
  const again = await acknowledge('example.com');
  expect([again.code, again.stderr]).toEqual([3, expect.stringContaining('acknowledged already')]);
  const after = await inProcess(['status', '--folder', folder, '--json']);
  expect(JSON.parse(after.stdout).posture).toEqual([
    {
      domain: 'example.com',
      kind: 'listed',
      code: 'dnsbl-listed',
      subject: '192.0.2.25 on zen.spamhaus.org',
      since: opened,
      acknowledged: 'ops@example.com',
    },
  ]);
});
