/** The sources of bounces on one machine, by a schedule. */
import path from 'node:path';
import { mailboxReader } from './bounces/bounce-mailbox.ts';
import { type BounceOptions, followLog } from './bounces/follow-log.ts';
import { type Schedule, startSchedule } from './schedule.ts';

/** Milliseconds between two looks. */
const EVERY = { log: 10_000, mailbox: 5 * 60_000 } as const;

/** Stopped, it has written what it read. */
export function startBounces(options: BounceOptions): Schedule {
  const { config, now } = options.ports;
  const { logs = [], mailboxes = [] } = config.bounces ?? {};
  const end = new AbortController();
  const followed = logs.map((log) => followLog(options, path.resolve(log)));
  const readers = mailboxes.map((mailbox) => mailboxReader(options, mailbox, end.signal));
  const schedules = [
    ...followed.map((log) => startSchedule(EVERY.log, () => log.readNew(), now)),
    ...readers.map((read) => startSchedule(EVERY.mailbox, read, now)),
  ];
  return {
    stop: async () => {
      end.abort();
      await Promise.all(schedules.map((schedule) => schedule.stop()));
      await Promise.all(followed.map((log) => log.close()));
    },
  };
}
