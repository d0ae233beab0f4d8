import { afterEach, expect, test } from 'vitest';
import { buildTripMessage } from '../../lambda/trip/message/build-trip-message.ts';
import { KEY, MINUTE, openTripWorld, START, type TripWorld, type WorldOptions } from './world.ts';

let world: TripWorld;

afterEach(() => world.close());

async function open(options: WorldOptions = {}): Promise<TripWorld> {
  world = await openTripWorld(options);
  return world;
}

async function codes(trip = 'out'): Promise<readonly string[]> {
  const trips = await world.store.trips(trip, START - 86_400_000, START + 86_400_000 * 3);
  return trips.map(({ verdict }) => verdict?.findings.map(({ code }) => code).join(' ') ?? 'under way');
}

test('a message is sent, found, judged and removed in one run', async () => {
  const { imap, route, store } = await open();
  const { mailboxes } = await world.run('local');
  expect(mailboxes).toMatchObject([{ failed: null, unread: [] }]);
  expect(route.accepted).toHaveLength(1);
  expect(await codes()).toEqual(['arrived']);
  const [record] = await store.trips('out', START, START);
  expect(record).toMatchObject({
    id: 'message-000001',
    vantage: 'local',
    sending: { outcome: 'accepted', reply: '2.0.0 Ok: queued as 4XyZ123' },
    arrivals: [{ folder: 'inbox', alterations: [] }],
  });
  expect(imap.folders.INBOX).toEqual([]);
  expect((await world.mailbox()).open).toEqual([]);
  expect(imap.heard.filter((command) => command.startsWith('LOGIN'))).toHaveLength(1);
  expect(imap.heard.filter((command) => command.startsWith('unknown'))).toEqual([]);
});

test('what is stored of a trip has no address, subject or body', async () => {
  await open();
  await world.run('local');
  const stored = JSON.stringify(world.writes);
  expect(stored).not.toMatch(/canary|seed|example\.(?:com|net)|Umlauts|Round trip/);
  expect(stored).not.toContain(KEY);
});

test('neither has what is stored of a refusal, or of a sender that a gateway changed', async () => {
  await open({ trips: [{ expect: { unchanged: true } }] });
  world.route.behaviour = { refuse: { code: 550, text: '5.1.1 <seed@example.net>: user unknown' } };
  await world.run('local', START);
  world.route.behaviour = { change: (message) => message.replace(/^From: .*/m, 'From: someone@example.org') };
  await world.run('local', START + 11 * MINUTE);
  await world.run('local', START + 22 * MINUTE);
  expect(await codes()).toEqual(['not-accepted', 'altered', 'altered']);
  expect(JSON.stringify(world.writes)).toContain('5.1.1 <<address>>: user unknown');
  expect(JSON.stringify(world.writes)).not.toMatch(/[a-z]@example/);
});

const BEHAVIOURS: readonly (readonly [string, TripWorld['route']['behaviour'], string])[] = [
  ['in the junk folder', { folders: ['Junk'] }, 'junked'],
  ['twice', { folders: ['INBOX', 'INBOX'] }, 'duplicated'],
  ['refused', { refuse: { code: 554, text: '5.7.1 no' } }, 'not-accepted'],
  ['with a tag', { change: (message) => message.replace(/^Subject: /m, 'Subject: [EXTERNAL] ') }, 'altered'],
];

test.each(BEHAVIOURS)('a message that is %s', async (_, behaviour, code) => {
  await open({ trips: [{ expect: { folder: 'inbox', unchanged: true } }] });
  world.route.behaviour = behaviour;
  await world.run('local');
  expect(await codes()).toEqual([code]);
});

const CLOSED_FOLDERS: readonly (readonly [string, string, string, string])[] = [
  ['Others', 'NO [NOPERM] Permission denied', 'a folder of others that cannot be opened', 'not-arrived'],
  ['Others', 'NO [NONEXISTENT] gone', 'a folder that was removed since it was listed', 'not-arrived'],
  ['Junk', 'NO Mailbox does not exist', 'a junk folder that was removed since it was listed', 'not-arrived'],
  ['Others', 'NO [UNAVAILABLE] try later', 'a folder that cannot be opened now', 'receiver-unreachable'],
  ['Junk', 'NO [NOPERM] Permission denied', 'a junk folder that cannot be opened', 'receiver-unreachable'],
];

