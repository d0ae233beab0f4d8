/** What is wrong with a reply, by the protocol and by what is expected of its code. */

import { DEFAULT_EXPECTATIONS, type Expectations, type ReplyPhase } from '../endpoint/expectations.ts';
import { failureOf, finding } from '../failures/failures.ts';
import { refusalFinding } from '../replies/refusals.ts';
import type { Reply } from '../replies/reply-reader.ts';
import type { SessionEvent } from '../replies/session-state.ts';
import { wrongProtocolOfReply } from '../replies/wrong-protocol.ts';
import type { Finding, TimedPhase } from '../sample/sample.ts';
import type { SessionProgress } from './progress.ts';
import { judgeRecipientReply } from './recipients.ts';
import { PHASES } from './transitions.ts';

type ExpectedReply = NonNullable<NonNullable<Expectations['replies']>[ReplyPhase]>;

/** Codes in the middle of a phase, which can be expected as well as those at its end. */
const CHALLENGES: ReadonlySet<number> = new Set([334, 354]);

export function judgeSessionReply(progress: SessionProgress, reply: Reply, event: SessionEvent): void {
  const { state } = progress;
  const phase = PHASES[state];
  // A challenge is not the end of its phase, nor is an EHLO after which HELO is tried.
  if (phase === null || phase === 'quit' || event === 'unknown' || event === 'challenged') return;
  if (state === 'mail') progress.senderRefused = event === 'refused';
  const found = state === 'rcpt' ? judgeNextRecipient(progress, reply) : judgeReply(progress, phase, reply, event);
  if (found !== null) progress.findings.push(found);
}

function judgeReply(progress: SessionProgress, phase: TimedPhase, reply: Reply, event: SessionEvent): Finding | null {
  const { state, endpoint, findings } = progress;
  // After a challenge that could not be answered, the refusal is of our own making.
  if (findings.some(({ code }) => code === 'auth-challenge-malformed')) return null;
  const found = event === 'refused' ? refusalFinding(state, phase, reply, endpoint.expect?.temporary) : null;
  const isWrongProtocol = wrongProtocolOfReply(state, reply.lines[0] ?? '') !== null;
  return isWrongProtocol ? found : applyExpectedReply(expectedReply(progress), phase, reply, found);
}

function judgeNextRecipient(progress: SessionProgress, reply: Reply): Finding | null {
  const recipient = progress.transactions[0]?.recipients[progress.recipient++];
  if (recipient === undefined || progress.senderRefused) return null;
  const found = judgeRecipientReply(recipient, reply, progress.endpoint.expect);
  return recipient.role === 'accepted' ? applyExpectedReply(expectedReply(progress), 'rcpt', reply, found) : found;
}

function expectedReply({ state, endpoint }: SessionProgress): ExpectedReply | undefined {
  return endpoint.expect?.replies?.[PHASES[state] as ReplyPhase];
}

/**
 * What is left of a finding, or comes of none, where the code was spelled out. A refusal keeps the code that says most;
 * one that is aimed at this vantage says nothing of the server, whatever is expected of it.
 */
function applyExpectedReply(
  expected: ExpectedReply | undefined,
  phase: TimedPhase,
  reply: Reply,
  found: Finding | null,
): Finding | null {
  if (expected === undefined || isMet(expected, reply, found)) return expected === undefined ? found : null;
  const expectedCodes = [expected.code].flat().join(' or ');
  const outcome = expected.otherwise ?? DEFAULT_EXPECTATIONS.replies;
  if (found === null || found.code === 'reply-unexpected') {
    const detail = `${reply.code} instead of ${expectedCodes}`;
    return finding('reply-code-mismatch', { phase, detail, reply: reply.lines.join('\n'), outcome });
  }
  return failureOf(found.code)?.vantageFault
    ? found
    : { ...found, outcome, detail: `${found.detail}, not ${expectedCodes}` };
}

/** Who expects but 354 is content with any good end of DATA. */
function isMet({ code }: ExpectedReply, reply: Reply, found: Finding | null): boolean {
  const final = [code].flat().filter((one) => !CHALLENGES.has(one));
  return final.includes(reply.code) || (final.length === 0 && found === null);
}
