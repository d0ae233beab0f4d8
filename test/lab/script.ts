/** The script of a day: fifteen mail servers, and what is wrong with each of them at which time. */
import type { Answers, Script } from '../smtp/scripted-server.ts';
import { mailServer } from '../smtp/scripted-server.ts';

/** Minutes of the day. */
export interface Fault {
  readonly from: number;
  readonly to: number;
  readonly server: Script;
  /** What every alert about it says: the phase, and what the server said. */
  readonly words: readonly string[];
  /** A fault that is not down. */
  readonly is?: 'degraded';
}

export interface LabServer {
  readonly id: string;
  /** Settings in the config, in addition to host and port. */
  readonly settings?: string;
  readonly faults: readonly Fault[];
}

const at = (hour: number, minute = 0) => hour * 60 + minute;

const answers = (changed: Answers) => mailServer({ answers: changed });

/** The time of day at which a target flaps: down and up for 15 minutes each. */
const flaps = Array.from({ length: 6 }, (_, nth) => at(9, nth * 30));

export const MONITOR_OFF = { from: at(17), to: at(18, 30) } as const;

export const DAY = at(24);

export const SERVERS: readonly LabServer[] = [
  { id: 'steady', faults: [] },
  {
    id: 'full',
    faults: [
      {
        from: at(2),
        to: at(3),
        server: answers({ greeting: '554 5.3.1 Mail system full' }),
        words: ['greeting', '554 5.3.1 Mail system full'],
      },
    ],
  },
  {
    id: 'reset',
    faults: [{ from: at(3), to: at(3, 40), server: (client) => client.reset(), words: ['connect', 'ECONNRESET'] }],
  },
  {
    id: 'busy',
    faults: [
      {
        from: at(4),
        to: at(4, 30),
        server: answers({ greeting: '421 4.7.0 Too many connections, try again later' }),
        words: ['greeting', '421 4.7.0 Too many connections'],
      },
    ],
  },
  {
    id: 'stripped',
    settings: 'security: starttls',
    faults: [
      {
        from: at(5),
        to: at(6),
        server: answers({ EHLO: '250-mx1.example.com\r\n250 8BITMIME' }),
        words: ['starttls'],
      },
    ],
  },
  {
    id: 'unknown-user',
    settings: 'mailFrom: ""\n    rcptTo: [postmaster@example.com]',
    faults: [
      {
        from: at(6),
        to: at(7),
        server: answers({ RCPT: '550 5.1.1 <postmaster@example.com>: User unknown' }),
        words: ['rcpt', '550 5.1.1', 'User unknown'],
      },
    ],
  },
  {
    id: 'slow',
    settings: 'expect: { latency: { phases: { greeting: { warn: 600ms } } } }',
    faults: [
      {
        from: at(8),
        to: at(9),
        server: async (client) => {
          await client.pause(700);
          await mailServer()(client);
        },
        words: ['greeting', '600 ms'],
        is: 'degraded',
      },
    ],
  },
  {
    id: 'flapping',
    faults: flaps.map((from) => ({
      from,
      to: from + 15,
      server: answers({ greeting: '554 5.3.2 The system is restarting' }),
      words: ['greeting', '554 5.3.2'],
    })),
  },
  {
    id: 'web',
    faults: [
      {
        from: at(10),
        to: at(10, 30),
        server: answers({ greeting: 'HTTP/1.1 400 Bad Request' }),
        words: ['greeting', 'HTTP/1.1 400 Bad Request'],
      },
    ],
  },
  {
    id: 'silent',
    settings: 'timeout: 2s',
    faults: [{ from: at(13), to: at(13, 20), server: (client) => client.hang(), words: ['greeting'] }],
  },
  {
    id: 'no-ehlo',
    settings: 'helo: ehlo',
    faults: [
      {
        from: at(14),
        to: at(14, 30),
        server: answers({ EHLO: '502 5.5.1 Command not implemented' }),
        words: ['ehlo', '502 5.5.1 Command not implemented'],
      },
    ],
  },
  {
    id: 'no-space',
    settings: 'mailFrom: ""\n    rcptTo: [postmaster@example.com]',
    faults: [
      {
        from: at(15),
        to: at(16),
        server: answers({ MAIL: '452 4.3.1 Insufficient system storage' }),
        words: ['mail', '452 4.3.1 Insufficient system storage'],
      },
    ],
  },
  {
    id: 'hangs-up',
    faults: [
      {
        from: at(16),
        to: at(16, 30),
        server: answers({ EHLO: (client) => client.close() }),
        words: ['ehlo'],
      },
    ],
  },
  {
    id: 'late',
    faults: [
      {
        from: at(20),
        to: DAY,
        server: answers({ greeting: '554 5.7.1 No SMTP service here' }),
        words: ['greeting', '554 5.7.1 No SMTP service here'],
      },
    ],
  },
  { id: 'unset', settings: 'auth: { user: probe@example.com, password: { env: LAB_PASSWORD_NOT_SET } }', faults: [] },
];

/** The server of a target at a minute of the day. */
export function serverAt({ faults }: LabServer, minute: number, healthy: Script): Script {
  return faults.find(({ from, to }) => minute >= from && minute < to)?.server ?? healthy;
}
