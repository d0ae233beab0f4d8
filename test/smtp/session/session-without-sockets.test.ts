import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../lambda/smtp/bounds/limits.ts';
import { transcriptLines } from '../../../lambda/smtp/bounds/transcript.ts';
import type { Endpoint } from '../../../lambda/smtp/endpoint/endpoint.ts';
import { failureOf } from '../../../lambda/smtp/failures/failures.ts';
import {
  onConnected,
  onConnectionLost,
  onReceived,
  onSecured,
  onTimeout,
} from '../../../lambda/smtp/session/action-after-event.ts';
import {
  createSession,
  isDecided,
  type SessionAction,
  type SmtpSession,
} from '../../../lambda/smtp/session/session-without-sockets.ts';
import { TRANSITIONS } from '../../../lambda/smtp/session/transitions.ts';
import { RECORDED, type RecordedSession, TLS } from './recorded-sessions.ts';

const ENDPOINT: Endpoint = { host: 'mx1.example.com', port: 25, security: 'none', ehloName: 'probe.example.com' };

function sessionFor(endpoint: Partial<Endpoint>): SmtpSession {
  return createSession({ ...ENDPOINT, ...endpoint }, LIMITS);
}

/** Feeds each turn in pieces. Returns the data that the session sent. */
function play(session: SmtpSession, said: RecordedSession['said'], cut: (turn: Buffer) => readonly Buffer[]): string[] {
  const sent: string[] = [];
  let at = 0;
  const keep = (action: SessionAction) => {
    if (action.send !== '') sent.push(action.send.replace(/Date: .*|Message-ID: .*/g, ''));
  };
  keep(onConnected(session, at));
  for (const turn of said) {
    at += 10;
    if (turn === TLS) keep(onSecured(session, [], at));
    else for (const piece of cut(Buffer.from(turn as string, 'latin1'))) keep(onReceived(session, piece, at));
  }
  return sent;
}

const whole = (turn: Buffer) => [turn];
const byteByByte = (turn: Buffer) => Array.from(turn, (_, at) => turn.subarray(at, at + 1));

function outcomeOf(session: SmtpSession) {
  const { progress } = session;
  const { findings, timings, greeting, beforeTls, afterTls, state } = progress;
  return {
    findings,
    timings,
    greeting,
    beforeTls,
    afterTls,
    state,
    transcript: transcriptLines(session.transcript).filter((line) => !/^C: (Date|Message)/.test(line)),
  };
}

describe.each(RECORDED)('$name', ({ endpoint, said, code }) => {
  const session = sessionFor(endpoint);
  const sent = play(session, said, whole);

  test('in one piece', () => {
    expect(session.progress.state).toBe('ended');
    expect(session.progress.findings[0]?.code ?? null).toBe(code);
    expect(session.progress.greeting ?? '').not.toContain('\u00c3');
  });

  test('byte by byte gives the same result', () => {
    const again = sessionFor(endpoint);
    expect(play(again, said, byteByByte)).toEqual(sent);
    expect(outcomeOf(again)).toEqual(outcomeOf(session));
  });

  test('any pieces give the same result', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (lengths) => {
        const again = sessionFor(endpoint);
        expect(play(again, said, (turn) => pieces(turn, lengths))).toEqual(sent);
        expect(outcomeOf(again)).toEqual(outcomeOf(session));
      }),
      { numRuns: 50 },
    );
  });

  test('bytes after the end have no effect', () => {
    const again = sessionFor(endpoint);
    play(again, said, whole);
    const before = outcomeOf(again);
    expect(onReceived(again, Buffer.from('250 more\r\n\0\xff'), 999)).toMatchObject({ send: '', next: 'close' });
    expect(onTimeout(again, 1_000)).toMatchObject({ send: '', next: 'close' });
    expect(onConnectionLost(again, 'reset', 1_000)).toMatchObject({ send: '', next: 'close' });
    expect(outcomeOf(again)).toEqual(before);
  });

  test('a reply without a command is reported', () => {
    if (said.length < 3 || code !== null) return;
    const again = sessionFor(endpoint);
    play(
      again,
      said.slice(0, 1).map((turn) => (turn === TLS ? turn : `${String(turn)}250 surplus\r\n`)),
      whole,
    );
    const noticed = again.progress.findings.map((found) => found.code);
    expect(noticed).toEqual(said[0] === TLS ? [] : ['reply-unsolicited']);
  });

  test('a connection lost at any point gives a code', () => {
    for (let turns = 0; turns < said.length - 1; turns++) {
      const again = sessionFor(endpoint);
      play(again, said.slice(0, turns), whole);
      const decided = isDecided(again);
      onConnectionLost(again, 'closed', 999);
      expect(again.progress.state).toBe('ended');
      if (!decided) expect(again.progress.findings.length).toBeGreaterThan(0);
    }
  });

  test('no output has the credentials', () => {
    const said = JSON.stringify(outcomeOf(session));
    expect(said).not.toMatch(/sesame|b3BlbiBzZXNhbWU|AHByb2Jl|cHJvYmVA/i);
  });
});

