/** Plays a recorded session with a mailbox, without sockets. */

import { createImapTalks } from '../../lambda/imap/imap-talks.ts';
import { type Dialogue, DialogueFailure, type Talk } from '../../lambda/mailbox/dialogue/dialogue.ts';
import { afterBytes, afterHandshake, afterLoss, afterTalk } from '../../lambda/mailbox/dialogue/dialogue-events.ts';
import type { MailboxTalks } from '../../lambda/mailbox/dialogue/mailbox-talks.ts';
import type {
  MailboxEndpoint,
  PasswordCredentials,
  TokenCredentials,
} from '../../lambda/mailbox/session/mailbox-endpoint.ts';
import { MAILBOX_LIMITS, type MailboxLimits } from '../../lambda/mailbox/session/mailbox-limits.ts';
import { createPop3Talks } from '../../lambda/pop3/pop3-talks.ts';
import { LIMITS } from '../../lambda/smtp/bounds/limits.ts';
import { transcriptLines } from '../../lambda/smtp/bounds/transcript.ts';
import { createKnownSecrets } from '../../lambda/smtp/redaction/mask-known-passwords.ts';
import type { SessionAction } from '../../lambda/wire/session-action.ts';

export const TLS = Symbol('handshake');

export const PASSWORD: PasswordCredentials = { user: 'probe@example.com', password: 'open sesame' };
export const TOKEN: TokenCredentials = { user: 'probe@example.com', accessToken: 'ya29.open-sesame' };

/** Asks a session for something. */
export type Call = <Response>(talks: MailboxTalks<Response>) => Talk<unknown, Response>;

export interface RecordedSession {
  readonly name: string;
  readonly protocol: MailboxEndpoint['protocol'];
  readonly security: MailboxEndpoint['security'];
  readonly credentials?: PasswordCredentials | TokenCredentials;
  /** After `open`. */
  readonly calls: readonly Call[];
  /** Each is what the server says to the data that was sent before it; `TLS` is a successful handshake. */
  readonly said: readonly (string | typeof TLS)[];
  /** What was sent. */
  readonly sent: readonly string[];
  /** What each call gave, or the code of its failure. */
  readonly results: readonly unknown[];
  /** Codes of all findings. */
  readonly codes: readonly string[];
  readonly limits?: Partial<MailboxLimits>;
}

export interface Played {
  readonly talks: MailboxTalks<unknown>;
  readonly sent: readonly string[];
  readonly results: readonly unknown[];
}

export type Cut = (turn: Buffer) => readonly Buffer[];

export const whole: Cut = (turn) => [turn];
export const byteByByte: Cut = (turn) => Array.from(turn, (_, at) => turn.subarray(at, at + 1));

export function talksFor({ protocol, limits }: Pick<RecordedSession, 'protocol' | 'limits'>): MailboxTalks<unknown> {
  const secrets = createKnownSecrets();
  secrets.add(PASSWORD);
  secrets.add({ user: TOKEN.user, password: TOKEN.accessToken });
  const settings = { limits: { ...MAILBOX_LIMITS, ...limits }, deadline: 60_000, secrets };
  const talks = protocol === 'imap' ? createImapTalks(settings) : createPop3Talks(settings);
  return talks as MailboxTalks<unknown>;
}

/** Plays `turns` of what the server says, cut into pieces. The connection is lost where they end too early. */
export function play(session: RecordedSession, cut: Cut, turns = session.said.length): Played {
  const talks = talksFor(session);
  const { dialogue } = talks;
  const sent: string[] = [];
  const results: unknown[] = [];
  const said = session.said.slice(0, turns);
  const keep = ({ send }: SessionAction) => {
    if (send !== '') sent.push(send);
  };
  const open: Call = (of) => of.open(session, session.credentials ?? PASSWORD);
  let at = 0;
  for (const call of [open, ...session.calls]) {
    keep(afterTalk(dialogue, call(talks), at));
    while (dialogue.result === null) {
      at += 10;
      const turn = said.shift();
      if (turn === undefined) keep(afterLoss(dialogue, 'closed', at));
      else if (turn === TLS) keep(afterHandshake(dialogue, [], at));
      else for (const piece of cut(Buffer.from(turn as string, 'latin1'))) keep(afterBytes(dialogue, piece, at));
    }
    results.push(resultOf(dialogue));
  }
  return { talks, sent, results };
}

function resultOf({ result }: Dialogue<unknown>): unknown {
  if (result === null) throw new Error('no result');
  if ('value' in result) return result.value;
  if (result.error instanceof DialogueFailure) return result.error.finding.code;
  throw result.error;
}

/** What can be seen of a session. */
export function shownOf({ dialogue, facts }: MailboxTalks<unknown>) {
  return {
    findings: dialogue.findings,
    timings: dialogue.timings,
    transcript: transcriptLines(dialogue.transcript),
    facts: facts(),
  };
}

export const TRANSCRIPT_OCTETS = LIMITS.transcriptOctets;
