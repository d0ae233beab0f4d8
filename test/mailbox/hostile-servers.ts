/** Servers of IMAP and POP3 that are hostile, or broken. */

import type { MailboxEndpoint } from '../../lambda/mailbox/session/mailbox-endpoint.ts';
import type { MailboxLimits } from '../../lambda/mailbox/session/mailbox-limits.ts';
import type { Client } from '../smtp/scripted-server.ts';
import type { ScriptedMailbox } from './scripted-mailbox.ts';

export const SOON: Partial<MailboxLimits> = {
  greeting: 2_000,
  reply: 2_000,
  fetch: 2_500,
  handshake: 15_000,
  quit: 200,
};

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
/** Says one answer after the other. */
function inTurn(...answers: readonly string[]): (client: Client) => void {
  const left = [...answers];
  return (client) => client.say(`${left.shift() ?? ''}\r\n`);
}

function slowly(text: string): (client: Client, tag: string) => Promise<void> {
  return async (client, tag) => {
    for (const octet of Buffer.from(text.replaceAll('TAG', tag))) {
      client.say(Buffer.from([octet]));
      await client.pause(0);
    }
  };
}

export interface HostileCase {
  readonly name: string;
  readonly server: ScriptedMailbox;
  /** Null: nothing fails. */
  readonly code: string | null;
  readonly phase?: string;
  readonly limits?: Partial<MailboxLimits>;
  readonly warnings?: readonly string[];
}

export const imap = (answers: ScriptedMailbox['answers'], security: MailboxEndpoint['security'] = 'tls') =>
  ({ protocol: 'imap', answers: answers ?? {}, security }) as const;
export const pop3 = (answers: ScriptedMailbox['answers'], security: MailboxEndpoint['security'] = 'tls') =>
  ({ protocol: 'pop3', answers: answers ?? {}, security }) as const;

export const million = Array.from({ length: 1_000_000 }, (_, nth) => nth + 1);

