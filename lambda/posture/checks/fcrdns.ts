/** Names of addresses that are forward-confirmed (RFC 8601 2.7.3), and those that the servers say. */

import type { ServedHost } from '../../smtp/sample/served-host.ts';
import { confirmReverseName } from '../../standards/fcrdns/confirm.ts';
import { saidProblems } from '../../standards/fcrdns/said-names.ts';
import type { PostureCode } from '../codes/codes.ts';
import { digCommand, noAnswer, type PostureFinding, postureFinding, shellCommand } from '../finding.ts';
import { type MailAddress, mailAddresses } from '../mail-addresses.ts';
import { mailHosts } from '../mail-hosts.ts';
import type { PostureContext } from '../posture-context.ts';

/** Single addresses only: a provider need not use all addresses of a network. */
const SMALLEST_PREFIX = 32;

export async function checkFcrdns(context: PostureContext): Promise<readonly PostureFinding[]> {
  const { addresses, failure } = await mailAddresses(context, SMALLEST_PREFIX);
  const unknown = failure === null ? [] : [noAnswer('fcrdns', context.domain, failure)];
  // The name of a web server is no concern of mail.
  const ofMail = addresses.filter(({ source }) => source !== 'a');
  const checked = await Promise.all(ofMail.map((one) => checkAddress(one, context)));
  return [...unknown, ...checked, ...(await saidFindings(context))];
}

async function checkAddress({ address, source }: MailAddress, { lookup }: PostureContext): Promise<PostureFinding> {
  const found = await confirmReverseName(address, lookup);
  const say = (code: PostureCode, detail: string) =>
    postureFinding(code, 'fcrdns', { subject: address, detail, command: digCommand('-x', address) });
  const surelySends = source === 'given' || source === 'trip';
  switch (found.kind) {
    case 'failed':
      return noAnswer('fcrdns', address, found.failure);
    case 'confirmed':
      return say('fcrdns-confirmed', `${address} is ${found.name}`);
    case 'no-name':
      return say(surelySends ? 'fcrdns-no-name' : 'fcrdns-other-address', `${address} has no PTR record`);
    case 'not-confirmed': {
      const names = found.names.join(', ');
      return say(
        surelySends ? 'fcrdns-not-confirmed' : 'fcrdns-other-address',
        `${address} is ${names}, without this address`,
      );
    }
    default:
      return found satisfies never;
  }
}

/** What the MX hosts said in sessions. */
async function saidFindings({ domain, lookup, served }: PostureContext): Promise<readonly PostureFinding[]> {
  const found = await mailHosts(domain, lookup);
  if (found.kind !== 'hosts' || served == null) return [];
  const findings = await Promise.all(
    found.hosts.map(async ({ name, addresses }) => {
      const all = served.filter((one) => one.name === name);
      const sessions = all.filter(({ unable }) => unable === null);
      if (sessions.length === 0) return all.slice(0, 1).map(unknownNames);
      return oneOfEach((await Promise.all(sessions.map((one) => saidByHost(one, addresses, lookup)))).flat());
    }),
  );
  return findings.flat();
}

/** Several servers behind one name have one finding of each code. */
function oneOfEach(findings: readonly PostureFinding[]): readonly PostureFinding[] {
  return findings.filter(({ code }, nth) => findings.findIndex((one) => one.code === code) === nth);
}

function unknownNames({ name, unable }: ServedHost): PostureFinding {
  return postureFinding('fcrdns-not-compared', 'fcrdns', {
    subject: name,
    detail: `${name}: ${unable}`,
    command: shellCommand`nc ${name} 25`,
  });
}

/** Without the address of the session, any address of the host may be that of the server. */
async function saidByHost(
  { name, address, greeting, ehlo }: ServedHost,
  addresses: readonly string[],
  lookup: PostureContext['lookup'],
): Promise<readonly PostureFinding[]> {
  const asked = address === null ? addresses : [address];
  const answers = await Promise.all(asked.map((one) => confirmReverseName(one, lookup)));
  const confirmed = answers.flatMap((one) => (one.kind === 'confirmed' ? one.names : []));
  return saidProblems({ greeting, ehlo }, confirmed).map(({ kind, detail }) =>
    postureFinding(kind === 'greeting' ? 'fcrdns-greeting' : 'fcrdns-ehlo', 'fcrdns', {
      subject: name,
      detail: `${name}${address === null ? '' : ` [${address}]`} ${detail}`,
      command: address === null ? shellCommand`nc ${name} 25` : digCommand('-x', address),
    }),
  );
}