test.each(CLOSED_FOLDERS)('%s: %s: with %s a lost message is %s', async (folder, refusal, _, code) => {
  await open();
  world.imap.refused.set(folder, refusal);
  world.route.behaviour = { folders: [] };
  for (const minute of [0, 2, 6]) await world.run('local', START + minute * MINUTE);
  expect((await codes())[0]).toBe(code);
});

test.each(['NO [CANNOT] no such search', 'BAD unknown search key'])(
  'a server that does not search for fields is read by time: %s',
  async (refusal) => {
    await open();
    world.imap.refused.set('HEADER', refusal);
    for (let nth = 0; nth < 80; nth++) world.imap.put('INBOX', Buffer.from(`Subject: ${nth}\r\n\r\nHello.\r\n`));
    await world.run('local');
    expect(await codes()).toEqual(['arrived']);
    expect(world.imap.folders.INBOX).toHaveLength(80);
  },
);

test('a search that is refused for now is a mailbox that cannot be read', async () => {
  await open();
  world.imap.refused.set('HEADER', 'NO [UNAVAILABLE] try later');
  for (const minute of [0, 2, 6]) await world.run('local', START + minute * MINUTE);
  expect((await codes())[0]).toBe('receiver-unreachable');
});

test('results are believed of the receiver alone', async () => {
  const expected = { folder: 'inbox', dkim: 'pass' } as const;
  await open({ trips: [{ expect: expected, authservId: 'mx.example.net' }] });
  world.route.behaviour = {
    fields: [
      'Authentication-Results: mx.example.net; dkim=fail header.d=example.com',
      'Received: from a.example.com (a.example.com [192.0.2.1]) by mx.example.net with ESMTPS id abcdef; Thu, 26 Nov 2026 13:00:00 +0000',
      'Authentication-Results: mx.example.net; dkim=pass header.d=example.com',
    ],
  };
  await world.run('local');
  expect(await codes()).toEqual(['authentication-failed']);
});

test('a message that comes later is found by a later run; one that is lost is given up, and noted when it comes after all', async () => {
  const { imap, route } = await open();
  route.behaviour = { folders: [] };
  await world.run('local', START);
  expect(await codes()).toEqual(['under way']);
  await world.run('local', START + 2 * MINUTE);
  expect(await codes()).toEqual(['under way']);
  await world.run('local', START + 6 * MINUTE);
  expect(await codes()).toEqual(['not-arrived']);
  const [message] = route.accepted;
  if (message === undefined) throw new Error('nothing was sent');
  imap.put('INBOX', message);
  route.behaviour = {};
  await world.run('local', START + 17 * MINUTE);
  expect((await codes())[0]).toBe('late');
  expect(imap.folders.INBOX).toEqual([]);
});

test('one that was given up is late when it comes, even if the clock of its last host is behind', async () => {
  const { imap, route } = await open();
  route.behaviour = { folders: [] };
  await world.run('local', START);
  await world.run('local', START + 6 * MINUTE);
  expect(await codes()).toEqual(['not-arrived']);
  const received = 'Received: from mail.example.com by mx.example.net with ESMTPS; Thu, 26 Nov 2026 13:00:30 +0000\r\n';
  imap.put('INBOX', Buffer.concat([Buffer.from(received), ...route.accepted]));
  await world.run('local', START + 17 * MINUTE);
  expect((await codes())[0]).toBe('late');
});

test('a mailbox that cannot be read is unable, and pages nobody', async () => {
  const { imap, store } = await open();
  imap.isDown = true;
  const { mailboxes } = await world.run('local', START);
  expect(mailboxes[0]?.unread).toEqual(['out: greeting: greeting-refused']);
  await world.run('local', START + 6 * MINUTE);
  expect(await codes()).toEqual(['receiver-unreachable']);
  expect(await store.verdict('out')).toBeNull();
});

