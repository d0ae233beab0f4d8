import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTripWorld, roundTrip, type TripWorld } from './world.ts';

/** The server of the trip is on 127.0.0.1, where nothing listens on this port; the control target is on 127.0.0.2. */
let control: Server;
let port: number;
let world: TripWorld;

beforeEach(async () => {
  control = createServer((socket) => socket.on('error', () => {}).end('220 mx.example.net ESMTP\r\n'));
  control.listen(0, '127.0.0.2');
  await once(control, 'listening');
  port = (control.address() as AddressInfo).port;
  world = await openTripWorld();
});

afterEach(async () => {
  await world.close();
  control.close();
});

test.each<[string, { readonly isUp: boolean; readonly offset: number } | null, string, string]>([
  ['the control target answers on the port', { isUp: true, offset: 0 }, 'refused', 'not-accepted'],
  ['the control target does not answer either', { isUp: false, offset: 0 }, 'unable', 'not-sent'],
  ['the control target is on another port', { isUp: false, offset: 1 }, 'refused', 'not-accepted'],
  ['there is no control target', null, 'refused', 'not-accepted'],
])('a server that does not answer, and %s', async (_, target, sending, code) => {
  if (target?.isUp === false) await new Promise((done) => control.close(done));
  const ports = world.portsOf('local');
  const trip = roundTrip(port, world.imap.port);
  const config = {
    ...ports.config,
    roundTrips: [trip],
    control: target === null ? null : { host: '127.0.0.2', port: port + target.offset },
  };
  const { mailboxes } = await world.run('local', undefined, { config });
  expect(mailboxes.map(({ failed }) => failed)).toEqual([null]);
  const [record] = await world.store.trips('out', 0, world.now() + 60_000);
  expect(record?.sending).toMatchObject({ outcome: sending, phase: 'connect' });
  expect(record?.verdict?.findings[0]?.code).toBe(code);
});