function pieces(turn: Buffer, lengths: readonly number[]): readonly Buffer[] {
  const cut: Buffer[] = [];
  for (let at = 0, nth = 0; at < turn.length; nth++) {
    const length = lengths[nth % lengths.length] ?? 1;
    cut.push(turn.subarray(at, at + length));
    at += length;
  }
  return cut;
}

describe('hostile servers', () => {
  const line = fc.oneof(
    fc
      .constantFrom(...RECORDED.flatMap(({ said }) => said.filter((turn) => typeof turn === 'string')))
      .map((text) => Buffer.from(text, 'latin1')),
    fc
      .constantFrom(
        '220 ',
        '250-',
        '250 x',
        '334 !!!\r\n',
        '354 go\r\n',
        '421 bye\r\n',
        '\r\n',
        '\n',
        '220 a\r\n250 b\r\n',
        '999 x\r\n',
        '250-STARTTLS\r\n250 AUTH PLAIN\r\n',
      )
      .map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc.integer({ min: 1, max: 9_000 }).map((length) => Buffer.alloc(length, '2')),
  );
  const event = fc.oneof(
    { weight: 8, arbitrary: line },
    { weight: 1, arbitrary: fc.constant('expired' as const) },
    { weight: 1, arbitrary: fc.constant('secured' as const) },
  );
  const endpoint = fc.record(
    {
      security: fc.constantFrom('none', 'starttls', 'starttls-if-offered', 'tls'),
      helo: fc.constantFrom('auto', 'ehlo', 'helo'),
      auth: fc.constantFrom(
        { user: 'probe@example.com', password: 'open sesame' },
        { user: 'u', password: 'open sesame', mechanism: 'CRAM-MD5' },
      ),
      mailFrom: fc.constant('probe@example.com'),
      rcptTo: fc.constant(['ops@example.com']),
      deliver: fc.boolean(),
    },
    { requiredKeys: ['security'] },
  );

  test('any input: no exception, an end, a code of the table, and bounded memory', () => {
    fc.assert(
      fc.property(endpoint, fc.array(event, { maxLength: 40 }), (options, events) => {
        const session = sessionFor(options as Partial<Endpoint>);
        let at = 0;
        let sent = 0;
        let action = onConnected(session, at);
        for (const happened of events) {
          at += 100;
          if (happened === 'expired') action = onTimeout(session, at);
          else if (happened !== 'secured') action = onReceived(session, happened, at);
          else if (action.next === 'handshake') action = onSecured(session, [], at);
          sent += action.send.length;
          expect(action.until).toBeGreaterThanOrEqual(0);
          expect(session.reader.waiting.length).toBeLessThanOrEqual(LIMITS.lineOctets + 9_000);
        }
        // Timeouts end the session: one for the current state, one for the ClientHello, one for QUIT.
        for (let tick = 1; tick <= 3; tick++) action = onTimeout(session, at + tick * 20_000);
        expect(action.next).toBe('close');
        expect(sent).toBeLessThan(20_000);
        const octets = Buffer.byteLength(transcriptLines(session.transcript).join('\n'));
        expect(octets).toBeLessThanOrEqual(LIMITS.transcriptOctets);
        const shown = JSON.stringify([transcriptLines(session.transcript), session.progress.findings]);
        if (options.auth !== undefined) expect(shown).not.toMatch(/sesame/i);
        for (const { code, reply, detail } of session.progress.findings) {
          expect(failureOf(code)).toBeDefined();
          expect(detail.length).toBeLessThanOrEqual(LIMITS.keptCharacters);
          expect(reply?.length ?? 0).toBeLessThanOrEqual(LIMITS.keptCharacters);
        }
      }),
      { numRuns: 500 },
    );
  });
});