const QUOTING: readonly (readonly [string, (subject: string) => readonly string[]])[] = [
  [
    'bounce',
    (subject) => [
      ...['From: postmaster@example.net', `Subject: Undeliverable: ${subject}`],
      ...['Content-Type: multipart/report; report-type=delivery-status; boundary="b"', '', '--b'],
      ...['Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mx.example.net', ''],
      ...['Final-Recipient: rfc822; seed@example.net', 'Action: failed', 'Status: 5.2.2', '', '--b--', ''],
    ],
  ],
  [
    'bounce as text',
    (subject) => [
      'Return-Path: <>',
      'From: postmaster@example.net',
      `Subject: Undeliverable: ${subject}`,
      '',
      'No.',
      '',
    ],
  ],
  [
    'bounce of a daemon',
    (subject) => ['From: MAILER-DAEMON@mail.example.net', `Subject: Undeliverable: ${subject}`, '', 'No.', ''],
  ],
  [
    'letter',
    (subject) => [
      ...['From: ops@example.com', `Subject: Re: ${subject}`, 'In-Reply-To: <message-000001@example.com>'],
      ...['', 'What is this?', ''],
    ],
  ],
  [
    'reply of a program',
    (subject) => [
      ...['From: seed@example.net', `Subject: Automatic reply: ${subject}`],
      ...['Auto-Submitted: auto-replied', '', 'I am away.', ''],
    ],
  ],
];

test.each(QUOTING)('a %s that quotes the subject is no arrival, and stays', async (_, linesOf) => {
  const { imap, route } = await open();
  route.behaviour = { folders: [] };
  await world.run('local', START);
  const [message = Buffer.alloc(0)] = route.accepted;
  const [, subject = ''] = /^Subject: (.*(?:\r\n[ \t].*)*)/m.exec(message.toString('latin1')) ?? [];
  expect(subject).toContain('v1:out:');
  imap.put('INBOX', Buffer.from(linesOf(subject).join('\r\n')));
  await world.run('local', START + 6 * MINUTE);
  expect(await codes()).toEqual(['not-arrived']);
  expect(imap.folders.INBOX).toHaveLength(1);
});

test.each([
  ['cannot be read', () => Promise.reject(new Error('no access to the secret'))],
  ['is none that could be sent', () => Promise.resolve('two\nlines')],
])('a login of the mailbox that %s is unable, and fails the run', async (_, login) => {
  await open();
  const secret = (reference: { readonly env: string } | { readonly secret: string }) =>
    'env' in reference && reference.env === 'IMAP' ? login() : Promise.resolve(KEY);
  const first = await world.run('local', START, { secret });
  expect(first.mailboxes).toMatchObject([{ sent: [{ trip: 'out' }], failed: expect.stringMatching(/^out: .*secret/) }]);
  expect(await codes()).toEqual(['under way']);
  await world.run('local', START + 6 * MINUTE, { secret });
  expect(await codes()).toEqual(['receiver-unreachable']);
  expect(await world.store.verdict('out')).toBeNull();
  // It is found once the login is right again. No host says when it arrived.
  await world.run('local', START + 17 * MINUTE);
  expect((await codes())[0]).toBe('late');
});

test('nothing is removed that is not provably ours', async () => {
  const { imap } = await open();
  const plan = { from: 'canary@example.com', to: 'seed@example.net', attachment: 0 };
  const forged = { ...plan, key: 'another key of 16 or more', token: { trip: 'out', id: 'forged-000001', at: START } };
  const ofOthers = { ...plan, key: KEY, token: { trip: 'others', id: 'others-000001', at: START } };
  imap.put('INBOX', buildTripMessage(forged).message);
  imap.put('INBOX', buildTripMessage(ofOthers).message);
  imap.put('INBOX', Buffer.from('Subject: Round trip to the sea\r\n\r\nHello.\r\n'));
  // Of a monitor with the same config and key.
  const elsewhere = { ...plan, key: KEY, token: { trip: 'out', id: 'elsewhere-0001', at: START - MINUTE } };
  imap.put('INBOX', buildTripMessage(elsewhere).message);
  const orphan = { ...plan, key: KEY, token: { trip: 'out', id: 'orphan-000001', at: START - 13 * 60 * MINUTE } };
  imap.put('INBOX', buildTripMessage(orphan).message);
  await world.run('local');
  expect(imap.folders.INBOX?.map(({ uid }) => uid)).toEqual([1, 2, 3, 4]);
  expect(await codes()).toEqual(['arrived']);
});

