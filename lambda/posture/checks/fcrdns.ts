/** Names of addresses that are forward-confirmed: RFC 8601 2.7.3. */

import { confirmReverseName } from '../../standards/fcrdns/confirm.ts';
import type { PostureCode } from '../codes/codes.ts';
import { digCommand, noAnswer, type PostureFinding, postureFinding } from '../finding.ts';
import { type MailAddress, mailAddresses } from '../mail-hosts.ts';
import type { PostureContext } from '../posture-context.ts';

/** Single addresses only: a provider need not use all addresses of a network. */
const SMALLEST_PREFIX = 32;

export async function checkFcrdns(context: PostureContext): Promise<readonly PostureFinding[]> {
  const { addresses, failure } = await mailAddresses(context, SMALLEST_PREFIX);
  const unknown = failure === null ? [] : [noAnswer('fcrdns', context.domain, failure)];
  return [...unknown, ...(await Promise.all(addresses.map((one) => checkAddress(one, context))))];
}

async function checkAddress({ address, source }: MailAddress, { lookup }: PostureContext): Promise<PostureFinding> {
  const found = await confirmReverseName(address, lookup);
  const say = (code: PostureCode, detail: string) =>
    postureFinding(code, 'fcrdns', { subject: address, detail, command: digCommand('-x', address) });
  const given = source === 'given';
  switch (found.kind) {
    case 'failed':
      return noAnswer('fcrdns', address, found.failure);
    case 'confirmed':
      return say('fcrdns-confirmed', `${address} is ${found.name}`);
    case 'no-name':
      return say(given ? 'fcrdns-no-name' : 'fcrdns-other-address', `${address} has no PTR record`);
    case 'not-confirmed': {
      const names = found.names.join(', ');
      return say(
        given ? 'fcrdns-not-confirmed' : 'fcrdns-other-address',
        `${address} is ${names}, without this address`,
      );
    }
    default:
      return found satisfies never;
  }
}
