/** Runs the talks of a session over a connection, one after the other. */

import type { Socket } from 'node:net';
import { recordLine } from '../smtp/bounds/transcript.ts';
import { type Connection, now, perform, type SessionEvents, startConnection } from '../smtp/connection.ts';
import type { TlsEndpoint } from '../smtp/endpoint/endpoint.ts';
import { type Dialogue, DialogueFailure, dialogueAction, type Talk } from './dialogue/dialogue.ts';
import {
  afterBytes,
  afterFailure,
  afterHandshake,
  afterLoss,
  afterTalk,
  afterTimeout,
} from './dialogue/dialogue-events.ts';
import type { MailboxTalks } from './dialogue/mailbox-talks.ts';
import { type MailboxRun, maskMailboxFinding, reportOf } from './mailbox-run.ts';
import { MailboxError, type MailboxReport } from './session/mailbox-report.ts';
import type { MailboxSession } from './session/mailbox-session.ts';

/** The state of a session over a connection. */
interface Running<Response> {
  readonly run: MailboxRun;
  readonly talks: MailboxTalks<Response>;
  connection: Connection | null;
  /** Called when the current talk has a result. */
  settle: (() => void) | null;
  /** The last call: the next one waits for it. */
  last: Promise<unknown>;
  ending: Promise<void> | null;
}

export interface StartedSession<Response> extends MailboxSession {
  /** Runs a talk of the owner of the session. */
  readonly hold: (talk: () => Talk<void, Response>) => Promise<void>;
}

/** A session over an open socket. Its `open` is not yet run. */
export function startMailboxSession<Response>(
  socket: Socket,
  run: MailboxRun,
  talks: MailboxTalks<Response>,
): StartedSession<Response> {
  const { limits, deadline, options } = run;
  const running: Running<Response> = {
    run,
    talks,
    connection: null,
    settle: null,
    last: Promise.resolve(),
    ending: null,
  };
  running.connection = startConnection(socket, eventsOf(run, talks.dialogue), {
    endpoint: tlsEndpointOf(run),
    quit: limits.quit,
    now: run.now,
    deadline,
    signal: options.signal,
    afterEvent: () => running.settle?.(),
  });
  return sessionOf(running);
}

/** The certificate must be verified before credentials are sent. */
export function tlsEndpointOf({ endpoint }: Pick<MailboxRun, 'endpoint'>): TlsEndpoint {
  const { host, security, serverName, ca, insecure, expect } = endpoint;
  return {
    host,
    security,
    auth: {},
    ...(serverName === undefined ? {} : { serverName }),
    ...(ca === undefined ? {} : { ca }),
    ...(insecure === undefined ? {} : { insecure }),
    ...(expect === undefined ? {} : { expect }),
  };
}

function eventsOf<Response>(run: MailboxRun, dialogue: Dialogue<Response>): SessionEvents {
  return {
    onConnected: () => dialogueAction(dialogue),
    onReceived: (bytes, at) => afterBytes(dialogue, bytes, at),
    onSecured: ({ facts, findings }, at) => {
      run.tls = facts;
      recordLine(dialogue.transcript, '*', `${facts.version} ${facts.cipher}`);
      return afterHandshake(dialogue, findings, at);
    },
    onTimeout: (at) => afterTimeout(dialogue, at),
    onConnectionLost: (how, at) => afterLoss(dialogue, how, at),
    onFailure: (found, at) => afterFailure(dialogue, found, at),
    isInHandshake: () => dialogue.talk !== null && dialogue.wish === 'handshake',
    isDecided: () => dialogue.phase === 'logout',
  };
}

function sessionOf<Response>(running: Running<Response>): StartedSession<Response> {
  const { talks } = running;
  const inFolder = <Result>(talk: () => Talk<Result, Response>) => inTurn(running, () => requireFolder(talks, talk));
  return {
    hold: (talk: () => Talk<void, Response>) => inTurn(running, talk),
    folders: () => inTurn(running, talks.folders),
    select: (folder: string) => inTurn(running, () => talks.select(folder)),
    search: (query: Parameters<MailboxSession['search']>[0]) => inFolder(() => talks.search(query)),
    fetch: (id: string, maxOctets: number) => inFolder(() => talks.fetch(id, maxOctets)),
    remove: (ids: readonly string[]) => inFolder(() => talks.remove(ids)),
    end: () => {
      running.ending ??= inOrder(running, () => endSession(running));
      return running.ending;
    },
    report: () => sessionReport(running),
  };
}

/** An error of the caller. */
function requireFolder<Result, Response>(
  talks: MailboxTalks<Response>,
  talk: () => Talk<Result, Response>,
): Talk<Result, Response> {
  if (talks.facts().folder === null) throw new TypeError('no folder is selected');
  return talk();
}

function inTurn<Result, Response>(running: Running<Response>, talk: () => Talk<Result, Response>): Promise<Result> {
  return inOrder(running, () => runTalk(running, talk()));
}

/** After the calls before it, whatever came of them. */
function inOrder<Result, Response>(running: Running<Response>, call: () => Promise<Result>): Promise<Result> {
  const result = running.last.then(call);
  running.last = result.catch(() => {});
  return result;
}

function runTalk<Result, Response>(running: Running<Response>, talk: Talk<Result, Response>): Promise<Result> {
  const { talks } = running;
  const connection = connectionOf(running);
  return new Promise((resolve, reject) => {
    running.settle = () => {
      const { result } = talks.dialogue;
      if (result === null) return;
      running.settle = null;
      if ('value' in result) resolve(result.value as Result);
      else reject(mailboxErrorOf(running, result.error));
    };
    perform(connection, afterTalk(talks.dialogue, talk, now(connection)));
  });
}

function connectionOf<Response>({ connection }: Running<Response>): Connection {
  if (connection === null) throw new TypeError('the session has no connection yet');
  return connection;
}

/** A failure of the server, or an error of ours as it is. */
function mailboxErrorOf<Response>(running: Running<Response>, error: unknown): unknown {
  if (!(error instanceof DialogueFailure)) return error;
  const { secrets } = running.run;
  return new MailboxError(maskMailboxFinding(error.finding, secrets), error.fatal, sessionReport(running));
}

/** A session that has ended by itself is not ended again, unless it still owed something. */
async function endSession<Response>(running: Running<Response>): Promise<void> {
  const { talks } = running;
  const { dialogue } = talks;
  const connection = connectionOf(running);
  try {
    if (dialogue.end === null || talks.facts().removesAtEnd) await runTalk(running, talks.end());
  } finally {
    dialogue.closing = true;
    perform(connection, dialogueAction(dialogue));
    await connection.closed;
  }
}

function sessionReport<Response>({ run, talks }: Running<Response>): MailboxReport {
  const { greeting, capabilities } = talks.facts();
  return reportOf(run, { dialogue: talks.dialogue, greeting, capabilities });
}
