/** The limits against a hostile server, over real TLS: time, memory, and nothing removed that was not named. */

import { beforeAll, describe, expect, test } from 'vitest';
import type { MailboxEndpoint } from '../../lambda/mailbox/session/mailbox-endpoint.ts';
import type { MailboxLimits } from '../../lambda/mailbox/session/mailbox-limits.ts';
import { type Issued, issue } from '../smtp/certificates.ts';
import type { Client } from '../smtp/scripted-server.ts';
import { everything, mailboxScript, type ScriptedMailbox, visit } from './scripted-mailbox.ts';

let certificate: Issued;
beforeAll(async () => {
  certificate = await issue({ subject: 'CN=mx1.example.com', names: ['mx1.example.com', '127.0.0.1'] });
});

/** Loaded machines fire timers late. */
const SLACK = 3_000;
const MEBIBYTE = 2 ** 20;
const SOON: Partial<MailboxLimits> = { greeting: 500, reply: 500, fetch: 1_000, handshake: 3_000, quit: 200 };

/** Says it again and again after `first`, as fast as it is read. */
function flood(text: string, first = ''): (client: Client, tag: string) => Promise<void> {
  const block = Buffer.from(text.repeat(Math.ceil(65_536 / text.length)));
  return async (client, tag) => {
    client.say(first.replaceAll('TAG', tag));
    const gone = client.hang().then(
      () => true,
      () => true,
    );
    for (let nth = 0; nth < 4_000; nth++) {
      client.say(block);
      if (await Promise.race([gone, client.pause(0).then(() => false)])) return;
    }
  };
}

/** One octet at a time, each in a TLS record of its own. */
function slowly(text: string): (client: Client, tag: string) => Promise<void> {
  return async (client, tag) => {
    for (const octet of Buffer.from(text.replaceAll('TAG', tag))) {
      client.say(Buffer.from([octet]));
      await client.pause(0);
    }
  };
}

interface Case {
  readonly name: string;
  readonly server: ScriptedMailbox;
  /** Null: nothing fails. */
  readonly code: string | null;
  readonly phase?: string;
  readonly limits?: Partial<MailboxLimits>;
  readonly warnings?: readonly string[];
}

const imap = (answers: ScriptedMailbox['answers'], security: MailboxEndpoint['security'] = 'tls') =>
  ({ protocol: 'imap', answers: answers ?? {}, security }) as const;
const pop3 = (answers: ScriptedMailbox['answers'], security: MailboxEndpoint['security'] = 'tls') =>
  ({ protocol: 'pop3', answers: answers ?? {}, security }) as const;

const million = Array.from({ length: 1_000_000 }, (_, nth) => nth + 1);

