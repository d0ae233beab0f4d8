import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { afterBytes, afterLoss, afterTimeout } from '../../lambda/mailbox/dialogue/dialogue-events.ts';
import { mailboxFailureOf } from '../../lambda/mailbox/failures/mailbox-failures.ts';
import { byteByByte, play, shownOf, TLS, TRANSCRIPT_OCTETS, whole } from './play-session.ts';
import { IMAP_SESSIONS } from './recorded-imap-sessions.ts';
import { POP3_SESSIONS } from './recorded-pop3-sessions.ts';

describe.each([...IMAP_SESSIONS, ...POP3_SESSIONS])('$protocol: $name', (session) => {
  const played = play(session, whole);

  test('in one piece', () => {
    expect(played.sent).toEqual(session.sent);
    expect(played.results).toEqual(session.results);
    expect(played.talks.dialogue.findings.map(({ code }) => code)).toEqual(session.codes);
  });

  test('byte by byte gives the same result', () => {
    const again = play(session, byteByByte);
    expect(again.sent).toEqual(played.sent);
    expect(again.results).toEqual(played.results);
    expect(shownOf(again.talks)).toEqual(shownOf(played.talks));
  });

  test('any pieces give the same result', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (lengths) => {
        const again = play(session, (turn) => pieces(turn, lengths));
        expect(again.sent).toEqual(played.sent);
        expect(again.results).toEqual(played.results);
        expect(shownOf(again.talks)).toEqual(shownOf(played.talks));
      }),
      { numRuns: 30 },
    );
  });

  test('a connection lost at any point gives a code, and nothing after it is sent', () => {
    for (let turns = 0; turns < session.said.length - 1; turns++) {
      const { talks, results } = play(session, whole, turns);
      expect(['closed', ...session.results]).toContainEqual(results.at(-1));
      expect(talks.dialogue.findings.map(({ code }) => code)).toContain('closed');
    }
  });

  test('bytes after the end have no effect', () => {
    const { talks } = play(session, whole);
    talks.dialogue.closing = true;
    const before = shownOf(talks);
    expect(afterBytes(talks.dialogue, Buffer.from('* 5 EXISTS\r\n+OK\r\n\0\xff'), 999)).toMatchObject({ send: '' });
    expect(afterTimeout(talks.dialogue, 1_000)).toMatchObject({ send: '', next: 'close' });
    expect(afterLoss(talks.dialogue, 'reset', 1_000)).toMatchObject({ send: '', next: 'close' });
    expect(shownOf(talks)).toEqual(before);
  });

  test('a response to nothing after any turn is reported', () => {
    for (const [nth, turn] of session.said.entries()) {
      if (turn === TLS || nth === session.said.length - 1) continue;
      const said = session.said.map((one, at) => (at === nth ? `${String(one)}A99 OK\r\n` : one));
      const { talks } = play({ ...session, said }, whole);
      const codes = talks.dialogue.findings.map(({ code }) => code);
      expect(codes).toEqual(expect.arrayContaining([expect.stringMatching(/^(?:reply-|starttls-injection)/)]));
    }
  });

  test('no output has the credentials, or anything of a message', () => {
    const shown = JSON.stringify([shownOf(played.talks)]);
    expect(shown).not.toMatch(/sesame|b3BlbiBzZXNhbWU|AHByb2Jl|cHJvYmVA|token-one|sail at|private|ne\\"/i);
    expect(Buffer.byteLength(shownOf(played.talks).transcript.join('\n'))).toBeLessThanOrEqual(TRANSCRIPT_OCTETS);
    for (const { code } of played.talks.dialogue.findings) expect(mailboxFailureOf(code)).toBeDefined();
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
