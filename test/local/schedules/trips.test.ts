import { afterEach, expect, test } from 'vitest';
import type { Config } from '../../../lambda/config/config.ts';
import type { TripReport } from '../../../lambda/trip-run/trip-report.ts';
import type { Schedule } from '../../../local/schedules/schedule.ts';
import { startTrips } from '../../../local/schedules/trips.ts';
import { openInMemoryTable } from '../../history/table/in-memory-table.ts';
import { testPorts } from '../../ports.ts';
import { type ImapServer, LOGIN, serveImap } from '../../trip-run/imap-server.ts';
import { type MailRoute, openMailRoute } from '../../trip-run/mail-route.ts';
import { KEY, roundTrip } from '../../trip-run/world.ts';

let schedule: Schedule;
let servers: readonly { close(): Promise<void> }[] = [];

afterEach(async () => {
  await schedule.stop();
  for (const server of servers) await server.close();
});

async function started(extra: (route: MailRoute, imap: ImapServer) => Partial<Config>) {
  const imap = await serveImap();
  const route = await openMailRoute(imap);
  servers = [route, imap];
  const reports: TripReport[] = [];
  const errors: unknown[] = [];
  const policy = { ...testPorts([]).ports.config.policy, vantages: ['eu-west-1'] };
  const { ports } = testPorts([], { policy, ...extra(route, imap) });
  schedule = startTrips({
    table: openInMemoryTable(),
    ports: {
      ...ports,
      secret: async (reference) => ('env' in reference && reference.env === 'KEY' ? KEY : LOGIN.password),
    },
    reportUnreadable: () => {},
    onRun: (report) => void reports.push(report),
    onError: (error) => void errors.push(error),
  });
  return { imap, route, reports, errors };
}

test('a trip is sent at the start of the monitor, and has its verdict within its run', async () => {
  const { reports, errors, route } = await started((smtp, imap) => ({ roundTrips: [roundTrip(smtp.port, imap.port)] }));
  await expect.poll(() => reports.length).toBe(1);
  expect(errors).toEqual([]);
  expect(route.accepted).toHaveLength(1);
  expect(reports[0]?.mailboxes[0]?.ended[0]?.verdict).toMatchObject({ outcome: 'pass' });
});

test('a monitor that is stopped while it waits for a message ends at once', async () => {
  const { route } = await started((smtp, imap) => {
    smtp.behaviour = { folders: [] };
    return { roundTrips: [roundTrip(smtp.port, imap.port)] };
  });
  await expect.poll(() => route.accepted.length).toBe(1);
  const began = performance.now();
  await schedule.stop();
  expect(performance.now() - began).toBeLessThan(20_000);
});

test('nothing is done without a round trip', async () => {
  const { reports, imap } = await started(() => ({}));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([reports, imap.heard]).toEqual([[], []]);
});