const CASES: readonly Case[] = [
  // Literals
  {
    name: 'a message of 2 GB',
    server: imap({ 'UID FETCH': '* 1 FETCH (UID 7 BODY[]<0> {2147483648}' }),
    phase: 'fetch',
    code: 'literal-too-large',
  },
  {
    name: 'a message larger than was asked for',
    server: imap({ 'UID FETCH': `* 1 FETCH (UID 7 BODY[]<0> {100001}\r\n${'x'.repeat(100_001)})\r\nTAG OK` }),
    phase: 'fetch',
    code: 'literal-too-large',
  },
  {
    name: 'a literal of 10^19 octets',
    server: imap({ 'UID FETCH': '* 1 FETCH (UID 7 BODY[]<0> {9999999999999999999}' }),
    phase: 'fetch',
    code: 'literal-too-large',
  },
  {
    name: 'a second message',
    server: imap({
      'UID FETCH': `* 1 FETCH (UID 8 BODY[] {90000}\r\n${'x'.repeat(90_000)})\r\n* 2 FETCH (UID 9 BODY[] {90000}\r\n`,
    }),
    phase: 'fetch',
    code: 'literal-too-large',
  },
  {
    name: 'a name of 2 GB',
    server: imap({ LIST: '* LIST () "/" {2147483648}' }),
    phase: 'list',
    code: 'literal-too-large',
  },
  {
    name: 'another message than was asked for',
    server: imap({ 'UID FETCH': '* 1 FETCH (UID 8 RFC822.SIZE 4 BODY[]<0> {4}\r\nmail)\r\nTAG OK' }),
    phase: 'fetch',
    code: 'message-missing',
  },
  {
    name: 'a literal that never ends',
    server: imap({ 'UID FETCH': '* 1 FETCH (UID 7 BODY[]<0> {100000}\r\nx' }),
    phase: 'fetch',
    code: 'reply-incomplete',
    limits: SOON,
  },
  {
    name: 'literals without end in one response',
    server: imap({ LIST: flood('{0}\r\n') }),
    phase: 'list',
    code: 'reply-line-too-long',
  },
  {
    name: 'literals without end in a list',
    server: imap({ LIST: flood('{0}\r\n', '* LIST ') }),
    phase: 'list',
    code: 'reply-line-too-long',
  },
  // Lines
  {
    name: 'a greeting without end',
    server: imap({ greeting: flood('* OK and on it goes ') }),
    phase: 'greeting',
    code: 'reply-line-too-long',
  },
  {
    name: 'a line without end',
    server: imap({ SELECT: flood('* OK and on it goes ') }),
    phase: 'select',
    code: 'reply-line-too-long',
  },
  {
    name: 'a SEARCH response with a million UIDs',
    server: imap({ 'UID SEARCH': `* SEARCH ${million.join(' ')}\r\nTAG OK` }),
    phase: 'search',
    code: 'reply-line-too-long',
  },
  {
    name: 'a million SEARCH responses',
    server: imap({ 'UID SEARCH': million.map((uid) => `* SEARCH ${uid}`).join('\r\n') }),
    phase: 'search',
    code: 'reply-endless',
  },
  {
    name: 'a range of four billion UIDs',
    server: imap({ 'UID SEARCH': '* ESEARCH (TAG "TAG") UID ALL 1:4294967295\r\nTAG OK' }),
    phase: 'search',
    code: 'reply-endless',
  },
  {
    name: 'a folder of a million messages',
    server: imap({ SELECT: '* 1000000 EXISTS\r\nTAG OK' }),
    code: null,
    warnings: ['search-partial'],
  },
  {
    name: 'lists 1,000 deep',
    server: imap({ 'UID FETCH': `* 1 FETCH ${'('.repeat(1_000)}UID 7${')'.repeat(1_000)}\r\nTAG OK` }),
    phase: 'fetch',
    code: 'message-missing',
  },
  { name: 'binary data', server: imap({ SELECT: '\0\x01\x02\xff' }), phase: 'select', code: 'reply-malformed' },
  { name: 'an empty line', server: imap({ SELECT: '' }), phase: 'select', code: 'reply-malformed' },
  // Responses to nothing
  {
    name: 'a tagged response to nothing',
    server: imap({ SELECT: 'A999 OK\r\nTAG OK' }),
    phase: 'select',
    code: 'reply-unsolicited',
  },
  {
    name: 'a tagged response in the greeting',
    server: imap({ greeting: 'A1 OK ready' }),
    phase: 'greeting',
    code: 'reply-malformed',
  },
  {
    name: 'a response to a command of before',
    server: imap({ SELECT: 'A1 OK\r\nTAG OK' }),
    phase: 'select',
    code: 'reply-unsolicited',
  },
  {
    name: 'a request for continuation',
    server: imap({ SELECT: '+ go on\r\nTAG OK' }),
    phase: 'select',
    code: 'reply-unexpected',
  },
  {
    name: 'challenges without end',
    server: imap({ AUTHENTICATE: flood('+ \r\n') }),
    phase: 'auth',
    code: 'auth-challenge-malformed',
  },
  {
    name: 'PREAUTH',
    server: imap({ greeting: '* PREAUTH welcome' }, 'starttls'),
    phase: 'greeting',
    code: 'greeting-preauth',
  },
  // Floods
  {
    name: 'untagged responses without end',
    server: imap({ SELECT: flood('* 1 EXISTS\r\n') }),
    phase: 'select',
    code: 'reply-endless',
  },
  {
    name: 'folders without end',
    server: imap({ LIST: flood('* LIST () "/" "a folder with a name"\r\n') }),
    phase: 'list',
    code: 'reply-endless',
  },
  {
    name: 'many folders',
    server: imap({
      LIST: `${million
        .slice(0, 2_000)
        .map((nth) => `* LIST () "/" f${nth}`)
        .join('\r\n')}\r\nTAG OK`,
    }),
    code: null,
    warnings: ['list-too-long'],
  },
  {
    name: 'responses of 100 KB without end',
    server: imap({ SELECT: flood(`* X ${'y'.repeat(100_000)}\r\n`) }),
    phase: 'select',
    code: 'reply-endless',
  },
  {
    name: 'what comes between commands',
    server: imap({
      SELECT: flood('* 1 EXISTS\r\n', '* 1 EXISTS\r\nTAG OK\r\n'),
    }),
    code: 'reply-endless',
  },
  // BYE
  {
    name: 'BYE as greeting',
    server: imap({ greeting: '* BYE too busy' }),
    phase: 'greeting',
    code: 'greeting-refused',
  },
  {
    name: 'BYE for too many connections',
    server: imap({ greeting: '* BYE [LIMIT] Too many simultaneous connections' }),
    phase: 'greeting',
    code: 'vantage-rate-limited',
  },
  {
    name: 'BYE in capabilities',
    server: imap({ greeting: '* OK x', CAPABILITY: '* BYE' }),
    phase: 'capability',
    code: 'service-unavailable',
  },
  {
    name: 'BYE in authentication',
    server: imap({ AUTHENTICATE: '* BYE' }),
    phase: 'auth',
    code: 'service-unavailable',
  },
  { name: 'BYE before OK', server: imap({ SELECT: '* BYE\r\nTAG OK' }), phase: 'select', code: 'service-unavailable' },
  {
    name: 'BYE in a fetch',
    server: imap({ 'UID FETCH': '* BYE [UNAVAILABLE] restart' }),
    phase: 'fetch',
    code: 'service-unavailable',
  },
  {
    name: 'BYE after a command',
    server: imap({ SELECT: '* 1 EXISTS\r\nTAG OK\r\n* BYE autologout' }),
    code: 'service-unavailable',
  },
  {
    name: 'a BYE in the text of a status',
    server: imap({ SELECT: '* 1 EXISTS\r\n* OK * BYE {99999999}\r\nTAG OK * BYE' }),
    code: null,
  },
  {
    name: 'no answer to LOGOUT',
    server: imap({ LOGOUT: (client) => client.hang() }),
    code: null,
    limits: { quit: 300 },
  },
  { name: 'a close after LOGOUT', server: imap({ LOGOUT: (client) => client.close() }), code: null },
  // Time
  {
    name: 'silence',
    server: imap({ greeting: (client) => client.hang() }),
    phase: 'greeting',
    code: 'silence',
    limits: SOON,
  },
  {
    name: 'silence after a command',
    server: imap({ 'UID SEARCH': (client) => client.hang() }),
    phase: 'search',
    code: 'silence',
    limits: SOON,
  },
  {
    name: 'a drip that never completes a line',
    server: imap({ SELECT: slowly('* OK '.repeat(20_000)) }),
    phase: 'select',
    code: 'reply-incomplete',
    limits: SOON,
  },
  {
    name: 'a drip of whole responses',
    server: imap({ SELECT: slowly('* 1 EXISTS\r\n'.repeat(20_000)) }),
    phase: 'select',
    code: /silence|reply-incomplete/.source,
    limits: SOON,
  },
  {
    name: 'a session that drips, octet by octet',
    server: imap({
      greeting: slowly('* OK ready\r\n'),
      CAPABILITY: slowly('* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN UIDPLUS\r\nTAG OK\r\n'),
      'UID FETCH': slowly('* 1 FETCH (UID 7 BODY[]<0> {4}\r\nmail)\r\nTAG OK\r\n'),
    }),
    code: null,
  },
  // STARTTLS
  {
    name: 'data after the OK to STARTTLS',
    server: imap({ STARTTLS: 'TAG OK begin\r\n* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] injected' }, 'starttls'),
    phase: 'starttls',
    code: 'starttls-injection',
  },
  {
    name: 'a part of a line after the OK to STARTTLS',
    server: imap({ STARTTLS: (client, tag) => client.say(`${tag} OK begin\r\n* OK`) }, 'starttls'),
    phase: 'starttls',
    code: 'starttls-injection',
  },
  {
    name: 'STARTTLS is stripped',
    server: imap({ greeting: '* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready' }, 'starttls'),
    phase: 'starttls',
    code: 'starttls-not-offered',
  },
  {
    name: 'STARTTLS is refused',
    server: imap({ STARTTLS: 'TAG NO not now' }, 'starttls'),
    phase: 'starttls',
    code: 'starttls-refused',
  },
  // Other protocols
  { name: 'SMTP', server: imap({ greeting: '220 mx1.example.com ESMTP' }), phase: 'greeting', code: 'wrong-protocol' },
  { name: 'POP3 for IMAP', server: imap({ greeting: '+OK ready' }, 'none'), phase: 'greeting', code: 'wrong-protocol' },
  {
    name: 'IMAP for POP3',
    server: pop3({ greeting: '* OK ready' }, 'none'),
    phase: 'greeting',
    code: 'wrong-protocol',
  },
  {
    name: 'TLS on a plain port',
    server: imap({ greeting: (client) => client.say(Buffer.from('15030100020246', 'hex')) }, 'starttls'),
    phase: 'greeting',
    code: 'tls-on-plain-port',
    limits: SOON,
  },
  // POP3
  {
    name: 'a status line without end',
    server: pop3({ STAT: flood('+OK and on it goes ') }),
    phase: 'select',
    code: 'reply-line-too-long',
  },
  {
    name: 'a message without end',
    server: pop3({ RETR: flood('a line of a message\r\n', '+OK\r\n') }),
    phase: 'fetch',
    code: 'reply-endless',
  },
  {
    name: 'a message of one line without end',
    server: pop3({ RETR: flood('and on it goes ', '+OK\r\n') }),
    phase: 'fetch',
    code: 'reply-endless',
  },
  {
    name: 'capabilities without end',
    server: pop3({ CAPA: flood('X-CAPABILITY\r\n', '+OK\r\n') }),
    phase: 'capability',
    code: 'reply-endless',
  },
  {
    name: 'a header without end',
    server: pop3({ TOP: flood('X-Trip: two\r\n', '+OK\r\n') }),
    phase: 'search',
    code: 'reply-endless',
  },
  {
    name: 'a list of a million unique-ids of one message',
    server: pop3({ UIDL: `+OK\r\n${million.map((nth) => `1 id-${nth}`).join('\r\n')}\r\n.` }),
    phase: 'search',
    code: 'reply-endless',
  },
  {
    name: 'a mailbox of a million messages',
    server: pop3({ STAT: '+OK 1000000 4000000', UIDL: '+OK 1 x' }),
    code: null,
    limits: { readHeaders: 10 },
    warnings: ['search-partial'],
  },
  {
    name: 'a mailbox of ten billion messages',
    server: pop3({ STAT: '+OK 9999999999 1', UIDL: '+OK 1 x', TOP: '+OK\r\n\r\n.' }),
    code: null,
    limits: { readHeaders: 10 },
    warnings: ['search-partial'],
  },
  { name: 'responses in mixed case', server: pop3({ STAT: '+Ok 1 4', RETR: '+oK\r\nmail\r\n.' }), code: null },
  { name: 'no number of messages', server: pop3({ STAT: '+OK plenty' }), phase: 'select', code: 'reply-malformed' },
  { name: 'a response to nothing', server: pop3({ STAT: '+OK 1 4\r\n+OK surplus' }), code: 'reply-unsolicited' },
  { name: 'a challenge to nothing', server: pop3({ STAT: '+ ' }), phase: 'select', code: 'reply-unexpected' },
  {
    name: 'a refusal as greeting',
    server: pop3({ greeting: '-ERR [SYS/TEMP] not now' }),
    phase: 'greeting',
    code: 'server-temporary-failure',
  },
  {
    name: 'data after the +OK to STLS',
    server: pop3({ STLS: '+OK begin\r\n+OK injected' }, 'starttls'),
    phase: 'starttls',
    code: 'starttls-injection',
  },
  {
    name: 'STLS is stripped',
    server: pop3({ CAPA: '+OK\r\nUSER\r\n.' }, 'starttls'),
    phase: 'starttls',
    code: 'starttls-not-offered',
  },
  {
    name: 'a silent QUIT after a removal',
    server: pop3({ QUIT: (client) => client.hang() }),
    phase: 'logout',
    code: 'silence',
    limits: { quit: 300 },
  },
  {
    name: 'a session of POP3 that drips',
    server: pop3({ greeting: slowly('+OK ready\r\n'), RETR: slowly('+OK\r\nmail\r\n.\r\n') }),
    code: null,
  },
];

