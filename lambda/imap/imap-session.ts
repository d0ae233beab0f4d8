/** The state of a session by IMAP, and its commands. RFC 9051 and 3501 rule them. */

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
import type { SelectedFolder } from '../mailbox/session/mailbox-session.ts';
import { decodeReply } from '../smtp/replies/reply-reader.ts';
import type { DataResponse, ImapResponse, StatusResponse } from './response.ts';
import { createImapReader, type ImapReader } from './response-reader.ts';

/** What is sent on a request for continuation; null if none is due. */
type Continue = (text: string) => { readonly line: string; readonly shown: string } | null;

export type ImapTalk<Result> = Talk<Result, ImapResponse>;

export interface ImapSession {
  readonly dialogue: Dialogue<ImapResponse>;
  readonly reader: ImapReader;
  /** Of the last command. */
  tag: string;
  commands: number;
  greeting: string | null;
  /** In upper case. Empty until the server sent them. */
  capabilities: ReadonlySet<string>;
  folder: SelectedFolder | null;
  /** Messages in the selected folder now. */
  messages: number;
  /** Names of folders as the server wrote them. */
  readonly wireNames: Map<string, string>;
}

export type ImapSettings = Omit<DialogueSettings<ImapResponse>, 'reader' | 'onUnasked' | 'protocol'>;

export function createImapSession(settings: ImapSettings): ImapSession {
  const reader = createImapReader(settings.limits);
  const dialogue = createDialogue<ImapResponse>({
    ...settings,
    protocol: 'IMAP',
    reader,
    onUnasked: (response) => takeUnasked(session, response),
  });
  const session: ImapSession = {
    dialogue,
    reader,
    tag: '',
    commands: 0,
    greeting: null,
    capabilities: new Set(),
    folder: null,
    messages: 0,
    wireNames: new Map(),
  };
  return session;
}

export interface ImapCommandOptions {
  /** What the transcript has of the command. */
  readonly shown?: string;
  readonly onData?: (response: DataResponse) => void;
  /** An untagged status response. */
  readonly onStatus?: (response: StatusResponse) => void;
  readonly onContinuation?: Continue;
}

/** Sends a command, and returns its tagged OK. A refusal is thrown. */
export function* runImapCommand(
  session: ImapSession,
  phase: MailboxPhase,
  command: string,
  options: ImapCommandOptions = {},
): ImapTalk<StatusResponse> {
  const { dialogue } = session;
  enterPhase(dialogue, phase);
  session.tag = `A${++session.commands}`;
  say(dialogue, `${session.tag} ${command}`, `${session.tag} ${options.shown ?? command}`);
  for (;;) {
    const response = yield* nextResponse<ImapResponse>();
    const done = takeResponse(session, response, options);
    if (done === null) continue;
    if (done.status !== 'OK') throw refused(session, done);
    noteCapabilities(session, done);
    return done;
  }
}

/** The tagged response to the command; null for any other. */
function takeResponse(
  session: ImapSession,
  response: ImapResponse,
  options: ImapCommandOptions,
): StatusResponse | null {
  switch (response.kind) {
    case 'continuation':
      continueCommand(session, response.text, options.onContinuation);
      return null;
    case 'data':
      noteData(session, response);
      options.onData?.(response);
      return null;
    case 'status':
      if (response.tag !== null) return ownStatus(session, response);
      noteStatus(session, response);
      options.onStatus?.(response);
      return null;
    default:
      return response satisfies never;
  }
}

function ownStatus(session: ImapSession, response: StatusResponse): StatusResponse {
  const { dialogue, tag } = session;
  hear(dialogue, decodeReply(response.line));
  if (response.tag === tag && response.status !== 'BYE' && response.status !== 'PREAUTH') return response;
  throw breakdown(dialogue, 'reply-unsolicited', {
    detail: `a tagged response where only ${tag} is under way`,
    reply: quote(dialogue, decodeReply(response.line)),
  });
}

