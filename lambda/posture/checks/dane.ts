/** TLSA records of the MX hosts: RFC 7672. Whether they fit the certificate that is served is not checked here. */

import { judgeTlsa, tlsaName } from '../../standards/dane/tlsa.ts';
import { digCommand, noAnswer, type PostureFinding, postureFinding } from '../finding.ts';
import { mailHosts } from '../mail-hosts.ts';
import type { PostureContext } from '../posture-context.ts';

export async function checkDane(context: PostureContext): Promise<readonly PostureFinding[]> {
  const found = await mailHosts(context.domain, context.lookup);
  if (found.kind === 'failed') return [noAnswer('dane', context.domain, found.failure)];
  const hosts = found.kind === 'hosts' ? found.hosts : [];
  return (await Promise.all(hosts.map(({ name }) => checkHost(name, context)))).flat();
}

async function checkHost(host: string, { lookup }: PostureContext): Promise<readonly PostureFinding[]> {
  const name = tlsaName(host);
  const answer = await lookup('TLSA', name);
  if (answer.kind === 'failed') return [noAnswer('dane', name, answer.failure)];
  const given = { subject: name, command: digCommand('TLSA', name) };
  if (answer.kind === 'none')
    return [postureFinding('dane-absent', 'dane', { ...given, detail: `${name} has no record` })];
  const judged = answer.values.map(judgeTlsa);
  const wrong = judged.flatMap(({ text, unusable }) => {
    if (unusable === null) return [];
    const code = unusable.kind === 'usage' ? 'dane-unusable' : 'dane-syntax';
    return [postureFinding(code, 'dane', { ...given, detail: `${text}: ${unusable.reason}` })];
  });
  const texts = judged.map(({ text }) => text).join(', ');
  const signed = answer.authenticated === true;
  // Without the AD bit the zone may be unsigned, or the resolver does not validate; the answer does not show which.
  const dnssec = signed ? 'DNSSEC: the resolver validated them' : 'DNSSEC: not known, the resolver does not say';
  return wrong.length > 0 ? wrong : [postureFinding('dane-valid', 'dane', { ...given, detail: `${texts}; ${dnssec}` })];
}
