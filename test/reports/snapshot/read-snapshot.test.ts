import { expect, test } from 'vitest';
import type { Incident } from '../../../lambda/consensus/judgement/incident.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { openHistory } from '../../../lambda/history/history.ts';
import { readSnapshot } from '../../../lambda/reports/snapshot/read-snapshot.ts';
import { emptyUptimeCache } from '../../../lambda/reports/snapshot/uptime-cache.ts';
import { openReportSource } from '../../../lambda/reports/source/report-source.ts';
import { openRecentRounds } from '../../../lambda/reports/source/rounds.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';

const now = Date.parse('2026-11-22T12:00:30Z');
const HOUR = 3_600_000;

function incidentOf(opened: number, closed: number | null): Incident {
  const at = isoSeconds(opened);
  return {
    id: `mx1@${at}`,
    target: 'mx1',
    opened: at,
    closed: closed === null ? null : isoSeconds(closed),
    verdict: 'down',
    witnesses: [],
    timeline: [{ at, what: 'down' }],
  };
}

test('an open incident is listed first, however many have ended since', async () => {
  const table = openInMemoryTable(() => now);
  const history = openHistory(table, { now: () => now });
  const open = incidentOf(now - 600 * HOUR, null);
  await history.writeJudgement(
    { target: 'mx1', verdict: 'down', since: open.opened, incident: open, owed: [] },
    0,
    null,
  );
  for (let nth = 1; nth <= 501; nth++) {
    const { opened, ...incident } = incidentOf(now - nth * HOUR, now - nth * HOUR + 60_000);
    await table.put({ ...incident, opened, pk: 'target#mx1', sk: `incident#${opened}` });
  }
  const source = await openReportSource(table, null);
  const { incidents } = await readSnapshot(
    source,
    openRecentRounds(),
    emptyUptimeCache(),
    { title: 'Mail servers', url: null, logo: null },
    now,
  );
  expect(incidents).toHaveLength(501);
  expect(incidents[0]?.id).toBe(open.id);
  expect(incidents[1]?.opened).toBe(isoSeconds(now - HOUR));
  expect(incidents.filter(({ closed }) => closed === null)).toHaveLength(1);
});
