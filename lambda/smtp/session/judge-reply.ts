/** Judges a reply to any command, STARTTLS included: by the protocol, and by the expected reply code. */

import { DEFAULT_EXPECTATIONS, type Expectations, type ReplyPhase } from '../endpoint/expectations.ts';
import { failureOf, finding } from '../failures/failures.ts';
import { wantsClientCertificate } from '../replies/client-certificate.ts';
import { refusalFinding } from '../replies/refusals.ts';
import { quoteReply, type Reply } from '../replies/reply-reader.ts';
import type { SessionEvent } from '../replies/session-state.ts';
import { wrongProtocolOfReply } from '../replies/wrong-protocol.ts';
import type { Finding, TimedPhase } from '../sample/sample.ts';
import type { SessionProgress } from './progress.ts';
import { judgeRecipientReply } from './recipients.ts';
import { PHASES } from './transitions.ts';

type ExpectedReply = NonNullable<NonNullable<Expectations['replies']>[ReplyPhase]>;

/** Codes within a phase. They can be expected, like the final codes. */
const CHALLENGES: ReadonlySet<number> = new Set([334, 354]);

export function judgeSessionReply(progress: SessionProgress, reply: Reply, event: SessionEvent): void {
  const { state } = progress;
  const phase = PHASES[state];
  // A challenge does not end its phase, and neither does an EHLO before HELO or a mechanism before another one.
  if (phase === null || phase === 'quit' || event === 'unknown' || event === 'challenged') return;
  if (state === 'mail') progress.senderRefused = event === 'refused';
  const found = state === 'rcpt' ? judgeNextRecipient(progress, reply) : judgeReply(progress, phase, reply, event);
  if (found !== null) progress.findings.push(found);
}

function judgeReply(progress: SessionProgress, phase: TimedPhase, reply: Reply, event: SessionEvent): Finding | null {
  const { state, findings } = progress;
  // After a malformed challenge the client cancels AUTH, which causes this refusal.
  if (findings.some(({ code }) => code === 'auth-challenge-malformed')) return null;
  const found = event === 'refused' ? findingOfRefusal(progress, phase, reply) : null;
  const isWrongProtocol = wrongProtocolOfReply(state, reply.lines[0] ?? '') !== null;
  return isWrongProtocol ? found : applyExpectedReply(expectedReply(progress), phase, reply, found);
}

function findingOfRefusal({ state, secured, endpoint }: SessionProgress, phase: TimedPhase, reply: Reply): Finding {
  if (secured && wantsClientCertificate(reply)) {
    const detail = `refused with ${reply.code} at ${phase}`;
    return finding('client-certificate-wanted', { detail, reply: reply.lines.join('\n') });
  }
  return refusalFinding(state, phase, reply, endpoint.expect?.temporary);
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
 * The finding with an expected reply code: none if the code matches. A refusal keeps its failure code, because it says
 * more than a mismatch. A refusal of this vantage stays as it is, because it says nothing about the server.
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
    return finding('reply-code-mismatch', { phase, detail, reply: quoteReply(reply), outcome });
  }
  return failureOf(found.code)?.vantageFault
    ? found
    : { ...found, outcome, detail: `${found.detail}, not ${expectedCodes}` };
}

/** If only 354 is expected, any success at the end of DATA is accepted. */
function isMet({ code }: ExpectedReply, reply: Reply, found: Finding | null): boolean {
  const final = [code].flat().filter((one) => !CHALLENGES.has(one));
  return final.includes(reply.code) || (final.length === 0 && found === null);
}