const within = (limits: Partial<MailboxLimits> = {}) => (limits === SOON ? 5_000 : 20_000) + SLACK;

describe.each(CASES)('$server.protocol: $name', ({ server, code, phase, limits, warnings = [] }) => {
  test(`${code ?? 'nothing fails'}`, async () => {
    const before = memory();
    const endpoint = { protocol: server.protocol, security: server.security ?? 'tls', ca: certificate.pem };
    const seen = await visit(mailboxScript(server, certificate), endpoint, limits === undefined ? {} : { limits });
    if (code === null) expect(seen.failure).toBeNull();
    else expect(seen.failure?.code).toMatch(new RegExp(`^(?:${code})$`));
    if (phase !== undefined) expect(seen.failure?.phase).toBe(phase);
    if (code === null) expect(seen.report.findings.map((found) => found.code)).toEqual(warnings);
    expect(seen.took).toBeLessThan(within(limits));
    expect(Buffer.byteLength(seen.report.transcript.join('\n'))).toBeLessThanOrEqual(8_192);
    expect(JSON.stringify(seen.report)).not.toMatch(/sesame/);
    // The server is in this process, with what it has queued.
    expect(memory() - before).toBeLessThan(120 * MEBIBYTE);
    if (server.security === 'starttls' && seen.failure?.phase === 'starttls') {
      expect(seen.heard.join('\n')).not.toMatch(/AUTHENTICATE|LOGIN |PASS/);
    }
  });
});

