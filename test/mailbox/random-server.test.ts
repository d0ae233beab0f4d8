/** Any input gives a result or a code, in bounded memory, and never an exception of another kind. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DialogueFailure } from '../../lambda/mailbox/dialogue/dialogue.ts';
import {
  afterBytes,
  afterHandshake,
  afterLoss,
  afterTalk,
  afterTimeout,
} from '../../lambda/mailbox/dialogue/dialogue-events.ts';
import { mailboxFailureOf } from '../../lambda/mailbox/failures/mailbox-failures.ts';
import { type Call, PASSWORD, shownOf, TLS, TRANSCRIPT_OCTETS, talksFor } from './play-session.ts';
import { IMAP_SESSIONS } from './recorded-imap-sessions.ts';
import { POP3_SESSIONS } from './recorded-pop3-sessions.ts';

const SAID = [...IMAP_SESSIONS, ...POP3_SESSIONS].flatMap(({ said }) => said.filter((turn) => turn !== TLS));
const ODD = [
  '* ',
  '+',
  '+OK',
  '-ERR [',
  '* OK [',
  '* 1 FETCH (UID 7 BODY[]<0> {9}\r\n',
  '* LIST ("',
  '{5}\r\n',
  '.\r\n',
  '\r\n',
  '* BYE\r\n',
  'A1 NO [',
  '~{3}\r\n',
  '* SEARCH 1 x 99999999999 2\r\n',
  '* ESEARCH UID ALL 5:1,,:\r\n',
];

const bytes = fc.oneof(
  fc.constantFrom(...SAID).map((text) => Buffer.from(text as string, 'latin1')),
  fc.constantFrom(...ODD).map((text) => Buffer.from(text)),
  // The turns of a session in order make it go on.
  fc.integer({ min: 1, max: 12 }).map((nth) => Buffer.from(`* ${nth} EXISTS\r\nA${nth} OK\r\n`)),
  fc.uint8Array({ maxLength: 60 }).map((octets) => Buffer.from(octets)),
  fc.integer({ min: 1, max: 150_000 }).map((length) => Buffer.alloc(length, 'a')),
);
const event = fc.oneof(
  { weight: 12, arbitrary: bytes },
  { weight: 1, arbitrary: fc.constantFrom('expired', 'lost', 'secured') },
);

const CALLS: readonly Call[] = [
  (talks) => talks.folders(),
  (talks) => talks.select('INBOX'),
  (talks) => talks.search({ header: ['X-Trip', 'one'] }),
  (talks) => talks.fetch('7', 1_000),
  (talks) => talks.remove(['7']),
  (talks) => talks.end(),
];

test.each(['imap', 'pop3'] as const)('%s', (protocol) => {
  fc.assert(
    fc.property(fc.constantFrom('none', 'starttls', 'tls'), fc.array(event, { maxLength: 40 }), (security, events) => {
      const talks = talksFor({ protocol });
      const { dialogue } = talks;
      const calls = [...CALLS];
      let at = 0;
      let sent = 0;
      let action = afterTalk(dialogue, talks.open({ security }, PASSWORD), at);
      const say = () => {
        sent += action.send.length;
        const next = dialogue.result === null ? undefined : calls.shift();
        if (next !== undefined) action = afterTalk(dialogue, next(talks), at);
        if (next !== undefined) say();
      };
      for (const happened of events) {
        say();
        at += 100;
        if (happened === 'expired') action = afterTimeout(dialogue, at);
        else if (happened === 'lost') action = afterLoss(dialogue, 'reset', at);
        else if (happened === 'secured') action = afterHandshake(dialogue, [], at);
        else action = afterBytes(dialogue, happened as Buffer, at);
        expect(dialogue.reader.partial().length).toBeLessThanOrEqual(150_000);
      }
      action = afterTimeout(dialogue, at + 60_000);
      expect(action.next).toBe('close');
      expect(dialogue.result).not.toBeNull();
      if (dialogue.result !== null && 'error' in dialogue.result) {
        expect(dialogue.result.error).toBeInstanceOf(DialogueFailure);
      }
      expect(sent).toBeLessThan(20_000);
      const { transcript, findings } = shownOf(talks);
      expect(Buffer.byteLength(transcript.join('\n'))).toBeLessThanOrEqual(TRANSCRIPT_OCTETS);
      expect(JSON.stringify([transcript, findings])).not.toMatch(/sesame/i);
      for (const { code, detail, reply } of findings) {
        expect(mailboxFailureOf(code)).toBeDefined();
        expect(detail.length).toBeLessThanOrEqual(512);
        expect(reply?.length ?? 0).toBeLessThanOrEqual(512);
      }
    }),
    { numRuns: 400 },
  );
});
