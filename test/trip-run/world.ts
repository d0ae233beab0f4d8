/** Round trips over real sockets on loopback, with a table in memory and a clock of its own. */
import type { Config } from '../../lambda/config/config.ts';
import type { RoundTrip } from '../../lambda/config/round-trip.ts';
import { policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import type { Item } from '../../lambda/history/table/table.ts';
import { openTripStore, type TripStore } from '../../lambda/history/trips/trip-store.ts';
import { openMailbox } from '../../lambda/mailbox/open-mailbox.ts';
import type { BusEvent, LogEntry } from '../../lambda/ports.ts';
import { tripGroups } from '../../lambda/trip-run/trip-mailbox.ts';
import type { TripPorts } from '../../lambda/trip-run/trip-ports.ts';
import { watchTrips } from '../../lambda/trip-run/watch-trips.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';
import { type ImapServer, LOGIN, serveImap } from './imap-server.ts';
import { type MailRoute, openMailRoute } from './mail-route.ts';

export const START = Date.parse('2026-11-26T13:00:00Z');
export const KEY = 'a key of thirty-two characters!!';
export const MINUTE = 60_000;

export interface TripWorld {
  readonly imap: ImapServer;
  readonly route: MailRoute;
  readonly store: TripStore;
  readonly events: BusEvent[];
  readonly writes: Item[];
  /** Writes that did not hold. */
  readonly refused: Item[];
  readonly now: () => number;
  portsOf(vantage: string, extra?: Partial<TripPorts>): TripPorts;
  /** Moves the clock on to a time, and runs at one vantage. */
  run(vantage: string, at?: number, extra?: Partial<TripPorts>): ReturnType<typeof watchTrips>;
  mailbox(): ReturnType<TripStore['mailbox']>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly trips?: readonly Partial<RoundTrip>[];
  readonly vantages?: readonly string[];
}

export async function openTripWorld({ trips = [{}], vantages = ['local'] }: WorldOptions = {}): Promise<TripWorld> {
  let clock = START;
  let number = 0;
  const imap = await serveImap();
  const route = await openMailRoute(imap);
  const config = configOf(
    trips.map((one) => ({ ...roundTrip(route.port, imap.port), ...one })),
    vantages,
  );
  const [events, writes, refused]: [BusEvent[], Item[], Item[]] = [[], [], []];
  const inMemory = openInMemoryTable(() => clock);
  const table = {
    ...inMemory,
    put: async (item: Item, condition?: Parameters<typeof inMemory.put>[1]) => {
      const isWritten = await inMemory.put(item, condition);
      (isWritten ? writes : refused).push(item);
      return isWritten;
    },
  };
  const store = openTripStore(table);
  const portsOf = (vantage: string, extra: Partial<TripPorts> = {}): TripPorts => ({
    config,
    vantage,
    history: store,
    openMailbox,
    publishEvents: async (published) => void events.push(...published),
    secret: async (reference) => secretOf('env' in reference ? reference.env : reference.secret),
    log: (_: LogEntry) => {},
    now: () => clock,
    sleep: async (milliseconds) => {
      clock += milliseconds;
    },
    timeLeft: () => 90_000,
    newId: () => `message-${String(++number).padStart(6, '0')}`,
    ...extra,
  });
  return {
    ...{ imap, route, store, events, writes, refused, portsOf },
    now: () => clock,
    run: (vantage, at = clock, extra = {}) => {
      clock = Math.max(clock, at);
      return watchTrips(portsOf(vantage, extra));
    },
    mailbox: () => store.mailbox(tripGroups(config.roundTrips ?? [])[0]?.mailbox ?? ''),
    close: async () => {
      await route.close();
      await imap.close();
    },
  };
}

function secretOf(name: string): string {
  const known: Readonly<Record<string, string>> = { KEY, IMAP: LOGIN.password };
  const secret = known[name];
  if (secret === undefined) throw new Error(`no secret ${name}`);
  return secret;
}

export function roundTrip(smtp: number, imap: number): RoundTrip {
  return {
    id: 'out',
    every: 10 * MINUTE,
    send: {
      via: null,
      server: {
        ...{ host: '127.0.0.1', port: smtp, security: 'none', helo: 'auto', family: 'any' },
        ...{ insecure: false, timeout: 20_000 },
      },
      ...{ from: 'canary@example.com', to: 'seed@example.net', attachment: 200 },
    },
    receive: {
      ...{ protocol: 'imap', host: '127.0.0.1', port: imap, security: 'none', insecure: false, junk: true },
      auth: { user: LOGIN.user, password: { env: 'IMAP' } },
    },
    within: { warn: MINUTE, fail: 5 * MINUTE },
    expect: { folder: 'inbox' },
    keep: 0,
    perDay: 300,
    authservId: null,
    key: { env: 'KEY' },
  };
}

function configOf(roundTrips: readonly RoundTrip[], vantages: readonly string[]): Config {
  return {
    version: 1,
    name: 'test',
    home: vantages[0] ?? 'local',
    ehloName: 'probe.example.com',
    control: null,
    policy: { ...policyDefaults(vantages.length), vantages, every: MINUTE },
    notify: [],
    targets: [],
    roundTrips,
  };
}