function memory(): number {
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}

describe('credentials', () => {
  test.each(['imap', 'pop3'] as const)(
    'are not sent by %s to a server whose certificate is not trusted',
    async (protocol) => {
      const seen = await visit(mailboxScript({ protocol }, certificate), { protocol, security: 'tls' });
      expect(seen.failure).toMatchObject({ phase: 'certificate', code: 'certificate-self-signed' });
      expect(seen.heard).toEqual([]);
    },
  );

  test('nor where an untrusted certificate is only a warning', async () => {
    const expectations = { certificate: { trust: 'warn' } } as const;
    const endpoint = { protocol: 'imap', security: 'tls', expect: expectations } as const;
    const seen = await visit(mailboxScript({ protocol: 'imap' }, certificate), endpoint);
    expect(seen.failure).toMatchObject({ phase: 'auth', code: 'auth-withheld' });
    expect(seen.heard).toEqual([]);
  });

  test('are sent to any server with `insecure`', async () => {
    const endpoint = { protocol: 'imap', security: 'tls', insecure: true } as const;
    const seen = await visit(mailboxScript({ protocol: 'imap' }, certificate), endpoint);
    expect(seen.failure).toBeNull();
  });
});

test.each<[string, ScriptedMailbox, string | null]>([
  [
    'IMAP',
    imap({
      greeting: `* OK ${'y'.repeat(100_000)}`,
      CAPABILITY: `* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR ${million.slice(0, 10_000).join(' ')} ${'X'.repeat(50_000)}\r\nTAG OK`,
    }),
    null,
  ],
  [
    'IMAP, of names that are too long',
    imap({ greeting: '* OK', CAPABILITY: `* CAPABILITY ${'X'.repeat(100_000)}\r\nTAG OK` }),
    'capability-missing',
  ],
  ['POP3', pop3({ greeting: `+OK ${'y'.repeat(8_000)}`, CAPA: `+OK\r\n${'X'.repeat(60_000)}\r\n.` }), null],
])('the report of %s has bounded texts', async (_, server, code) => {
  const endpoint = { protocol: server.protocol, security: 'tls', ca: certificate.pem } as const;
  const { report, failure } = await visit(mailboxScript(server, certificate), endpoint);
  expect(failure?.code ?? null).toBe(code);
  expect(JSON.stringify(report).length).toBeLessThan(24_000);
});

