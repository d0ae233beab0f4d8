/** Handles bytes from the server: reads replies and advances the session. */

import { recordLine } from '../bounds/transcript.ts';
import { truncate } from '../bounds/truncate.ts';
import { finding } from '../failures/failures.ts';
import { redactLines } from '../redaction/redact-reply.ts';
import { decodeReply, hasPartialReply, nextReply, pushBytes, type Reply } from '../replies/reply-reader.ts';
import type { SessionEvent } from '../replies/session-state.ts';
import type { SaslExchange } from '../sasl/mechanisms.ts';
import { addPhaseTime, advanceSession, sendLine } from './advance.ts';
import { recordReply, sessionEventOf } from './record-reply.ts';
import { abandonSession, currentPhase, endOnReplyFault } from './session-end.ts';
import { isDecided, type SmtpSession } from './session-without-sockets.ts';
import { mayProceed } from './transitions.ts';

export function readReplies(session: SmtpSession, bytes: Buffer, at: number): void {
  if (!isReading(session)) return;
  pushBytes(session.reader, bytes);
  do {
    const next = nextReply(session.reader);
    if (next === null) return;
    if ('fault' in next) endOnReplyFault(session, next, at);
    else onReply(session, next, at);
  } while (isReading(session));
}

function isReading({ progress: { state } }: SmtpSession): boolean {
  return state !== 'ended' && state !== 'handshake';
}

/** A reply is judged as it was said, and quoted as it may be shown. */
function onReply(session: SmtpSession, reply: Reply, at: number): void {
  const { progress } = session;
  const event = sessionEventOf(progress, reply);
  const challenged = progress.state === 'auth' && event === 'challenged';
  const redacted = show(session, reply, challenged);
  addPhaseTime(progress, at);
  recordReply(progress, redacted, event);
  if (hasUnsolicitedBytes(session)) onUnsolicitedBytes(session, event, at);
  else if (challenged && progress.exchange !== null) answer(session, reply, progress.exchange);
  // A challenge after the exchange was cancelled ends AUTH: the finding is there already.
  else advanceSession(session, challenged ? 'refused' : event, at);
}

/** Adds a reply to the transcript; with what may be shown of it. */
function show({ transcript, secrets, redact }: SmtpSession, reply: Reply, secret: boolean): Reply {
  const { code, lines } = reply;
  const shown = secret ? [`${code} ***`] : redactLines(lines, secrets, redact);
  for (const line of shown) recordLine(transcript, 'S:', line);
  return shown === lines ? reply : { code, lines, shown };
}

function answer(session: SmtpSession, reply: Reply, exchange: SaslExchange): void {
  const line = exchange.answer((reply.lines.at(-1) ?? '').slice(4));
  if (line === null) cancelAuth(session, exchange.serverProof() === 'wrong' ? WRONG_PROOF : MALFORMED);
  else {
    session.secrets.addAnswer(line);
    sendLine(session, line, '***');
  }
}

const MALFORMED = 'the challenge cannot be answered';

/** RFC 5802 3: the client must not authenticate to a server that does not know the password. */
const WRONG_PROOF = 'the SCRAM signature of the server is wrong: it does not know the password';

/** RFC 4954 4: a client cancels with `*`, and the server answers 501. */
function cancelAuth(session: SmtpSession, detail: string): void {
  const { progress } = session;
  progress.exchange = null;
  progress.findings.push(finding('auth-challenge-malformed', { detail, reply: '334 ***' }));
  sendLine(session, '*');
}

/** The server sent more than one reply before the next command. */
function hasUnsolicitedBytes(session: SmtpSession): boolean {
  return hasPartialReply(session.reader) && session.progress.pipelined.length === 0 && !isDecided(session);
}

function onUnsolicitedBytes(session: SmtpSession, event: SessionEvent, at: number): void {
  const { progress, reader, secrets, redact } = session;
  const shown = redactLines(decodeReply(reader.waiting).split('\n'), secrets, redact);
  const said = JSON.stringify(truncate(shown.join('\n'), 80));
  if (progress.state === 'starttls' && event === 'accepted') {
    progress.findings.push(
      finding('starttls-injection', { detail: `${said} followed the reply to STARTTLS in clear` }),
    );
    advanceSession(session, event, at);
  } else if (mayProceed(progress)) {
    abandonSession(
      session,
      finding('reply-unsolicited', { phase: currentPhase(session), detail: `${said} without a command` }),
      at,
    );
  } else advanceSession(session, event, at);
}
