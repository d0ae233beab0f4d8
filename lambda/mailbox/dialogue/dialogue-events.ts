/** The events of a dialogue. Each returns the action that follows. `at` is in milliseconds on one monotonic clock. */

import { recordLine } from '../../smtp/bounds/transcript.ts';
import { decodeReply } from '../../smtp/replies/reply-reader.ts';
import type { Finding } from '../../smtp/sample/sample.ts';
import { secondsText } from '../../smtp/session/slowest-phases-at-deadline.ts';
import type { SessionAction } from '../../wire/session-action.ts';
import { isMailboxFailureCode, mailboxFinding } from '../failures/mailbox-failures.ts';
import type { MailboxPhase } from '../failures/mailbox-phase.ts';
import {
  addDialogueTime,
  breakdown,
  type Dialogue,
  DialogueFailure,
  dialogueAction,
  quote,
  type ReadFault,
  type Talk,
} from './dialogue.ts';
import { type OtherProtocol, otherProtocolOf } from './other-protocol.ts';

/** Begins a talk. Its result is in `dialogue.result`, at once if the session has ended. */
export function afterTalk<Response>(
  dialogue: Dialogue<Response>,
  talk: Talk<unknown, Response>,
  at: number,
): SessionAction {
  dialogue.result = null;
  dialogue.at = at;
  dialogue.since = at;
  dialogue.asked = at;
  dialogue.spoken = false;
  if (dialogue.closing) dialogue.result = { error: dialogue.end ?? new TypeError('the session has ended') };
  else {
    dialogue.talk = talk;
    proceed(dialogue, () => talk.next());
    readResponses(dialogue);
  }
  return dialogueAction(dialogue);
}

export function afterBytes<Response>(dialogue: Dialogue<Response>, bytes: Buffer, at: number): SessionAction {
  if (dialogue.end === null && !dialogue.closing) {
    dialogue.at = at;
    dialogue.reader.push(bytes);
    readResponses(dialogue);
  }
  return dialogueAction(dialogue);
}

/** The handshake succeeded. `findings`: those of the certificate. A failure among them ends the session. */
export function afterHandshake<Response>(
  dialogue: Dialogue<Response>,
  findings: readonly Finding[],
  at: number,
): SessionAction {
  const { talk } = dialogue;
  if (talk === null || dialogue.wish !== 'handshake') return dialogueAction(dialogue);
  dialogue.at = at;
  dialogue.secured = true;
  const found = findings.map((finding) => fromTransport(finding));
  const failure = found.find(({ outcome }) => outcome !== 'warn');
  dialogue.findings.push(...found.filter(({ outcome }) => outcome === 'warn'));
  if (failure === undefined) proceed(dialogue, () => talk.next(null));
  else endDialogue(dialogue, new DialogueFailure(failure, true));
  return dialogueAction(dialogue);
}

/** The time limit of the last action has passed. */
export function afterTimeout<Response>(dialogue: Dialogue<Response>, at: number): SessionAction {
  dialogue.at = at;
  endDialogue(dialogue, timeoutFailure(dialogue));
  return dialogueAction(dialogue);
}

/** The server closed or reset the connection. */
export function afterLoss<Response>(dialogue: Dialogue<Response>, how: 'closed' | 'reset', at: number): SessionAction {
  dialogue.at = at;
  if (!dialogue.closing) {
    const other = otherProtocol(dialogue);
    const detail = `connection ${how} by the server after ${secondsText(at - dialogue.asked)}`;
    endDialogue(dialogue, other === null ? breakdown(dialogue, how, { detail }) : wrongProtocol(dialogue, other));
  }
  dialogue.closing = true;
  return dialogueAction(dialogue);
}

/** The owner of the socket ends the session: a failed handshake, or an abort. */
export function afterFailure<Response>(dialogue: Dialogue<Response>, found: Finding, at: number): SessionAction {
  dialogue.at = at;
  const phase = found.code === 'client-certificate-wanted' ? 'tls' : dialogue.phase;
  endDialogue(dialogue, new DialogueFailure({ ...fromTransport(found), phase }, true));
  return dialogueAction(dialogue);
}

/** Findings of names, connections and TLS have codes and phases that a mailbox has, too. */
export function fromTransport({ phase, code, outcome, detail, reply }: Finding): ReturnType<typeof mailboxFinding> {
  if (!isMailboxFailureCode(code)) throw new TypeError(`the code ${code} is not one of a mailbox`);
  return mailboxFinding(code, { phase: phase as MailboxPhase, outcome, detail, reply });
}

