/** Why a validating resolver has no answer for a zone: RFC 4035 5.5. */

import type { DnsFailure } from '../../dns/dns-failure.ts';
import type { AskValidator } from '../../dns/records/dns-of-run.ts';
import type { PostureCode } from '../codes/codes.ts';
import { noAnswer, type PostureFinding, postureFinding, shellCommand } from '../finding.ts';
import { dsIn, dsRecords, fitsKey, keysIn, keyTags, lifeLeft, type SignatureLife, shortestLife } from './signatures.ts';

interface Cause {
  readonly code: PostureCode;
  readonly detail: string;
  readonly publish?: readonly string[];
}

export interface Validation {
  readonly ask: AskValidator;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** @param failure of the question with validation */
export async function brokenZone(
  zone: string,
  failure: DnsFailure,
  validation: Validation,
): Promise<readonly PostureFinding[]> {
  const soa = await validation.ask('SOA', zone, true);
  // Without validation there is no answer either: it is not DNSSEC.
  if (soa.kind === 'failed') return [noAnswer('dnssec', zone, failure)];
  // The first failure may have been that of a server of the zone, and not of its signatures.
  const again = await validation.ask('SOA', zone, false);
  if (again.kind === 'answer' || again.failure.kind !== 'servfail') return [noAnswer('dnssec', zone, failure)];
  const { code, ...given } = await causeOf(zone, validation);
  return [postureFinding(code, 'dnssec', { subject: zone, ...given, command: shellCommand`delv SOA ${zone}` })];
}

async function causeOf(zone: string, { ask, now }: Validation): Promise<Cause> {
  const answers = await Promise.all([ask('DS', zone, true), ask('DNSKEY', zone, true), ask('SOA', zone, true)]);
  const [ds, keys, soa] = answers.map((answer) => (answer.kind === 'answer' ? answer.message : null));
  const [delegations, own] = [ds ? dsIn(ds) : [], keys ? keysIn(keys) : []];
  const tags = delegations.map(({ keyTag, algorithm }) => `${keyTag} (algorithm ${algorithm})`).join(', ');
  if (delegations.length > 0 && keys && own.length === 0) {
    return { code: 'dnssec-ds-without-key', detail: `the parent has DS ${tags}; ${zone} has no DNSKEY record` };
  }
  if (delegations.length > 0 && keys && !delegations.some((one) => fitsKey(one, zone, own))) {
    const detail = `the parent has DS ${tags}; ${zone} has ${keyTags(own)}`;
    return { code: 'dnssec-ds-without-key', detail, publish: dsRecords(zone, own) };
  }
  const life = shortestLife([keys, soa].flatMap((message) => message ?? []));
  if (life !== null && lifeLeft(life, now) === 'none') {
    const ended = new Date(life.until).toISOString().slice(0, 16).replace('T', ' ');
    return { code: 'dnssec-expired', detail: `signatures of ${zone} ended at ${ended} UTC` };
  }
  return {
    code: 'dnssec-bogus',
    detail: `${zone}: SERVFAIL with validation, an answer without it${reasonOf(life, now)}`,
  };
}

function reasonOf(life: SignatureLife | null, now: number): string {
  if (life === null) return '; the records have no signature';
  return life.from > now ? `; signatures begin at ${new Date(life.from).toISOString()}` : '';
}
