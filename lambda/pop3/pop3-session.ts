/** The state of a session by POP3, and its commands. RFC 1939 rules them. */

import {
  breakdown,
  commandRefused,
  createDialogue,
  type Dialogue,
  type DialogueFailure,
  type DialogueSettings,
  enterPhase,
  hear,
  nextResponse,
  quote,
  say,
  type Talk,
} from '../mailbox/dialogue/dialogue.ts';
import { refusalCodeOf } from '../mailbox/dialogue/refusal-codes.ts';
import type { MailboxPhase } from '../mailbox/failures/mailbox-phase.ts';
import type { MessageId, SelectedFolder } from '../mailbox/session/mailbox-session.ts';
import { decodeReply } from '../smtp/replies/reply-reader.ts';
import { createPop3Reader, type ExpectedBody, type Pop3Reader, type Pop3Response } from './response-reader.ts';

export type Pop3Talk<Result> = Talk<Result, Pop3Response>;

export type Pop3Status = Extract<Pop3Response, { kind: 'status' }>;

export interface Pop3Session {
  readonly dialogue: Dialogue<Pop3Response>;
  readonly reader: Pop3Reader;
  greeting: string | null;
  /** `SASL PLAIN LOGIN` is one line, in upper case. */
  capabilities: readonly string[];
  folder: SelectedFolder | null;
  messages: number;
  /** Numbers of messages, which hold for the session, by their unique-ids. */
  readonly numbers: Map<MessageId, number>;
  /** Messages to be removed at the end. */
  deleted: number;
  /** TOP was refused, and is not offered. */
  lacksTop: boolean;
}

export type Pop3Settings = Omit<DialogueSettings<Pop3Response>, 'reader' | 'onUnasked' | 'protocol'>;

export function createPop3Session(settings: Pop3Settings): Pop3Session {
  const reader = createPop3Reader(settings.limits);
  const dialogue: Dialogue<Pop3Response> = createDialogue<Pop3Response>({
    ...settings,
    protocol: 'POP3',
    reader,
    onUnasked: () => {
      throw unasked(dialogue);
    },
  });
  return {
    dialogue,
    reader,
    greeting: null,
    capabilities: [],
    folder: null,
    messages: 0,
    numbers: new Map(),
    deleted: 0,
    lacksTop: false,
  };
}

function unasked(dialogue: Dialogue<Pop3Response>): DialogueFailure {
  return breakdown(dialogue, 'reply-unsolicited', { detail: 'a response to a command that was not sent' });
}

export interface Pop3CommandOptions {
  /** What the transcript has of the command. */
  readonly shown?: string;
  /** The response has lines after its status. */
  readonly body?: ExpectedBody;
}

/** Sends a command, and returns its +OK. A refusal is thrown. */
export function* runPop3Command(
  session: Pop3Session,
  phase: MailboxPhase,
  command: string,
  options: Pop3CommandOptions = {},
): Pop3Talk<Pop3Status> {
  const response = yield* exchange(session, phase, command, options);
  if (response.kind === 'status' && response.ok) return response;
  throw refused(session, response);
}

/** Sends a line, and returns the response to it. */
export function* exchange(
  session: Pop3Session,
  phase: MailboxPhase,
  line: string,
  { shown = line, body }: Pop3CommandOptions = {},
): Pop3Talk<Pop3Response> {
  const { dialogue, reader } = session;
  enterPhase(dialogue, phase);
  if (reader.hasPartial()) throw unasked(dialogue);
  if (body !== undefined) reader.expectBody(body);
  say(dialogue, line, shown);
  const response = yield* nextResponse<Pop3Response>();
  showResponse(session, response, body !== undefined);
  return response;
}

/** What may hold something of a message is not in the transcript. */
export function showResponse({ dialogue }: Pop3Session, response: Pop3Response, hasBody = false): void {
  if (response.kind === 'challenge') hear(dialogue, '+ ***');
  else hear(dialogue, decodeReply(response.line));
  if (hasBody && response.kind === 'status' && response.ok) hear(dialogue, `(${response.body.length} octets)`);
}

export function refused({ dialogue }: Pop3Session, response: Pop3Response): DialogueFailure {
  if (response.kind === 'challenge') {
    const code = dialogue.phase === 'auth' ? 'auth-challenge-malformed' : 'reply-unexpected';
    return breakdown(dialogue, code, { detail: 'a challenge (+) that nothing asked for' });
  }
  const { code, line } = response;
  const reply = quote(dialogue, decodeReply(line));
  return commandRefused(dialogue, refusalCodeOf(dialogue.phase, code, line), {
    detail: 'the server refuses the command (-ERR)',
    reply,
  });
}

export function pop3Offers({ capabilities }: Pop3Session, name: string): boolean {
  return capabilities.some((line) => line === name || line.startsWith(`${name} `));
}