test('a password in the certificate of a server is masked', async () => {
  const telling = await issue({ subject: 'CN=open sesame', names: ['127.0.0.1', 'open.sesame.example.com'] });
  const endpoint = { protocol: 'imap', security: 'tls', ca: telling.pem } as const;
  const { report } = await visit(mailboxScript({ protocol: 'imap' }, telling), endpoint);
  expect(report.tls?.certificate?.subject).toBe('CN=***');
});

test.each<[string, (client: Client) => Promise<void> | void, string]>([
  ['a server without TLS on a port with it', (client) => client.say('* OK ready\r\n'), 'plain-on-tls-port'],
  ['a server that closes in the handshake', (client) => client.hearSomething().then(() => client.close()), 'closed'],
  [
    'a server that resets in the handshake',
    (client) => client.hearSomething().then(() => client.reset()),
    'reset|closed',
  ],
])('%s', async (_, script, code) => {
  const endpoint = { protocol: 'imap', security: 'tls', ca: certificate.pem } as const;
  const { failure } = await visit(script, endpoint);
  expect(failure?.phase).toBe('tls');
  expect(failure?.code).toMatch(new RegExp(`^(?:${code})$`));
});

test('only what was named is removed, and CLOSE is never sent', async () => {
  const endpoint = { protocol: 'imap', security: 'tls', ca: certificate.pem } as const;
  const { heard } = await visit(mailboxScript({ protocol: 'imap' }, certificate), endpoint);
  const changes = heard.filter((line) => /STORE|EXPUNGE|CLOSE|DELETE|MOVE/.test(line));
  expect(changes.map((line) => line.replace(/^\S+ /, ''))).toEqual([
    'UID STORE 7 +FLAGS.SILENT (\\Deleted)',
    'UID EXPUNGE 7',
  ]);
});