test('as many messages stay as the config keeps, and none counts twice', async () => {
  const { imap } = await open({ trips: [{ keep: 2 }] });
  for (let nth = 0; nth < 4; nth++) await world.run('local', START + nth * 10 * MINUTE);
  expect(await codes()).toEqual(['arrived', 'arrived', 'arrived', 'arrived']);
  expect(imap.folders.INBOX?.map(({ uid }) => uid)).toEqual([3, 4]);
});

test('an invocation that is run twice sends once', async () => {
  const { route } = await open();
  await Promise.all([world.run('local', START), world.run('local', START), world.run('local', START)]);
  await world.run('local', START);
  expect(route.accepted).toHaveLength(1);
  expect(await codes()).toEqual(['arrived']);
});

test('never more than one message in its time, and none is caught up after an outage', async () => {
  const { route } = await open();
  for (let at = 0; at <= 30; at++) await world.run('local', START + at * MINUTE);
  const before = route.accepted.length;
  expect(before).toBeGreaterThanOrEqual(3);
  expect(before).toBeLessThanOrEqual(4);
  await world.run('local', START + 300 * MINUTE);
  await world.run('local', START + 301 * MINUTE);
  expect(route.accepted).toHaveLength(before + 1);
});

test('a schedule that is early by milliseconds makes no interval longer', async () => {
  const { route } = await open();
  for (let at = 0; at <= 60; at++) await world.run('local', START + at * MINUTE - (at % 2 === 0 ? at : 0));
  expect(route.accepted).toHaveLength(7);
});

const AHEAD = [20 * MINUTE, 26 * 60 * MINUTE, 400 * 24 * 60 * MINUTE];

test.each(AHEAD)('nobody waits for the time of a clock that was %i ms ahead', async (ahead) => {
  const { route, imap } = await open({ trips: [{ perDay: 3 }] });
  route.behaviour = { folders: [] };
  await world.run('local', START, { now: () => world.now() + ahead });
  expect(route.accepted).toHaveLength(1);
  await world.run('local', START + MINUTE);
  expect(route.accepted).toHaveLength(2);
  expect(await world.mailbox()).toMatchObject({ day: '2026-11-26', sent: 2, look: START + MINUTE });
  const logins = () => imap.heard.filter((command) => command.startsWith('LOGIN')).length;
  const before = logins();
  await world.run('local', START + 2 * MINUTE);
  expect(logins()).toBe(before + 1);
  // The day has its ceiling, and what the wrong clock has sent counts.
  for (let at = 11; at <= 120; at++) await world.run('local', START + at * MINUTE);
  expect(route.accepted).toHaveLength(3);
});

test('a trip of a clock that was days ahead is not looked for until then', async () => {
  await open();
  world.route.behaviour = { folders: [] };
  await world.run('local', START, { now: () => world.now() + 400 * 24 * 60 * MINUTE });
  world.route.behaviour = {};
  await world.run('local', START + MINUTE);
  expect((await world.mailbox()).open).toEqual([]);
});

test('a wrong clock that used up the day before it came does not stop the messages of today', async () => {
  const { route } = await open({ trips: [{ perDay: 1 }] });
  await world.run('local', START, { now: () => world.now() + 30 * 24 * 60 * MINUTE });
  await world.run('local', START + MINUTE);
  await world.run('local', START + 20 * MINUTE);
  expect(route.accepted).toHaveLength(2);
  expect(await world.mailbox()).toMatchObject({ day: '2026-11-26', sent: 1 });
});

test('a day has a ceiling of messages, for all round trips of a mailbox together', async () => {
  const trips = [
    { id: 'a', perDay: 3 },
    { id: 'b', perDay: 3 },
  ];
  const { route } = await open({ trips });
  for (let nth = 0; nth < 5; nth++) await world.run('local', START + nth * 10 * MINUTE);
  expect(route.accepted).toHaveLength(3);
  await world.run('local', START + 24 * 60 * MINUTE);
  expect(route.accepted).toHaveLength(5);
});

