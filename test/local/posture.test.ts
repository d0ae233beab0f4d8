import { afterEach, describe, expect, test } from 'vitest';
import type { Config } from '../../lambda/config/config.ts';
import type { BusEvent, LogEntry } from '../../lambda/ports.ts';
import type { PostureReport } from '../../lambda/posture-watch/run-report.ts';
import { startPosture } from '../../local/schedules/posture.ts';
import type { Schedule } from '../../local/schedules/schedule.ts';
import { type NameServer, serveNames } from '../dns/name-server.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';
import { testPorts } from '../ports.ts';
import { postureDomain } from '../posture-watch/world.ts';

let schedule: Schedule;
let server: NameServer;
afterEach(async () => {
  await schedule.stop();
  server?.close();
});

async function started(extra: Partial<Config>, firstAfter = 5) {
  server = await serveNames({ 'example.com': { MX: ['0 .'], TXT: ['v=spf1 -all'] } });
  const reports: PostureReport[] = [];
  const errors: unknown[] = [];
  const events: BusEvent[] = [];
  const logged: LogEntry[] = [];
  const { ports } = testPorts([], { resolver: [server.address], ...extra });
  const options = {
    table: openInMemoryTable(),
    ports: { ...ports, publishEvents: async (some: readonly BusEvent[]) => void events.push(...some) },
    reportUnreadable: () => {},
    onRun: (report: PostureReport) => void reports.push(report),
    onError: (error: unknown) => void errors.push(error),
  };
  schedule = startPosture(options, () => 0, firstAfter);
  return { reports, errors, events, logged };
}

describe('posture on one machine', () => {
  test('runs soon after the start, asks the resolver of the config, and says on the bus what it stored', async () => {
    const { reports, errors, events } = await started({ posture: [postureDomain('example.com')] });
    await expect.poll(() => reports.length).toBe(1);
    expect(errors).toEqual([]);
    expect(server.queries).toContain('TXT example.com');
    expect(reports[0]?.domains).toMatchObject([{ kind: 'checked', domain: 'example.com', isWritten: true }]);
    expect(events).toMatchObject([{ type: 'Posture Recorded', detail: { domains: ['example.com'] } }]);
  });

  test('does nothing without a domain', async () => {
    const { reports } = await started({});
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([reports, server.queries]).toEqual([[], []]);
  });

  test('a monitor that is stopped before its first run asks nothing', async () => {
    const { reports } = await started({ posture: [postureDomain('example.com')] }, 60_000);
    await schedule.stop();
    expect([reports, server.queries]).toEqual([[], []]);
  });
});
