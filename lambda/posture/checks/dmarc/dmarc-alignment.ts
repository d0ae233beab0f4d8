/** Whether mail of the domain can pass DMARC with the DKIM keys and the SPF record that are there: RFC 9989 4.4. */

import { valuesOf } from '../../../dns/records/records.ts';
import type { DmarcDiscovery } from '../../../standards/dmarc/discovery.ts';
import { type AuthenticatedDomain, evaluateDmarc } from '../../../standards/dmarc/evaluate.ts';
import { evaluateSpf, isModifier } from '../../../standards/spf/evaluate.ts';
import { effectiveTerms } from '../../../standards/spf/lookup-tree.ts';
import { isSpfRecord, parseSpfRecord } from '../../../standards/spf/record.ts';
import type { PostureCode } from '../../codes/codes.ts';
import { type PostureFinding, postureFinding } from '../../finding.ts';
import type { PostureContext } from '../../posture-context.ts';
import { signingKeys } from '../dkim/selectors.ts';

type Found = Extract<DmarcDiscovery, { kind: 'found' }>;

/** `nobody`: the record says that the domain sends no mail. */
type SpfState = AuthenticatedDomain['result'] | 'nobody';

/** Evaluates a message that has all signatures that its keys allow. Of a policy that is not enforced, mail is delivered anyway. */
export async function checkAlignment(found: Found, context: PostureContext): Promise<readonly PostureFinding[]> {
  const { domain, lookup } = context;
  const [dkim, spf] = await Promise.all([signatures(found, context), spfState(context)]);
  if (spf === 'nobody') return [];
  const question = { from: domain, dkim, spf: { domain, result: spf } };
  const { result, policy, aligned } = await evaluateDmarc(question, lookup);
  if (policy === 'none') return [];
  const without = `${policy}: ${domain} has no DKIM key that signatures can be verified with`;
  const say = (code: PostureCode, detail: string) => [postureFinding(code, 'dmarc', { subject: domain, detail })];
  if (result === 'fail') return say('dmarc-not-aligned', `${without}, and SPF does not pass`);
  const unsigned = aligned.dkim.length === 0 && dkim.every((one) => one.result === 'fail');
  return result === 'pass' && unsigned ? say('dmarc-spf-only', without) : [];
}

const RESULTS = { usable: 'pass', none: 'fail', unknown: 'temperror' } as const;

/** With relaxed alignment, a signature of the organizational domain is aligned, too: it is asked for a key if the domain has none. */
async function signatures(
  { published, organizational }: Found,
  { domain, selectors, lookup }: PostureContext,
): Promise<readonly AuthenticatedDomain[]> {
  const signer = async (one: string) => {
    const { kind } = await signingKeys(one, selectors, lookup);
    return { domain: one, result: RESULTS[kind] };
  };
  const own = await signer(domain);
  const other = published.record.dkimAlignment === 'r' && organizational !== domain;
  return own.result === 'fail' && other ? [own, await signer(organizational)] : [own];
}

async function spfState({ domain, lookup, senders }: PostureContext): Promise<SpfState> {
  const answer = await lookup('TXT', domain);
  if (answer.kind === 'failed') return 'temperror';
  const [text, ...others] = valuesOf(answer).filter(isSpfRecord);
  if (text === undefined || others.length > 0) return 'fail';
  const record = parseSpfRecord(text);
  if (record.errors.length > 0) return 'fail';
  const allowing = effectiveTerms(record).filter((term) =>
    isModifier(term) ? term.kind === 'redirect' : term.qualifier === '+',
  );
  if (allowing.length === 0) return 'nobody';
  if (senders.length === 0) return 'pass';
  const question = { domain, sender: `postmaster@${domain}`, helo: domain };
  const evaluations = await Promise.all(senders.map((ip) => evaluateSpf({ ...question, ip }, lookup)));
  if (evaluations.some(({ result }) => result === 'pass')) return 'pass';
  return evaluations.some(({ result }) => result === 'temperror') ? 'temperror' : 'fail';
}