/** Reads what has arrived, until a talk waits for more or nothing is left. */
function readResponses<Response>(dialogue: Dialogue<Response>): void {
  while (!dialogue.closing && !(dialogue.talk !== null && dialogue.wish === 'handshake')) {
    const next = dialogue.reader.next();
    if (next === null) return;
    if (isFault(next)) endDialogue(dialogue, faultFailure(dialogue, next));
    else if (++dialogue.responses > dialogue.limits.responses) endDialogue(dialogue, endless(dialogue));
    else takeResponse(dialogue, next);
  }
}

function isFault<Response>(next: Response | ReadFault): next is ReadFault {
  return typeof next === 'object' && next !== null && 'fault' in next;
}

function takeResponse<Response>(dialogue: Dialogue<Response>, response: Response): void {
  const { talk } = dialogue;
  if (talk !== null) proceed(dialogue, () => talk.next(response));
  else proceed(dialogue, () => unasked(dialogue, response));
}

function unasked<Response>(dialogue: Dialogue<Response>, response: Response): null {
  dialogue.onUnasked(response);
  return null;
}

/** Runs a talk until it waits again, and keeps its result. */
function proceed<Response>(
  dialogue: Dialogue<Response>,
  advance: () => IteratorResult<Dialogue<Response>['wish'], unknown> | null,
): void {
  try {
    const step = advance();
    if (step === null) return;
    if (step.done) settle(dialogue, { value: step.value });
    else dialogue.wish = step.value;
  } catch (error) {
    keepError(dialogue, error);
  }
}

function settle<Response>(dialogue: Dialogue<Response>, result: Dialogue<Response>['result']): void {
  addDialogueTime(dialogue);
  dialogue.talk = null;
  dialogue.result = result;
}

/** An error that is not of the server is one of ours: the caller gets it. In the middle of a command it ends the session. */
function keepError<Response>(dialogue: Dialogue<Response>, error: unknown): void {
  const isFailure = error instanceof DialogueFailure;
  if (isFailure) keepFailure(dialogue, error);
  else if (dialogue.spoken && error instanceof Error) dialogue.end ??= error;
  if (isFailure ? error.fatal : dialogue.spoken) dialogue.closing = true;
  if (dialogue.talk !== null) settle(dialogue, { error });
}

function keepFailure<Response>(dialogue: Dialogue<Response>, failure: DialogueFailure): void {
  const { findings, transcript } = dialogue;
  if (failure.fatal) dialogue.end ??= failure;
  if (findings.includes(failure.finding)) return;
  findings.push(failure.finding);
  recordLine(transcript, '*', quote(dialogue, failure.finding.detail));
}

/** Ends the session. A talk that goes on gets the failure where it waits, and may still have a result. */
function endDialogue<Response>(dialogue: Dialogue<Response>, failure: DialogueFailure): void {
  if (dialogue.closing) return;
  const { talk } = dialogue;
  dialogue.closing = true;
  dialogue.end ??= failure;
  if (talk === null) keepFailure(dialogue, failure);
  else proceed(dialogue, () => talk.throw(failure));
  if (dialogue.talk !== null) keepError(dialogue, failure);
}

function faultFailure<Response>(dialogue: Dialogue<Response>, { fault, detail }: ReadFault): DialogueFailure {
  const other = otherProtocol(dialogue);
  return other === null ? breakdown(dialogue, fault, { detail }) : wrongProtocol(dialogue, other);
}

/** The protocol of a server that did not greet as it should. */
function otherProtocol<Response>({ phase, reader, protocol }: Dialogue<Response>): OtherProtocol | null {
  return phase === 'greeting' ? otherProtocolOf(reader.partial(), protocol) : null;
}

function wrongProtocol<Response>(dialogue: Dialogue<Response>, { code, name }: OtherProtocol): DialogueFailure {
  const reply = quote(dialogue, decodeReply(dialogue.reader.partial()));
  return breakdown(dialogue, code, { detail: `the server speaks ${name}`, reply });
}

function endless<Response>(dialogue: Dialogue<Response>): DialogueFailure {
  return breakdown(dialogue, 'reply-endless', { detail: `more than ${dialogue.limits.responses} responses` });
}

function timeoutFailure<Response>(dialogue: Dialogue<Response>): DialogueFailure {
  const { reader, phase, deadline, at, asked, talk } = dialogue;
  const late = deadline - at < 1 ? '; the time of the session was up' : '';
  const after = `${secondsText(at - asked)}${late}`;
  if (talk === null)
    return breakdown(dialogue, 'aborted', { detail: `the session was open until its deadline${late}` });
  if (phase === 'tls' || !reader.hasPartial())
    return breakdown(dialogue, 'silence', { detail: `no answer after ${after}` });
  const other = otherProtocol(dialogue);
  if (other !== null) return wrongProtocol(dialogue, other);
  return breakdown(dialogue, 'reply-incomplete', { detail: `no whole response after ${after}` });
}