test('a message after a fetch that was refused is not read', async () => {
  const late = `* 1 FETCH (UID 7 BODY[] {50000}\r\n${'x'.repeat(50_000)})\r\nTAG OK`;
  const answers = { 'UID FETCH': 'TAG NO not now', 'UID SEARCH': late };
  const endpoint = { protocol: 'imap', security: 'tls', ca: certificate.pem } as const;
  const { failure } = await visit(
    mailboxScript({ protocol: 'imap', answers }, certificate),
    endpoint,
    {},
    async (mailbox) => {
      await mailbox.select('INBOX');
      await expect(mailbox.fetch('7', 100_000)).rejects.toMatchObject({ fatal: false });
      await mailbox.search({});
    },
  );
  expect(failure).toMatchObject({ phase: 'search', code: 'literal-too-large' });
});

test('the deadline holds for the whole session', async () => {
  const endpoint = { protocol: 'imap', security: 'tls', ca: certificate.pem } as const;
  const slow = (client: Client, tag: string) => client.pause(150).then(() => client.say(`${tag} OK\r\n`));
  const script = mailboxScript({ protocol: 'imap', answers: { NOOP: slow } }, certificate);
  const seen = await visit(script, endpoint, { limits: { deadline: 1_000 } }, async (mailbox) => {
    await mailbox.select('INBOX');
    for (;;) await mailbox.search({});
  });
  expect(seen.failure).toMatchObject({ phase: 'search', code: 'silence' });
  expect(seen.failure?.detail).toMatch(/the time of the session was up$/);
  expect(seen.took).toBeLessThan(1_000 + SLACK);
});

test('a session that is left alone ends at its deadline', async () => {
  const endpoint = { protocol: 'imap', security: 'tls', ca: certificate.pem } as const;
  const script = mailboxScript({ protocol: 'imap' }, certificate);
  const seen = await visit(script, endpoint, { limits: { deadline: 700 } }, async (mailbox) => {
    await mailbox.select('INBOX');
    await new Promise((later) => setTimeout(later, 1_200));
    await mailbox.search({});
  });
  expect(seen.failure).toMatchObject({ code: 'aborted', outcome: 'unable' });
});

test('an abort ends a session at once, and before it begins', async () => {
  const endpoint = { protocol: 'imap', security: 'tls', ca: certificate.pem } as const;
  const script = mailboxScript({ protocol: 'imap', answers: { SELECT: (client) => client.hang() } }, certificate);
  const seen = await visit(script, endpoint, { signal: AbortSignal.timeout(400) });
  expect(seen.failure).toMatchObject({ code: 'aborted', outcome: 'unable' });
  expect(seen.took).toBeLessThan(400 + SLACK);
  const never = await visit(script, endpoint, { signal: AbortSignal.abort() });
  expect(never.failure).toMatchObject({ code: 'aborted', phase: 'connect' });
});

test('commands of several callers run one after the other', async () => {
  const endpoint = { protocol: 'imap', security: 'tls', ca: certificate.pem } as const;
  const { failure, heard } = await visit(
    mailboxScript({ protocol: 'imap' }, certificate),
    endpoint,
    {},
    async (mailbox) => {
      await Promise.all([mailbox.folders(), mailbox.select('INBOX'), mailbox.search({}), mailbox.fetch('7', 10)]);
      await everything(mailbox);
    },
  );
  expect(failure).toBeNull();
  expect(heard.slice(1, 6).map((line) => line.split(' ').slice(1, 3).join(' '))).toEqual([
    'LIST ""',
    'SELECT "INBOX"',
    'NOOP',
    'UID SEARCH',
    'UID FETCH',
  ]);
});
