import { type Case, SOON } from '../probe-script.ts';
import { type Client, mailServer, type Script } from '../scripted-server.ts';
import { close, greets, hang, says } from './scripts.ts';

/** Sends the same data repeatedly until the client disconnects. */
const forever =
  (what: string): Script =>
  async (client) => {
    const until = Date.now() + 60_000;
    const gone = client.hang().then(
      () => true,
      () => true,
    );
    while (Date.now() < until && !(await Promise.race([gone, client.pause(1).then(() => false)])))
      client.say(what.repeat(500));
  };
const dripping: Script = async (client) => {
  for (const byte of '220 mx1.example.com') {
    client.say(byte);
    await client.pause(1_000);
  }
};

export const greetingCases: readonly Case[] = [
  {
    name: 'accepted then silence',
    script: () => hang,
    limits: SOON,
    outcome: 'fail',
    phase: 'greeting',
    code: 'silence',
  },
  { name: 'accepted then FIN', script: () => close, outcome: 'fail', phase: 'greeting', code: 'closed' },
  {
    name: 'accepted then RST',
    script: () => async (client) => {
      await client.pause(20);
      client.reset();
    },
    outcome: 'fail',
    phase: 'greeting',
    code: 'reset',
  },
  {
    name: 'greeting 421',
    script: greets('421 4.3.2 mx1 shutting down'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'service-unavailable',
  },
  {
    name: 'greeting 450',
    script: greets('450 4.3.2 not now'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'greeting-refused-temporarily',
  },
  {
    name: 'greeting 554',
    script: greets('554 mx1 no SMTP service here'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'greeting-refused',
  },
  {
    name: 'greeting 554 about a blocklist',
    script: greets('554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org'),
    outcome: 'unable',
    phase: 'greeting',
    code: 'vantage-listed',
  },
  {
    name: 'greeting 554 about a policy',
    script: greets('554 5.7.1 Your IP address has a poor reputation'),
    outcome: 'unable',
    phase: 'greeting',
    code: 'vantage-refused',
  },
  {
    name: 'greeting 550 about PTR',
    script: greets('550 5.7.25 no PTR record for 192.0.2.1'),
    outcome: 'unable',
    phase: 'greeting',
    code: 'vantage-refused',
  },
  {
    name: 'greeting 421 about a rate',
    script: greets('421 4.7.0 mx1 Error: too many connections from 192.0.2.1'),
    outcome: 'unable',
    phase: 'greeting',
    code: 'vantage-rate-limited',
  },
  {
    name: 'greeting 421 without a name for it',
    script: greets('421 4.3.2 too many connections, try again later'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'service-unavailable',
  },
  {
    name: 'greeting 421 about concurrent connections',
    script: greets('421 Too many concurrent SMTP connections from this IP address; please try again later.'),
    outcome: 'unable',
    phase: 'greeting',
    code: 'vantage-rate-limited',
  },
  {
    name: 'greeting 521',
    script: greets('521 mx1.example.com does not accept mail'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'greeting-no-mail',
  },
  {
    name: 'SSH',
    script: () => says('SSH-2.0-OpenSSH_9.2\r\n'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'not-smtp-ssh',
  },
  {
    name: 'HTTP',
    script: () => says('HTTP/1.1 400 Bad Request\r\n\r\n'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'not-smtp-http',
  },
  {
    name: 'HTTP that waits for a request',
    script: () => webServer,
    limits: SOON,
    outcome: 'fail',
    phase: 'greeting',
    code: 'not-smtp-http',
  },
  { name: 'POP3', script: () => says('+OK POP3 ready\r\n'), outcome: 'fail', phase: 'greeting', code: 'not-smtp-pop3' },
  {
    name: 'IMAP',
    script: () => says('* OK IMAP4rev1 ready\r\n'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'not-smtp-imap',
  },
  {
    name: 'FTP',
    script: () => says('220 (vsFTPd 3.0.5)\r\n'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'not-smtp-ftp',
  },
  {
    name: 'LMTP',
    script: () => says('220 mx1.example.com Cyrus LMTP 3.4.3 server ready\r\n'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'not-smtp-lmtp',
  },
  {
    name: 'TLS on a plain port',
    script: ({ good }) => mailServer({ implicit: true, tls: { key: good.key, cert: good.pem } }),
    limits: SOON,
    outcome: 'fail',
    phase: 'greeting',
    code: 'tls-on-plain-port',
  },
  {
    name: 'plain on a TLS port',
    script: () => mailServer(),
    endpoint: { security: 'tls' },
    outcome: 'fail',
    phase: 'tls',
    code: 'plain-on-tls-port',
  },
  { name: 'NULs', script: () => says('220 \0\0\0\r\n'), outcome: 'fail', phase: 'greeting', code: 'reply-binary' },
  {
    name: 'binary without a line end',
    script: () => says(Buffer.from([0xff, 0xfe, 0, 1, 2, 3])),
    limits: SOON,
    outcome: 'fail',
    phase: 'greeting',
    code: 'reply-binary',
  },
  {
    name: 'an endless greeting',
    script: () => forever('220-and on it goes\r\n'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'reply-endless',
  },
  {
    name: 'an endless line',
    script: () => forever('2'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'reply-line-too-long',
  },
  {
    name: 'a byte per second',
    script: () => dripping,
    limits: { greeting: 3_500 },
    outcome: 'fail',
    phase: 'greeting',
    code: 'reply-incomplete',
  },
  {
    name: 'mixed codes inside one reply',
    script: greets('220-mx1\r\n250 mx1'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'reply-mixed-codes',
  },
  {
    name: 'code out of range',
    script: greets('999 mx1'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'reply-code-invalid',
  },
  {
    name: 'a line without a code',
    script: greets('hello there'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'reply-malformed',
  },
  {
    name: 'a code that is no greeting',
    script: greets('200 news.example.com NNTP'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'reply-unexpected',
  },
  {
    name: 'two replies to nothing',
    script: greets('220 mx1\r\n250 mx1'),
    outcome: 'fail',
    phase: 'greeting',
    code: 'reply-unsolicited',
  },
];

/** Answers anything but HTTP with a 400, as web servers do. */
async function webServer(client: Client): Promise<void> {
  await client.hearSomething();
  client.say('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  client.close();
}
