/**
 * A dialogue with a server, without sockets: bytes in, actions out. What is said is a talk: a generator that yields where it
 * waits for the server. `dialogue-events.ts` has the events.
 */

import { createTranscript, recordLine, type Transcript } from '../../smtp/bounds/transcript.ts';
import type { KnownSecrets } from '../../smtp/redaction/mask-known-passwords.ts';
import { type Redact, redactLines } from '../../smtp/redaction/redact-reply.ts';
import type { SessionAction } from '../../wire/session-action.ts';
import {
  type MailboxEvidence,
  type MailboxFailureCode,
  type MailboxFinding,
  mailboxFinding,
} from '../failures/mailbox-failures.ts';
import type { MailboxPhase } from '../failures/mailbox-phase.ts';
import type { MailboxLimits } from '../session/mailbox-limits.ts';

/** A violation of the protocol or of a limit. Nothing can be read after it. */
export interface ReadFault {
  readonly fault: MailboxFailureCode;
  readonly detail: string;
}

/** Reads responses from bytes, however they are split. */
export interface ResponseReader<Response> {
  push(bytes: Buffer): void;
  /** The next response, the fault that ends reading, or null if more bytes are needed. */
  next(): Response | ReadFault | null;
  /** Something has arrived that is no whole response. */
  hasPartial(): boolean;
  /** The first octets of it, as Latin-1. */
  partial(): string;
  /** Discards what has arrived. */
  reset(): void;
}

/** What a talk waits for. */
export type Wish = 'response' | 'handshake';

/** Null after a handshake. */
export type Talk<Result, Response> = Generator<Wish, Result, Response | null>;

export type TalkResult = { readonly value: unknown } | { readonly error: unknown };

export interface Dialogue<Response> {
  readonly protocol: 'IMAP' | 'POP3';
  readonly limits: MailboxLimits;
  /** On the clock of the events. */
  readonly deadline: number;
  readonly secrets: KnownSecrets;
  readonly reader: ResponseReader<Response>;
  readonly transcript: Transcript;
  readonly findings: MailboxFinding[];
  readonly timings: Partial<Record<MailboxPhase, number>>;
  /** A response that no talk has asked for. May throw a `DialogueFailure`. */
  readonly onUnasked: (response: Response) => void;
  /** Takes out the credentials that were sent to the server; null before. */
  redact: Redact | null;
  phase: MailboxPhase;
  /** When the last event happened. */
  at: number;
  /** Until when the time of the phases is added up. */
  since: number;
  /** When the server was last asked something. */
  asked: number;
  /** Responses since then. */
  responses: number;
  talk: Talk<unknown, Response> | null;
  wish: Wish;
  /** Of the last talk; null while it goes on. */
  result: TalkResult | null;
  /** The current talk has sent something. */
  spoken: boolean;
  /** Why nothing more can be said: a failure, or an error of ours in the middle of a command. */
  end: Error | null;
  /** The connection is to be closed. */
  closing: boolean;
  secured: boolean;
  /** Data to send with the next action. */
  outgoing: string;
}

export type DialogueSettings<Response> = Pick<
  Dialogue<Response>,
  'protocol' | 'limits' | 'deadline' | 'secrets' | 'reader' | 'onUnasked'
> & {
  /** Those of the phases before the session. */
  readonly timings?: Dialogue<Response>['timings'];
};

export function createDialogue<Response>({
  timings = {},
  ...settings
}: DialogueSettings<Response>): Dialogue<Response> {
  return {
    ...settings,
    transcript: createTranscript(settings.limits),
    findings: [],
    timings: { ...timings },
    redact: null,
    phase: 'greeting',
    at: 0,
    since: 0,
    asked: 0,
    responses: 0,
    talk: null,
    wish: 'response',
    result: null,
    spoken: false,
    end: null,
    closing: false,
    secured: false,
    outgoing: '',
  };
}

/** Thrown in a talk. `fatal`: the session cannot go on. */
export class DialogueFailure extends Error {
  readonly finding: MailboxFinding;
  readonly fatal: boolean;

  constructor(finding: MailboxFinding, fatal: boolean) {
    super(finding.detail);
    this.finding = finding;
    this.fatal = fatal;
  }
}

/** The server refused: the session can go on. */
export function commandRefused<Response>(
  { phase }: Dialogue<Response>,
  code: MailboxFailureCode,
  evidence: MailboxEvidence,
): DialogueFailure {
  return new DialogueFailure(mailboxFinding(code, { phase, ...evidence }), false);
}

/** The session is over. */
export function breakdown<Response>(
  { phase }: Dialogue<Response>,
  code: MailboxFailureCode,
  evidence: MailboxEvidence,
): DialogueFailure {
  return new DialogueFailure(mailboxFinding(code, { phase, ...evidence }), true);
}

/** A warning: the talk goes on. The same one is added once. */
export function warn<Response>({ findings }: Dialogue<Response>, code: MailboxFailureCode, detail: string): void {
  if (!findings.some((found) => found.code === code)) findings.push(mailboxFinding(code, { detail }));
}

/** From here on, time belongs to this phase. */
export function enterPhase<Response>(dialogue: Dialogue<Response>, phase: MailboxPhase): void {
  addDialogueTime(dialogue);
  dialogue.phase = phase;
}

export function addDialogueTime<Response>(dialogue: Dialogue<Response>): void {
  const { timings, phase, at, since } = dialogue;
  if (at === since) return;
  timings[phase] = (timings[phase] ?? 0) + (at - since);
  dialogue.since = at;
}

/** Queues a line. The transcript has `shown` for it. */
export function say<Response>(dialogue: Dialogue<Response>, line: string, shown = line): void {
  dialogue.outgoing += `${line}\r\n`;
  dialogue.spoken = true;
  dialogue.asked = dialogue.at;
  dialogue.responses = 0;
  recordLine(dialogue.transcript, 'C:', shown);
}

/** Adds what the server said to the transcript. */
export function hear<Response>(dialogue: Dialogue<Response>, text: string): void {
  recordLine(dialogue.transcript, 'S:', quote(dialogue, text));
}

/** What may be shown of a text of the server. */
export function quote<Response>({ secrets, redact }: Dialogue<Response>, text: string): string {
  return redactLines([text], secrets, redact)[0] ?? '';
}

export function* nextResponse<Response>(): Talk<Response, Response> {
  const response = yield 'response';
  if (response === null) throw new TypeError('a talk was resumed without a response');
  return response;
}

/** Input that came in clear text is discarded (RFC 9051 6.2.1, RFC 2595 4). */
export function* handshake<Response>(dialogue: Dialogue<Response>): Talk<void, Response> {
  enterPhase(dialogue, 'tls');
  dialogue.asked = dialogue.at;
  yield 'handshake';
  dialogue.reader.reset();
}

export function dialogueAction<Response>(dialogue: Dialogue<Response>): SessionAction {
  const { outgoing: send, closing, talk, wish, asked } = dialogue;
  dialogue.outgoing = '';
  if (closing) return { send, next: 'close', until: asked };
  if (talk === null) return { send, next: 'read', until: Infinity };
  return { send, next: wish === 'handshake' ? 'handshake' : 'read', until: asked + timeLimit(dialogue) };
}

function timeLimit<Response>({ phase, limits }: Dialogue<Response>): number {
  switch (phase) {
    case 'greeting':
      return limits.greeting;
    case 'tls':
      return limits.handshake;
    case 'fetch':
      return limits.fetch;
    case 'logout':
      return limits.quit;
    default:
      return limits.reply;
  }
}