function continueCommand({ dialogue }: ImapSession, text: string, onContinuation?: Continue): void {
  hear(dialogue, text === '' || onContinuation !== undefined ? '+ ***' : `+ ${decodeReply(text)}`);
  const next = onContinuation?.(text) ?? null;
  if (next === null) {
    const code = dialogue.phase === 'auth' ? 'auth-challenge-malformed' : 'reply-unexpected';
    throw breakdown(dialogue, code, { detail: 'a request for continuation (+) that nothing asked for' });
  }
  say(dialogue, next.line, next.shown);
}

/** An untagged status. BYE ends the session, at any time (RFC 9051 7.1.5). */
export function noteStatus(session: ImapSession, response: StatusResponse): void {
  const { dialogue } = session;
  hear(dialogue, decodeReply(response.line));
  noteCapabilities(session, response);
  if (response.status === 'BYE' && dialogue.phase !== 'logout') throw endedByServer(session, response);
}

function endedByServer({ dialogue }: ImapSession, { code, line }: StatusResponse): DialogueFailure {
  const reply = quote(dialogue, decodeReply(line));
  const found = refusalCodeOf(dialogue.phase, code, line);
  const isRateLimit = found === 'vantage-rate-limited';
  const general = dialogue.phase === 'greeting' ? 'greeting-refused' : 'service-unavailable';
  return breakdown(dialogue, isRateLimit ? found : general, { detail: 'the server ended the session (BYE)', reply });
}

function noteCapabilities(session: ImapSession, { code, argument }: StatusResponse): void {
  if (code === 'CAPABILITY') session.capabilities = capabilitiesOf(session, argument);
}

/** Of a name that is kept. The longest known ones have about 30. */
const CAPABILITY_OCTETS = 64;

function capabilitiesOf({ dialogue }: ImapSession, text: string): ReadonlySet<string> {
  const names = text.toUpperCase().split(' ');
  return new Set(
    names.filter((name) => name !== '' && name.length <= CAPABILITY_OCTETS).slice(0, dialogue.limits.keywords),
  );
}

/** Data of any command. What may hold something of a message is not in the transcript. */
function noteData(session: ImapSession, { name, number, parts }: DataResponse): void {
  const [text = ''] = parts;
  const rest = typeof text === 'string' ? text : '';
  if (name === 'CAPABILITY') session.capabilities = capabilitiesOf(session, rest);
  if (name === 'EXISTS') session.messages = number ?? 0;
  if (name === 'EXPUNGE') session.messages = Math.max(0, session.messages - 1);
  const shown = SHOWN.has(name) ? rest : '(…)';
  hear(session.dialogue, ['*', number ?? '', name, shown].filter((word) => word !== '').join(' '));
}

const SHOWN: ReadonlySet<string> = new Set(['CAPABILITY', 'EXISTS', 'RECENT', 'EXPUNGE', 'FLAGS', 'SEARCH', 'ESEARCH']);

/** What comes between commands: untagged responses, as a server may send them at any time. */
function takeUnasked(session: ImapSession, response: ImapResponse): void {
  takeResponse(session, response, {});
}

/** NO: the server refuses. BAD: it did not understand a command that is well-formed. */
function refused({ dialogue }: ImapSession, { status, code, line }: StatusResponse): DialogueFailure {
  const reply = quote(dialogue, decodeReply(line));
  const found = status === 'BAD' ? 'reply-unexpected' : refusalCodeOf(dialogue.phase, code, line);
  const detail =
    status === 'BAD' ? 'the server does not accept the command (BAD)' : 'the server refuses the command (NO)';
  return commandRefused(dialogue, found, { detail, reply });
}

/** Whether the server has the capability, in upper case. */
export function imapOffers({ capabilities }: ImapSession, ...names: readonly string[]): boolean {
  return names.some((name) => capabilities.has(name));
}

/** Whether the server is Gmail. */
export function isGmail(session: ImapSession): boolean {
  return imapOffers(session, 'X-GM-EXT-1');
}
