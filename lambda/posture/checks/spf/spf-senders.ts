/** Whether SPF passes for the addresses that send: RFC 7208 2.6. */

import { evaluateSpf, type SpfEvaluation, type SpfResult } from '../../../standards/spf/evaluate.ts';
import type { SpfRecord } from '../../../standards/spf/record.ts';
import type { PostureCode } from '../../codes/codes.ts';
import { noAnswer, type PostureFinding, postureFinding } from '../../finding.ts';
import type { PostureContext } from '../../posture-context.ts';
import { addressTerm, extendedSpfRecord } from './spf-suggestions.ts';

/** Null: nothing is known. */
const CODES: Readonly<Record<SpfResult, PostureCode | null>> = {
  pass: 'spf-sender-pass',
  fail: 'spf-sender-refused',
  softfail: 'spf-sender-doubted',
  neutral: 'spf-sender-doubted',
  none: 'spf-sender-error',
  permerror: 'spf-sender-error',
  temperror: null,
};

export async function checkSpfSenders(
  record: SpfRecord,
  { domain, lookup, senders }: PostureContext,
): Promise<readonly PostureFinding[]> {
  const asked = senders.map((ip) => evaluateSpf({ ip, domain, sender: `postmaster@${domain}`, helo: domain }, lookup));
  const evaluations = await Promise.all(asked);
  return evaluations.map((evaluation, nth) => senderFinding(senders[nth] ?? '', evaluation, record, domain));
}

function senderFinding(
  address: string,
  { result, reason, path }: SpfEvaluation,
  { terms }: SpfRecord,
  domain: string,
): PostureFinding {
  const code = CODES[result];
  if (code === null) return noAnswer('spf', address, { kind: 'failed', detail: reason });
  const repairable = code === 'spf-sender-refused' || code === 'spf-sender-doubted';
  const publish = repairable ? extendedSpfRecord(domain, terms, [addressTerm(address)]) : [];
  return postureFinding(code, 'spf', {
    subject: address,
    detail: `${address}: ${result}, by ${path.length > 0 ? path.join(', then ') : reason}`,
    publish,
  });
}
