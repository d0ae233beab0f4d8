import { type Case, SOON } from '../probe-script.ts';
import type { Script } from '../scripted-server.ts';
import { mail } from './scripts.ts';

const REPLIES: Readonly<Record<string, string>> = {
  EHLO: '250-mx1.example.com\r\n250 PIPELINING',
  MAIL: '250 2.1.0 Ok',
  RCPT: '250 2.1.5 Ok',
  RSET: '250 2.0.0 Ok',
  DATA: '354 go ahead',
  '.': '250 2.0.0 queued',
  QUIT: '221 2.0.0 Bye',
};

/** Offers PIPELINING, but reads only the first command of a group. */
const losesGroups =
  (replies: Readonly<Record<string, string>> = {}): Script =>
  async (client) => {
    client.say('220 mx1.example.com ESMTP\r\n');
    for (let inMail = false; ; ) {
      const line = await client.hear();
      const verb = line.split(/[ :]/, 1)[0] ?? '';
      if (inMail && line !== '.') continue;
      client.say(`${{ ...REPLIES, ...replies }[verb] ?? '500 what'}\r\n`);
      inMail = verb === 'DATA';
      if (verb === 'MAIL') {
        await client.pause(30);
        client.discard();
      }
    }
  };

/** Answers MAIL, and nothing after it. */
const silentAfterMail: Script = async (client) => {
  client.say('220 mx1.example.com ESMTP\r\n');
  await client.hear('EHLO');
  client.say(`${REPLIES.EHLO}\r\n`);
  await client.hear('MAIL');
  client.say('250 2.1.0 Ok\r\n');
  await client.hang();
};

const broken = { limits: SOON, outcome: 'warn', phase: 'rcpt', code: 'pipelining-broken' } as const;

export const pipeliningCases: readonly Case[] = [
  { name: 'PIPELINING offered, and a group is lost', script: () => losesGroups(), endpoint: mail, ...broken },
  {
    name: 'PIPELINING offered, and a group of several recipients is lost',
    script: () => losesGroups(),
    endpoint: { ...mail, rcptTo: ['ops@example.com', 'postmaster@example.com'] },
    ...broken,
  },
  {
    name: 'PIPELINING offered, and a group before DATA is lost',
    script: () => losesGroups(),
    endpoint: { ...mail, deliver: true },
    ...broken,
  },
  {
    name: 'PIPELINING offered, a group is lost, and its recipient refused',
    script: () => losesGroups({ RCPT: '550 5.1.1 no such user' }),
    endpoint: mail,
    limits: SOON,
    outcome: 'fail',
    phase: 'rcpt',
    code: 'rcpt-refused',
  },
  {
    name: 'PIPELINING offered, and silence also without it',
    script: () => silentAfterMail,
    endpoint: mail,
    limits: SOON,
    outcome: 'fail',
    phase: 'rcpt',
    code: 'silence',
  },
  {
    name: 'PIPELINING offered, a group is lost, and no time is left to ask again',
    script: () => losesGroups(),
    endpoint: mail,
    limits: { ...SOON, deadline: 5_000, clientHello: 4_000 },
    outcome: 'fail',
    phase: 'rcpt',
    code: 'silence',
  },
];
