/** The config of round trips through the servers: a file as users write it. */

import { readFileSync } from 'node:fs';
import type { Config } from '../../../lambda/config/config.ts';
import { parseConfig } from '../../../lambda/config/parse.ts';
import type { TripLab } from './trip-lab.ts';
import { PASSWORD, RECEIVER, SENDER, type Seed, seedAddress } from './trip-world.ts';

export const TRIP_KEY = 'key of the trips of these tests';

/** What the variables that the config names are to have. */
export const TRIP_SECRETS = { TRIP_PASSWORD: PASSWORD, TRIP_KEY } as const;

/** Its identifier is that of the seed. */
export interface TripOrder {
  readonly seed: Seed;
  readonly protocol?: 'imap' | 'pop3';
  readonly warn?: string;
  readonly fail?: string;
  /** Of the mailbox, instead of that of the lab. */
  readonly port?: number;
}

export function tripConfigText(lab: TripLab, orders: readonly TripOrder[], vantages: readonly string[]): string {
  const target = {
    ...{ id: 'submission', host: '127.0.0.1', port: lab.submission, security: 'starttls' },
    ...{ serverName: SENDER.host, ca: lab.authority },
    auth: { user: SENDER.user, password: { env: 'TRIP_PASSWORD' } },
  };
  // JSON is YAML, too.
  return JSON.stringify({
    ...{ ehloName: 'probe.example.com', vantages, targets: [target] },
    roundTrips: orders.map((order) => roundTrip(lab, order)),
  });
}

function roundTrip(lab: TripLab, { seed, protocol = 'imap', warn = '60s', fail = '5m', port }: TripOrder) {
  const doors = { imap: lab.mailboxes.ports.imap, pop3: lab.mailboxes.ports.pop3s };
  return {
    id: seed,
    // No second message while a test moves the clock on by minutes.
    every: '1h',
    send: { via: 'submission', from: SENDER.user, to: seedAddress(seed), attachment: 3_000 },
    receive: {
      ...{ protocol, host: '127.0.0.1', port: port ?? doors[protocol] },
      ...{ security: protocol === 'imap' ? 'starttls' : 'tls', serverName: RECEIVER.host, ca: lab.authority },
      auth: { user: seedAddress(seed), password: { env: 'TRIP_PASSWORD' } },
    },
    within: { warn, fail },
    expect: { folder: 'inbox', spf: 'pass', dkim: 'pass', dmarc: 'pass', tls: true, unchanged: true },
    authservId: RECEIVER.host,
    key: { env: 'TRIP_KEY' },
  };
}

export function tripConfig(lab: TripLab, orders: readonly TripOrder[], vantages: readonly string[]): Config {
  const text = tripConfigText(lab, orders, vantages);
  const parsed = parseConfig(text, 'smtp-quorum.yaml', (path) => readFileSync(path, 'utf8'));
  if (!parsed.ok) throw new Error(parsed.problems.map(({ path, message }) => `${path} ${message}`).join('; '));
  return parsed.config;
}
