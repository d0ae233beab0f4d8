import { type Case, SOON } from '../probe-script.ts';
import { answering, close, hang } from './scripts.ts';

export const ehloCases: readonly Case[] = [
  {
    name: 'EHLO hang',
    script: answering({ EHLO: hang }),
    limits: SOON,
    outcome: 'fail',
    phase: 'ehlo',
    code: 'silence',
  },
  {
    name: 'EHLO 4xx',
    script: answering({ EHLO: '451 4.3.0 later' }),
    outcome: 'fail',
    phase: 'ehlo',
    code: 'ehlo-refused-temporarily',
  },
  {
    name: 'EHLO 5xx, HELO 5xx',
    script: answering({ EHLO: '502 what', HELO: '550 5.7.1 no' }),
    outcome: 'fail',
    phase: 'ehlo',
    code: 'ehlo-refused',
  },
  {
    name: 'EHLO 550',
    script: answering({ EHLO: '550 5.7.1 bad name' }),
    outcome: 'fail',
    phase: 'ehlo',
    code: 'ehlo-refused',
  },
  {
    name: 'EHLO 421',
    script: answering({ EHLO: '421 4.3.2 bye' }),
    outcome: 'fail',
    phase: 'ehlo',
    code: 'service-unavailable',
  },
  {
    name: 'HELO-only server, EHLO required',
    script: answering({ EHLO: '502 what' }),
    endpoint: { helo: 'ehlo' },
    outcome: 'fail',
    phase: 'ehlo',
    code: 'ehlo-refused',
  },
  { name: 'close after EHLO', script: answering({ EHLO: close }), outcome: 'fail', phase: 'ehlo', code: 'closed' },
  {
    name: 'a reply cut off',
    script: answering({ EHLO: (client) => client.say('250-mx1\r\n250-SI') }),
    limits: SOON,
    outcome: 'fail',
    phase: 'ehlo',
    code: 'reply-incomplete',
  },
  {
    name: 'a reply cut off by FIN',
    script: answering({
      EHLO: (client) => {
        client.say('250-mx1\r\n250-SI');
        client.close();
      },
    }),
    outcome: 'fail',
    phase: 'ehlo',
    code: 'closed',
  },
  {
    name: 'EHLO 504 and HELO 504 about the name',
    script: answering({
      EHLO: '504 5.5.2 <probe>: Helo command rejected: need fully-qualified hostname',
      HELO: '504 5.5.2 <probe>: Helo command rejected: need fully-qualified hostname',
    }),
    outcome: 'unable',
    phase: 'ehlo',
    code: 'vantage-helo-refused',
  },
  {
    name: 'LMTP with an SMTP greeting',
    script: answering({ EHLO: '500 5.5.1 This is a LMTP server, use LHLO' }),
    outcome: 'fail',
    phase: 'ehlo',
    code: 'not-smtp-lmtp',
  },
  {
    name: 'a second greeting instead of a reply',
    script: answering({ EHLO: '220 mx1 again' }),
    outcome: 'fail',
    phase: 'ehlo',
    code: 'reply-unsolicited',
  },
  {
    name: '354 to EHLO',
    script: answering({ EHLO: '354 go on' }),
    outcome: 'fail',
    phase: 'ehlo',
    code: 'reply-unexpected',
  },
  {
    name: '`250` eight seconds late',
    script: answering({
      EHLO: async (client) => {
        await client.pause(8_000);
        client.say('250 mx1\r\n');
      },
    }),
    limits: { reply: 18_000 },
    outcome: 'warn',
    phase: 'ehlo',
    code: 'slow',
  },
];