test('every state except the last has a next state that exists', () => {
  for (const [state, ways] of Object.entries(TRANSITIONS)) {
    const next = Object.values(ways).flat();
    if (state !== 'ended') expect(next.length).toBeGreaterThan(0);
    for (const one of next) expect(TRANSITIONS).toHaveProperty(one);
  }
});

test('PIPELINING is used if it is offered, and QUIT is last in its group', () => {
  const sent = play(
    sessionFor({ mailFrom: 'probe@example.com', rcptTo: ['ops@example.com'] }),
    ['220 mx1\r\n', '250-mx1\r\n250 PIPELINING\r\n'],
    whole,
  );
  expect(sent).toEqual([
    'EHLO probe.example.com\r\n',
    'MAIL FROM:<probe@example.com>\r\nRCPT TO:<ops@example.com>\r\nRSET\r\nQUIT\r\n',
  ]);
});

test('data injected after the 220 to STARTTLS is reported and not read', () => {
  const session = sessionFor({ security: 'starttls' });
  play(session, ['220 mx1\r\n', '250 mx1\r\n', '250-mx1\r\n250 STARTTLS\r\n'], whole);
  const again = sessionFor({ security: 'starttls' });
  play(
    again,
    ['220 mx1\r\n', '250-mx1\r\n250 STARTTLS\r\n', '220 go\r\n250-mx1\r\n250 AUTH PLAIN\r\n', TLS, '250 mx1\r\n'],
    whole,
  );
  expect(again.progress.findings.map(({ code }) => code)).toEqual(['starttls-injection']);
  expect(again.progress.afterTls).toEqual({});
});

/** Round trips until the verdict, without those of SYN, the greeting and the TLS 1.3 handshake. */
test.each<[string, Partial<Endpoint>, RecordedSession['said'], number]>([
  ['plain', {}, ['220 mx1\r\n', '250 mx1\r\n'], 1],
  [
    'STARTTLS',
    { security: 'starttls' },
    ['220 mx1\r\n', '250-mx1\r\n250 STARTTLS\r\n', '220 go\r\n', TLS, '250 mx1\r\n'],
    3,
  ],
  ['implicit TLS', { security: 'tls' }, [TLS, '220 mx1\r\n', '250 mx1\r\n'], 1],
  [
    'a recipient',
    { rcptTo: ['ops@example.com'] },
    ['220 mx1\r\n', '250-mx1\r\n250 PIPELINING\r\n', '250 ok\r\n250 ok\r\n'],
    2,
  ],
  [
    'AUTH PLAIN',
    { auth: { user: 'u', password: 'p' } },
    ['220 mx1\r\n', '250-mx1\r\n250 AUTH PLAIN\r\n', '235 ok\r\n'],
    2,
  ],
])('%s takes the fewest round trips', (_, endpoint, said, turns) => {
  const session = sessionFor(endpoint);
  const sent = play(session, said, whole);
  expect(isDecided(session)).toBe(true);
  // QUIT is sent with the verdict, or was pipelined before it.
  expect(sent.filter((line) => line !== 'QUIT\r\n')).toHaveLength(turns);
  expect(sent.at(-1)).toMatch(/QUIT\r\n$/);
});