test('a mailbox is looked into once in a round, however many trips end in it and vantages run', async () => {
  const { imap } = await open({ trips: [{ id: 'a' }, { id: 'b' }, { id: 'c' }], vantages: ['us-east-1', 'eu-west-1'] });
  world.route.behaviour = { folders: [] };
  for (const at of [0, 1, 2, 3, 4].map((minute) => START + minute * MINUTE)) {
    await world.run('us-east-1', at);
    await world.run('eu-west-1', at);
  }
  const logins = imap.heard.filter((command) => command.startsWith('LOGIN')).length;
  expect(logins).toBeLessThanOrEqual(5);
});

test('vantages send in turn', async () => {
  const vantages = ['us-east-1', 'eu-west-1', 'sa-east-1'];
  await open({ vantages });
  for (let minute = 0; minute < 60; minute++) {
    for (const vantage of vantages) await world.run(vantage, START + minute * MINUTE);
  }
  const trips = await world.store.trips('out', START, START + 60 * MINUTE);
  const senders = trips.map(({ vantage }) => vantage);
  expect(trips.length).toBeGreaterThanOrEqual(5);
  expect(senders.slice(0, 5).every((one, nth) => nth === 0 || one !== senders[nth - 1])).toBe(true);
  expect(new Set(senders).size).toBe(3);
});

test('trouble is told after two trips from different vantages, the second sent at once; its end is told', async () => {
  const vantages = ['us-east-1', 'eu-west-1'];
  const { store } = await open({ vantages });
  world.route.behaviour = { folders: ['Junk'] };
  const runAll = async (minute: number) => {
    for (const vantage of vantages) await world.run(vantage, START + minute * MINUTE);
  };
  for (let minute = 0; minute < 3; minute++) await runAll(minute);
  const trips = await store.trips('out', START, START + 60 * MINUTE);
  expect(trips.map(({ isSecond }) => isSecond)).toEqual([false, true]);
  expect(new Set(trips.map(({ vantage }) => vantage)).size).toBe(2);
  const told = await store.verdict('out');
  expect(told?.owed).toMatchObject([{ kind: 'trip', subject: 'out', was: 'up', is: 'degraded' }]);
  expect(told?.owed[0]?.posture?.findings[0]).toMatchObject({
    code: 'junked',
    command: 'npx smtp-quorum roundtrip out',
  });
  expect(world.events).toMatchObject([{ type: 'Trip Recorded', detail: { trips: ['out'] } }]);
  world.route.behaviour = {};
  for (let minute = 3; minute < 40; minute++) await runAll(minute);
  expect((await store.verdict('out'))?.owed.map(({ kind }) => kind)).toEqual(['trip', 'trip-over']);
});

test('a run that ended after its claim has sent at most once, and says that nothing is known', async () => {
  const { route } = await open();
  const secret = async () => {
    throw new Error('killed');
  };
  const ports = world.portsOf('local');
  const history = { ...ports.history, writeTrip: () => Promise.reject(new Error('killed')) };
  await world.run('local', START, { history });
  expect(route.accepted).toEqual([]);
  await world.run('local', START + MINUTE);
  expect(route.accepted).toEqual([]);
  await world.run('local', START + 10 * MINUTE, { secret });
  expect(route.accepted).toEqual([]);
  await world.run('local', START + 11 * MINUTE);
  expect(route.accepted).toHaveLength(1);
});

test('a run that is killed while it sends does not send again', async () => {
  const { route, store } = await open();
  let writes = 0;
  const ports = world.portsOf('local');
  const history = {
    ...ports.history,
    writeTrip: (record: Parameters<typeof ports.history.writeTrip>[0]) =>
      ++writes > 1 ? Promise.reject(new Error('killed')) : ports.history.writeTrip(record),
  };
  await world.run('local', START, { history });
  expect(route.accepted).toHaveLength(1);
  expect(await codes()).toEqual(['under way']);
  await world.run('local', START + MINUTE);
  expect(route.accepted).toHaveLength(1);
  expect(await codes()).toEqual(['arrived']);
  const [record] = await store.trips('out', START, START);
  expect(record?.arrivals).toHaveLength(1);
});

test('a trip is few writes', async () => {
  await open();
  await world.run('local');
  expect(world.writes.map(({ pk }) => pk)).toEqual([
    'trip-mailboxes',
    'trip#out',
    'trip#out',
    'trip#out',
    'trip-mailboxes',
  ]);
  expect(Math.max(...world.writes.map((item) => JSON.stringify(item).length))).toBeLessThan(1_024);
});
