import { afterAll, beforeAll, expect, test } from 'vitest';
import { openMailbox } from '../../lambda/mailbox/open-mailbox.ts';
import { diagnoseMailboxes, isMailboxDiagnosis } from '../../lambda/mailbox-check/diagnose-mailboxes.ts';
import { bounceQuestions, tripQuestions } from '../../lambda/mailbox-check/mailbox-questions.ts';
import { type ImapServer, LOGIN, serveImap } from '../trip-run/imap-server.ts';
import { KEY, roundTrip } from '../trip-run/world.ts';

let imap: ImapServer;
/** Nobody listens on it. */
let closed: number;
beforeAll(async () => {
  imap = await serveImap();
  const other = await serveImap();
  closed = other.port;
  await other.close();
});
afterAll(() => imap.close());

const stored: Readonly<Record<string, string>> = { KEY, IMAP: LOGIN.password, WRONG: 'x', SHORT: 'short', SMTP: 'p' };

const ports = {
  ...{ vantage: 'local', openMailbox },
  secret: async (reference: { readonly secret: string } | { readonly env: string }) => {
    const value = stored['env' in reference ? reference.env : ''];
    if (value === undefined) throw new Error('AccessDenied');
    return value;
  },
};

/** A round trip into the mailbox behind a port, with secrets of these names. */
function trip(port: number, password = 'IMAP', key = 'KEY') {
  const { receive, ...rest } = roundTrip(25, port);
  return {
    ...rest,
    key: { env: key },
    receive: { ...receive, auth: { ...receive.auth, password: { env: password } } },
  };
}

test('each mailbox is opened once, and nothing in it is touched', async () => {
  imap.put('INBOX', Buffer.from('Subject: of somebody\r\n\r\nhello\r\n'));
  const before = imap.heard.length;
  const roundTrips = [trip(imap.port), { ...trip(imap.port), id: 'another' }];
  const { mailboxes, secrets } = await diagnoseMailboxes(ports, tripQuestions({ roundTrips }));
  const mailbox = { protocol: 'imap', host: '127.0.0.1', port: imap.port };
  expect(mailboxes).toEqual([{ ...mailbox, phase: null, detail: null }]);
  expect(secrets).toEqual([
    { secret: 'KEY', error: null },
    { secret: 'IMAP', error: null },
  ]);
  const commands = imap.heard.slice(before).map((command) => command.split(' ')[0]);
  expect(commands.filter((command) => command === 'LOGIN')).toHaveLength(1);
  expect(commands.filter((command) => !/^(?:LOGIN|CAPABILITY|LOGOUT)$/.test(command ?? ''))).toEqual([]);
});

test('what fails is told with its phase, and no secret', async () => {
  const roundTrips = [
    trip(imap.port, 'WRONG', 'SHORT'),
    {
      ...trip(imap.port, 'ABSENT', 'GONE'),
      id: 'b',
      receive: { ...trip(imap.port, 'ABSENT').receive, host: 'localhost' },
    },
    { ...trip(closed), id: 'c' },
  ];
  const answer = await diagnoseMailboxes(ports, tripQuestions({ roundTrips }));
  expect(answer.mailboxes.map(({ phase }) => phase)).toEqual(['auth', 'secret', 'connect']);
  expect(new Map(answer.secrets.map(({ secret, error }) => [secret, error]))).toEqual(
    new Map([
      ['KEY', null],
      ['WRONG', null],
      ['IMAP', null],
      ['SHORT', 'Error: the key of round trip out has fewer than 16 characters'],
      ['ABSENT', 'Error: AccessDenied'],
      ['GONE', 'Error: AccessDenied'],
    ]),
  );
  for (const secret of [KEY, LOGIN.password]) expect(JSON.stringify(answer)).not.toContain(secret);
});

test('the login of the server that sends is one of its secrets; a bounce mailbox has its password', async () => {
  const { send, ...rest } = trip(imap.port);
  const auth = { user: 'probe', password: { env: 'SMTP' } };
  const questions = tripQuestions({ roundTrips: [{ ...rest, send: { ...send, server: { ...send.server, auth } } }] });
  expect((await diagnoseMailboxes(ports, questions)).secrets.map(({ secret }) => secret)).toEqual([
    'KEY',
    'SMTP',
    'IMAP',
  ]);
  const { auth: login, junk: _junk, ...endpoint } = trip(imap.port).receive;
  const mailboxes = [{ endpoint, ...login, folder: 'INBOX', remove: false }];
  const policy = { warn: 0.01, fail: 0.02, atLeast: 50, complaints: 0.001 };
  const bounces = bounceQuestions({ bounces: { policy, ses: false, logs: [], mailboxes } });
  expect(await diagnoseMailboxes(ports, bounces)).toMatchObject({
    mailboxes: [{ port: imap.port, phase: null }],
    secrets: [{ secret: 'IMAP', error: null }],
  });
});

test.each<[unknown, boolean]>([
  [{ diagnose: 'mailboxes' }, true],
  [{ diagnose: 'secrets' }, false],
  [{}, false],
  [null, false],
  ['diagnose', false],
])('the event %j is one of doctor: %s', (event, expected) => {
  expect(isMailboxDiagnosis(event)).toBe(expected);
});