// biome-ignore format: a table reads by its rows
export const HOSTILE_CASES: readonly HostileCase[] = [
  // Literals
  { name: 'a message of 2 GB', server: imap({ 'UID FETCH': '* 1 FETCH (UID 7 BODY[]<0> {2147483648}' }),
    phase: 'fetch', code: 'literal-too-large' },
  { name: 'a message larger than was asked for',
    server: imap({ 'UID FETCH': `* 1 FETCH (UID 7 BODY[]<0> {100001}\r\n${'x'.repeat(100_001)})\r\nTAG OK` }),
    phase: 'fetch', code: 'literal-too-large' },
  { name: 'a literal of 10^19 octets', server: imap({ 'UID FETCH': '* 1 FETCH (UID 7 BODY[]<0> {9999999999999999999}' }),
    phase: 'fetch', code: 'literal-too-large' },
  { name: 'a second message',
    server: imap({
      'UID FETCH': `* 1 FETCH (UID 8 BODY[] {90000}\r\n${'x'.repeat(90_000)})\r\n* 2 FETCH (UID 9 BODY[] {90000}\r\n` }),
    phase: 'fetch', code: 'literal-too-large' },
  { name: 'a name of 2 GB', server: imap({ LIST: '* LIST () "/" {2147483648}' }), phase: 'list', code: 'literal-too-large' },
  { name: 'another message than was asked for',
    server: imap({ 'UID FETCH': '* 1 FETCH (UID 8 RFC822.SIZE 4 BODY[]<0> {4}\r\nmail)\r\nTAG OK' }),
    phase: 'fetch', code: 'message-missing' },
  { name: 'a literal that never ends', server: imap({ 'UID FETCH': '* 1 FETCH (UID 7 BODY[]<0> {100000}\r\nx' }),
    phase: 'fetch', code: 'reply-incomplete', limits: SOON },
  { name: 'literals without end in one response', server: imap({ LIST: flood('{0}\r\n') }),
    phase: 'list', code: 'reply-line-too-long' },
  { name: 'literals without end in a list', server: imap({ LIST: flood('{0}\r\n', '* LIST ') }),
    phase: 'list', code: 'reply-line-too-long' },
  // Lines
  { name: 'a greeting without end', server: imap({ greeting: flood('* OK and on it goes ') }),
    phase: 'greeting', code: 'reply-line-too-long' },
  { name: 'a line without end', server: imap({ SELECT: flood('* OK and on it goes ') }),
    phase: 'select', code: 'reply-line-too-long' },
  { name: 'a SEARCH response with a million UIDs', server: imap({ 'UID SEARCH': `* SEARCH ${million.join(' ')}\r\nTAG OK` }),
    phase: 'search', code: 'reply-line-too-long' },
  { name: 'a million SEARCH responses', server: imap({ 'UID SEARCH': million.map((uid) => `* SEARCH ${uid}`).join('\r\n') }),
    phase: 'search', code: 'reply-endless' },
  { name: 'a range of four billion UIDs',
    server: imap({ 'UID SEARCH': '* ESEARCH (TAG "TAG") UID ALL 1:4294967295\r\nTAG OK' }),
    phase: 'search', code: 'reply-endless' },
  { name: 'a folder of a million messages', server: imap({ SELECT: '* 1000000 EXISTS\r\nTAG OK' }),
    code: null, warnings: ['search-partial'] },
  { name: 'lists 1,000 deep',
    server: imap({ 'UID FETCH': `* 1 FETCH ${'('.repeat(1_000)}UID 7${')'.repeat(1_000)}\r\nTAG OK` }),
    phase: 'fetch', code: 'message-missing' },
  { name: 'binary data', server: imap({ SELECT: '\0\x01\x02\xff' }), phase: 'select', code: 'reply-malformed' },
  { name: 'an empty line', server: imap({ SELECT: '' }), phase: 'select', code: 'reply-malformed' },
  // Responses to nothing
  { name: 'a tagged response to nothing', server: imap({ SELECT: 'A999 OK\r\nTAG OK' }),
    phase: 'select', code: 'reply-unsolicited' },
  { name: 'a tagged response in the greeting', server: imap({ greeting: 'A1 OK ready' }),
    phase: 'greeting', code: 'reply-malformed' },
  { name: 'a response to a command of before', server: imap({ SELECT: 'A1 OK\r\nTAG OK' }),
    phase: 'select', code: 'reply-unsolicited' },
  { name: 'a request for continuation', server: imap({ SELECT: '+ go on\r\nTAG OK' }),
    phase: 'select', code: 'reply-unexpected' },
  { name: 'challenges without end', server: imap({ AUTHENTICATE: flood('+ \r\n') }),
    phase: 'auth', code: 'auth-challenge-malformed' },
  { name: 'PREAUTH', server: imap({ greeting: '* PREAUTH welcome' }, 'starttls'),
    phase: 'greeting', code: 'greeting-preauth' },
  // Floods
  { name: 'untagged responses without end', server: imap({ SELECT: flood('* 1 EXISTS\r\n') }),
    phase: 'select', code: 'reply-endless' },
  { name: 'folders without end', server: imap({ LIST: flood('* LIST () "/" "a folder with a name"\r\n') }),
    phase: 'list', code: 'reply-endless' },
  { name: 'many folders',
    server: imap({ LIST: `${million.slice(0, 2_000).map((nth) => `* LIST () "/" f${nth}`).join('\r\n')}\r\nTAG OK` }),
    code: null, warnings: ['list-too-long'] },
  { name: 'responses of 100 KB without end', server: imap({ SELECT: flood(`* X ${'y'.repeat(100_000)}\r\n`) }),
    phase: 'select', code: 'reply-endless' },
  { name: 'what comes between commands', server: imap({ SELECT: flood('* 1 EXISTS\r\n', '* 1 EXISTS\r\nTAG OK\r\n') }),
    code: 'reply-endless' },
  // BYE
  { name: 'BYE as greeting', server: imap({ greeting: '* BYE too busy' }), phase: 'greeting', code: 'greeting-refused' },
  { name: 'BYE for too many connections', server: imap({ greeting: '* BYE [LIMIT] Too many simultaneous connections' }),
    phase: 'greeting', code: 'vantage-rate-limited' },
  { name: 'BYE in capabilities', server: imap({ greeting: '* OK x', CAPABILITY: '* BYE' }),
    phase: 'capability', code: 'service-unavailable' },
  { name: 'BYE in authentication', server: imap({ AUTHENTICATE: '* BYE' }), phase: 'auth', code: 'service-unavailable' },
  { name: 'BYE before OK', server: imap({ SELECT: '* BYE\r\nTAG OK' }), phase: 'select', code: 'service-unavailable' },
  { name: 'BYE in a fetch', server: imap({ 'UID FETCH': '* BYE [UNAVAILABLE] restart' }),
    phase: 'fetch', code: 'service-unavailable' },
  { name: 'BYE after a command', server: imap({ SELECT: '* 1 EXISTS\r\nTAG OK\r\n* BYE autologout' }),
    code: 'service-unavailable' },
  { name: 'a BYE in the text of a status', server: imap({ SELECT: '* 1 EXISTS\r\n* OK * BYE {99999999}\r\nTAG OK * BYE' }),
    code: null },
  { name: 'no answer to LOGOUT', server: imap({ LOGOUT: (client) => client.hang() }), code: null, limits: { quit: 300 } },
  { name: 'a close after LOGOUT', server: imap({ LOGOUT: (client) => client.close() }), code: null },
  // Time
  { name: 'silence', server: imap({ greeting: (client) => client.hang() }),
    phase: 'greeting', code: 'silence', limits: SOON },
  { name: 'silence after a command', server: imap({ 'UID SEARCH': (client) => client.hang() }),
    phase: 'search', code: 'silence', limits: SOON },
  { name: 'a drip that never completes a line', server: imap({ SELECT: slowly('* OK '.repeat(20_000)) }),
    phase: 'select', code: 'reply-incomplete', limits: SOON },
  { name: 'a drip of whole responses', server: imap({ SELECT: slowly('* 1 EXISTS\r\n'.repeat(20_000)) }),
    phase: 'select', code: /silence|reply-incomplete/.source, limits: SOON },
  { name: 'a session that drips, octet by octet',
    server: imap({ greeting: slowly('* OK ready\r\n'),
      CAPABILITY: slowly('* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN UIDPLUS\r\nTAG OK\r\n'),
      'UID FETCH': slowly('* 1 FETCH (UID 7 BODY[]<0> {4}\r\nmail)\r\nTAG OK\r\n') }),
    code: null },
  // STARTTLS
  { name: 'data after the OK to STARTTLS',
    server: imap({ STARTTLS: 'TAG OK begin\r\n* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] injected' }, 'starttls'),
    phase: 'starttls', code: 'starttls-injection' },
  { name: 'a part of a line after the OK to STARTTLS',
    server: imap({ STARTTLS: (client, tag) => client.say(`${tag} OK begin\r\n* OK`) }, 'starttls'),
    phase: 'starttls', code: 'starttls-injection' },
  { name: 'STARTTLS is stripped', server: imap({ greeting: '* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready' }, 'starttls'),
    phase: 'starttls', code: 'starttls-not-offered' },
  { name: 'STARTTLS is refused', server: imap({ STARTTLS: 'TAG NO not now' }, 'starttls'),
    phase: 'starttls', code: 'starttls-refused' },
  // Other protocols
  { name: 'SMTP', server: imap({ greeting: '220 mx1.example.com ESMTP' }), phase: 'greeting', code: 'wrong-protocol' },
  { name: 'POP3 for IMAP', server: imap({ greeting: '+OK ready' }, 'none'), phase: 'greeting', code: 'wrong-protocol' },
  { name: 'IMAP for POP3', server: pop3({ greeting: '* OK ready' }, 'none'), phase: 'greeting', code: 'wrong-protocol' },
  { name: 'TLS on a plain port',
    server: imap({ greeting: (client) => client.say(Buffer.from('15030100020246', 'hex')) }, 'starttls'),
    phase: 'greeting', code: 'tls-on-plain-port', limits: SOON },
  // POP3
  { name: 'a status line without end', server: pop3({ STAT: flood('+OK and on it goes ') }),
    phase: 'select', code: 'reply-line-too-long' },
  { name: 'a message without end', server: pop3({ RETR: flood('a line of a message\r\n', '+OK\r\n') }),
    phase: 'fetch', code: 'reply-endless' },
  { name: 'a message of one line without end', server: pop3({ RETR: flood('and on it goes ', '+OK\r\n') }),
    phase: 'fetch', code: 'reply-endless' },
  { name: 'capabilities without end', server: pop3({ CAPA: flood('X-CAPABILITY\r\n', '+OK\r\n') }),
    phase: 'capability', code: 'reply-endless' },
  { name: 'a header without end', server: pop3({ TOP: flood('X-Trip: two\r\n', '+OK\r\n') }),
    phase: 'search', code: 'reply-endless' },
  { name: 'a message of anybody with a header of a megabyte',
    server: pop3({ TOP: `+OK\r\nX-Trip: one\r\nX-Long: ${'x'.repeat(1_000_000)}\r\n\r\n.` }), code: null },
  { name: 'a message of anybody with a line of 12 MB',
    server: pop3({ LIST: '+OK 1 12000000',
      TOP: inTurn('+OK\r\nX-Trip: one\r\n\r\n.', `+OK\r\nX-Trip: one\r\n\r\n${'x'.repeat(12_000_000)}\r\n.`) }),
    code: null },
  { name: 'a list of a million unique-ids of one message',
    server: pop3({ UIDL: `+OK\r\n${million.map((nth) => `1 id-${nth}`).join('\r\n')}\r\n.` }),
    phase: 'search', code: 'reply-endless' },
  { name: 'a mailbox of a million messages', server: pop3({ STAT: '+OK 1000000 4000000', UIDL: '+OK 1 x' }),
    code: null, limits: { readHeaders: 10 }, warnings: ['search-partial'] },
  { name: 'a mailbox of ten billion messages',
    server: pop3({ STAT: '+OK 9999999999 1', UIDL: '+OK 1 x', TOP: '+OK\r\n\r\n.' }),
    code: null, limits: { readHeaders: 10 }, warnings: ['search-partial'] },
  { name: 'responses in mixed case', server: pop3({ STAT: '+Ok 1 4', RETR: '+oK\r\nmail\r\n.' }), code: null },
  { name: 'no number of messages', server: pop3({ STAT: '+OK plenty' }), phase: 'select', code: 'reply-malformed' },
  { name: 'a response to nothing', server: pop3({ STAT: '+OK 1 4\r\n+OK surplus' }), code: 'reply-unsolicited' },
  { name: 'a challenge to nothing', server: pop3({ STAT: '+ ' }), phase: 'select', code: 'reply-unexpected' },
  { name: 'a refusal as greeting', server: pop3({ greeting: '-ERR [SYS/TEMP] not now' }),
    phase: 'greeting', code: 'server-temporary-failure' },
  { name: 'data after the +OK to STLS', server: pop3({ STLS: '+OK begin\r\n+OK injected' }, 'starttls'),
    phase: 'starttls', code: 'starttls-injection' },
  { name: 'STLS is stripped', server: pop3({ CAPA: '+OK\r\nUSER\r\n.' }, 'starttls'),
    phase: 'starttls', code: 'starttls-not-offered' },
  { name: 'a silent QUIT after a removal', server: pop3({ QUIT: (client) => client.hang() }),
    phase: 'logout', code: 'silence', limits: { quit: 300 } },
  { name: 'a session of POP3 that drips',
    server: pop3({ greeting: slowly('+OK ready\r\n'), RETR: slowly('+OK\r\nmail\r\n.\r\n') }),
    code: null },
];
