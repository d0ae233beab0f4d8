/** Postfix's smtp-sink fails at each command in each of its four ways; the probe names the phase and the kind. */

import { afterEach, expect, test } from 'vitest';
import { probe } from '../../lambda/smtp/resolve-and-probe-endpoint.ts';
import type { Phase, Sample } from '../../lambda/smtp/sample/sample.ts';
import { describeServer } from './describe-server.ts';
import type { Server } from './server.ts';
import { sinkMissing, startSink } from './smtp-sink.ts';

type Verdict = readonly [outcome: Sample['outcome'], phase: Phase | null, code: string | null];

const WAYS = { disconnects: '-q', 'says 421 and disconnects': '-Q', 'refuses for now': '-r', refuses: '-f' } as const;
const PASS: Verdict = ['pass', null, null];
const closed = (phase: Phase): Verdict => ['fail', phase, 'closed'];
const shut = (phase: Phase): Verdict => ['fail', phase, 'service-unavailable'];

// biome-ignore format: a table reads by its rows
const COMMANDS: Readonly<Record<string, Readonly<Record<keyof typeof WAYS, Verdict>>>> = {
  connect: { disconnects: closed('greeting'), 'says 421 and disconnects': shut('greeting'),
    'refuses for now': ['fail', 'greeting', 'greeting-refused-temporarily'], refuses: ['fail', 'greeting', 'greeting-refused'] },
  // A 500 to EHLO is answered with HELO (RFC 5321 3.2), which this server takes.
  ehlo: { disconnects: closed('ehlo'), 'says 421 and disconnects': shut('ehlo'),
    'refuses for now': ['fail', 'ehlo', 'ehlo-refused-temporarily'], refuses: PASS },
  mail: { disconnects: closed('mail'), 'says 421 and disconnects': shut('mail'),
    'refuses for now': ['fail', 'mail', 'mail-refused-temporarily'], refuses: ['fail', 'mail', 'mail-refused'] },
  rcpt: { disconnects: closed('rcpt'), 'says 421 and disconnects': shut('rcpt'),
    'refuses for now': ['fail', 'rcpt', 'rcpt-refused-temporarily'], refuses: ['fail', 'rcpt', 'rcpt-refused'] },
  data: { disconnects: closed('data'), 'says 421 and disconnects': shut('data'),
    'refuses for now': ['fail', 'data', 'data-refused-temporarily'], refuses: ['fail', 'data', 'data-refused'] },
  '.': { disconnects: closed('data'), 'says 421 and disconnects': shut('data'),
    'refuses for now': ['fail', 'data', 'data-refused-temporarily'], refuses: ['fail', 'data', 'data-refused'] },
  // Mail gets through all the same: the verdict is known before these are answered.
  rset: { disconnects: PASS, 'says 421 and disconnects': PASS, 'refuses for now': PASS, refuses: PASS },
  quit: { disconnects: PASS, 'says 421 and disconnects': PASS, 'refuses for now': PASS, refuses: PASS },
};

const ROWS = Object.entries(COMMANDS).flatMap(([command, verdicts]) =>
  (Object.keys(WAYS) as (keyof typeof WAYS)[]).map((way) => ({ command, way, verdict: verdicts[way] })),
);

describeServer('smtp-sink', sinkMissing(), () => {
  let sink: Server | undefined;
  afterEach(() => sink?.stop());

  test.each(ROWS)('$way at $command', async ({ command, way, verdict }) => {
    sink = await startSink([WAYS[way], command]);
    const port = sink.ports.mail ?? 0;
    const from = { mailFrom: 'probe@example.com', rcptTo: ['postmaster@example.com'] };
    const deliver = command === 'data' || command === '.';
    const where = { host: '127.0.0.1', port, security: 'none', ehloName: 'probe.example.com' } as const;
    const { outcome, phase, code, transcript } = await probe({ ...where, ...from, deliver });
    expect([outcome, phase, code], transcript.join('\n')).toEqual(verdict);
  });
});
