/** Former policies that senders may still hold, and what they mean for the MX hosts of today: RFC 8461 3.1, 5.1. */

import {
  type HeldPolicy,
  heldPolicies,
  isSameText,
  type PresentMail,
} from '../../../standards/mta-sts/cache-simulation.ts';
import type { PostureCode } from '../../codes/codes.ts';
import { type PostureFinding, postureFinding } from '../../finding.ts';
import type { PostureContext } from '../../posture-context.ts';
import { stsRecordName } from './read-policy.ts';

export function formerPolicyFindings(context: PostureContext, mail: PresentMail): readonly PostureFinding[] {
  const { domain, policyMemory = [], now = Date.now() } = context;
  const held = heldPolicies(policyMemory, mail, now);
  const name = stsRecordName(domain);
  return [...held.map((one) => heldFinding(name, one)), ...idFindings(name, held, mail)];
}

/** A sender delivers to the hosts that it accepts, and returns the mail if there is none. */
function heldFinding(name: string, { policy, until, holders, refused, accepted }: HeldPolicy): PostureFinding {
  const isRefusedByAll = refused.length > 0 && accepted.length === 0 && holders === 'all';
  const code: PostureCode =
    refused.length === 0
      ? 'sts-former-policy-held'
      : isRefusedByAll
        ? 'sts-former-policy-refuses'
        : 'sts-former-policy-partly-refuses';
  const who = holders === 'all' ? 'every sender that read it' : 'senders that have not read the present one';
  const end = `${new Date(until).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const what = refused.length === 0 ? '' : `, and do not deliver to ${refused.join(', ')}`;
  const detail = `the policy with id ${policy.id} (mode ${policy.mode}, mx ${policy.mx.join(', ')}): ${who} may hold it until ${end}${what}`;
  const evidence = refused.map((host) => `mx: ${host}`);
  return postureFinding(code, 'mta-sts', {
    // Each policy is a finding of its own.
    subject: `${name} id=${policy.id}`,
    detail,
    evidence: evidence.length === 0 ? [] : ['the former policy lacks:', ...evidence],
  });
}

function idFindings(
  name: string,
  held: readonly HeldPolicy[],
  { policy: present }: PresentMail,
): readonly PostureFinding[] {
  if (present === null) return [];
  const subject = name;
  const same = held.find(({ policy }) => policy.id === present.id);
  const renamed = held.find(({ policy }) => policy.id !== present.id && isSameText(policy, present));
  return [
    ...(same === undefined
      ? []
      : [
          postureFinding('sts-id-unchanged', 'mta-sts', {
            subject,
            detail: `the id is still ${present.id}; before: ${textOf(same.policy)}; now: ${textOf(present)}`,
            publish: [`${name}. IN TXT "v=STSv1; id=${nextId(present.id)}"`],
          }),
        ]),
    ...(renamed === undefined
      ? []
      : [
          postureFinding('sts-id-changed-alone', 'mta-sts', {
            subject,
            detail: `id ${renamed.policy.id} -> ${present.id}; the policy is the same`,
          }),
        ]),
  ];
}

function textOf({ mode, mx, maxAge }: HeldPolicy['policy'] | NonNullable<PresentMail['policy']>): string {
  return `mode ${mode}, mx ${mx.join(', ')}, max_age ${maxAge}`;
}

/** Another id of 1 to 32 letters and digits. Senders compare ids for equality alone. */
function nextId(id: string): string {
  const digits = /\d{1,15}$/.exec(id)?.[0] ?? '';
  const head = id.slice(0, id.length - digits.length);
  const next = String(Number(digits) + 1).padStart(digits.length, '0');
  const changed = `${head}${next}`;
  return changed.length <= 32 ? changed : changed.slice(-32);
}
