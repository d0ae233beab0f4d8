/** Whether mail of the domain can pass DMARC with the DKIM keys and the SPF record that are there: RFC 9989 4.4. */

import { valuesOf } from '../../../dns/records/records.ts';
import type { DmarcDiscovery } from '../../../standards/dmarc/discovery.ts';
import { evaluateSpf, isModifier } from '../../../standards/spf/evaluate.ts';
import { effectiveTerms } from '../../../standards/spf/lookup-tree.ts';
import { isSpfRecord, parseSpfRecord } from '../../../standards/spf/record.ts';
import { type PostureFinding, postureFinding } from '../../finding.ts';
import type { PostureContext } from '../../posture-context.ts';
import { type SigningKeys, signingKeys } from '../dkim/selectors.ts';

type Found = Extract<DmarcDiscovery, { kind: 'found' }>;

/** `nobody`: the record says that the domain sends no mail. */
type SpfState = 'passes' | 'none' | 'nobody' | 'unknown';

/** Only of a policy that is enforced: otherwise mail that does not pass is delivered. */
export async function checkAlignment(found: Found, context: PostureContext): Promise<readonly PostureFinding[]> {
  const { published } = found;
  const { domain } = context;
  const policy = published.domain === domain ? published.record.policy : published.record.subdomains;
  if (policy === 'none') return [];
  const [dkim, spf] = await Promise.all([dkimState(found, context), spfState(context)]);
  if (dkim !== 'none' || spf === 'nobody' || spf === 'unknown') return [];
  const code = spf === 'passes' ? 'dmarc-spf-only' : 'dmarc-not-aligned';
  const detail = `${policy}: ${domain} has no DKIM key that signatures can be verified with${spf === 'none' ? ', and SPF does not pass' : ''}`;
  return [postureFinding(code, 'dmarc', { subject: domain, detail })];
}

/** With relaxed alignment, a signature of the organizational domain is aligned, too. */
async function dkimState({ published, organizational }: Found, context: PostureContext): Promise<SigningKeys['kind']> {
  const { domain, selectors, lookup } = context;
  const own = await signingKeys(domain, selectors, lookup);
  const other = published.record.dkimAlignment === 'r' && organizational !== domain;
  if (own.kind !== 'none' || !other) return own.kind;
  return (await signingKeys(organizational, selectors, lookup)).kind;
}

async function spfState({ domain, lookup, senders }: PostureContext): Promise<SpfState> {
  const answer = await lookup('TXT', domain);
  if (answer.kind === 'failed') return 'unknown';
  const [text, ...others] = valuesOf(answer).filter(isSpfRecord);
  if (text === undefined || others.length > 0) return 'none';
  const record = parseSpfRecord(text);
  if (record.errors.length > 0) return 'none';
  const allowing = effectiveTerms(record).filter((term) =>
    isModifier(term) ? term.kind === 'redirect' : term.qualifier === '+',
  );
  if (allowing.length === 0) return 'nobody';
  if (senders.length === 0) return 'passes';
  const question = { domain, sender: `postmaster@${domain}`, helo: domain };
  const evaluations = await Promise.all(senders.map((ip) => evaluateSpf({ ...question, ip }, lookup)));
  if (evaluations.some(({ result }) => result === 'pass')) return 'passes';
  return evaluations.some(({ result }) => result === 'temperror') ? 'unknown' : 'none';
}
