/** MTA-STS: RFC 8461. */

import { matchesStsPattern, parseStsPolicy, type StsPolicy } from '../../../standards/mta-sts/policy.ts';
import { isMisspeltStsRecord } from '../../../standards/mta-sts/record.ts';
import { txtRecord } from '../../../standards/zone-file.ts';
import type { PostureCode } from '../../codes/codes.ts';
import { digCommand, noAnswer, type PostureFinding, postureFinding, shellCommand } from '../../finding.ts';
import { type MailHosts, mailHosts } from '../../mail-hosts.ts';
import { type FetchedPolicy, policyUrl } from '../../policy-fetch.ts';
import type { PostureContext } from '../../posture-context.ts';
import { formerPolicyFindings } from './former-policies.ts';
import { presentHosts } from './mx-certificates.ts';
import { type ReadPolicy, readStsPolicy, stsRecordName, usedPolicy } from './read-policy.ts';
import { checkWebCertificates } from './web-certificates.ts';

const A_DAY = 86_400;

export async function checkMtaSts(context: PostureContext): Promise<readonly PostureFinding[]> {
  const [read, found, web] = await Promise.all([
    readStsPolicy(context),
    mailHosts(context.domain, context.lookup),
    checkWebCertificates(context),
  ]);
  const present = usedPolicy(read);
  const hosts = presentHosts(found, context.served);
  // Without the MX hosts, or without knowing what senders read, nothing follows from former policies.
  const former =
    present === undefined || found.kind !== 'hosts' ? [] : formerPolicyFindings(context, { policy: present, hosts });
  return [...judgeRead(read, found, context), ...former, ...web];
}

function judgeRead(read: ReadPolicy, found: MailHosts, context: PostureContext): readonly PostureFinding[] {
  const { domain } = context;
  const name = stsRecordName(domain);
  const say = sayOf(name, digCommand('TXT', name));
  const sayOfHost = sayOf(`mta-sts.${domain}`, shellCommand`curl -sS ${policyUrl(domain)}`);
  switch (read.kind) {
    case 'failed':
      return [noAnswer('mta-sts', read.name, read.failure)];
    case 'no-record':
      return noRecord(read.texts, name, found, context);
    case 'several':
      return [say('sts-several', read.texts.join(' | '))];
    case 'syntax':
      return [say('sts-syntax', `column ${read.problem.column}: ${read.problem.reason}`)];
    case 'no-host':
      return [sayOfHost('sts-host-missing', read.detail)];
    case 'fetched':
      return checkFetched(read.fetched, found, context, sayOfHost);
    default:
      return read satisfies never;
  }
}

type Say = (
  code: PostureCode,
  detail: string,
  publish?: readonly string[],
  evidence?: readonly string[],
  /** Instead of the host of the policy: each MX host and each pattern is a finding of its own. */
  subject?: string,
) => PostureFinding;

function sayOf(host: string, command: string): Say {
  return (code, detail, publish = [], evidence = [], subject = host) =>
    postureFinding(code, 'mta-sts', { subject, detail, publish, command, evidence });
}

function noRecord(texts: readonly string[], name: string, hosts: MailHosts, { domain }: PostureContext) {
  const say = sayOf(name, digCommand('TXT', name));
  if (hosts.kind === 'failed') return [noAnswer('mta-sts', name, hosts.failure)];
  if (hosts.kind !== 'hosts') return [];
  const publish = [txtRecord(name, 'v=STSv1; id=1')];
  const misspelt = texts.find(isMisspeltStsRecord);
  if (misspelt !== undefined) return [say('sts-misspelt', misspelt, publish)];
  const policy = [`the policy at ${policyUrl(domain)}:`, ...policyLines(hosts)];
  return [say('sts-absent', `${name} has no MTA-STS record`, publish, policy)];
}

/** A policy that fits the MX hosts. */
function policyLines(found: MailHosts): readonly string[] {
  const hosts = found.kind === 'hosts' ? found.hosts : [];
  return ['version: STSv1', 'mode: testing', ...hosts.map(({ name }) => `mx: ${name}`), 'max_age: 604800'];
}

function checkFetched(fetched: FetchedPolicy, found: MailHosts, context: PostureContext, say: Say) {
  switch (fetched.kind) {
    case 'unreachable':
      return [say('sts-policy-unreachable', fetched.detail)];
    case 'certificate':
      return [say('sts-certificate', fetched.detail)];
    case 'too-large':
      return [say('sts-policy-size', 'more than 65,536 octets')];
    case 'status': {
      const to = fetched.location === null ? '' : `, to ${fetched.location}`;
      return [say('sts-policy-missing', `HTTP status ${fetched.status}${to}`)];
    }
    case 'policy': {
      const type = /^text\/plain\s*(?:;|$)/i.test(fetched.contentType)
        ? []
        : [say('sts-policy-type', `content type '${fetched.contentType}'`)];
      return [...type, ...expiryFindings(fetched, context, say), ...checkPolicy(fetched.body, found, context, say)];
    }
    default:
      return fetched satisfies never;
  }
}

/** A certificate of 90 days is renewed with 30 left. */
const SOON = 14;

function expiryFindings(
  { validTo = null }: FetchedPolicy & { readonly kind: 'policy' },
  { now = Date.now() }: PostureContext,
  say: Say,
): readonly PostureFinding[] {
  const days = validTo === null ? SOON : Math.floor((Date.parse(validTo) - now) / (A_DAY * 1000));
  return days < SOON ? [say('sts-certificate-expiring', `${days} days left, until ${validTo}`)] : [];
}

function checkPolicy(body: string, found: MailHosts, { served }: PostureContext, say: Say) {
  const policy = parseStsPolicy(body);
  if (policy.problems.length > 0) {
    return [say('sts-policy-syntax', policy.problems.join('; '), [], ['a policy that fits:', ...policyLines(found)])];
  }
  const findings = [
    ...matchHosts(policy, found, say),
    ...certificateFindings(policy, found, served, say),
    ...modeFindings(policy, say),
  ];
  return findings.length > 0 ? findings : [say('sts-enforced', `mode enforce, max_age ${policy.maxAge} s`)];
}

/** 4.2: hosts of the policy whose certificate senders do not accept. */
function certificateFindings(
  { mode, mx }: StsPolicy,
  found: MailHosts,
  served: PostureContext['served'],
  say: Say,
): readonly PostureFinding[] {
  if (mode === 'none') return [];
  const code = mode === 'enforce' ? 'sts-mx-certificate' : 'sts-tested-mx-certificate';
  const hosts = presentHosts(found, served).filter(
    ({ name, hasCertificate }) => hasCertificate === false && mx.some((pattern) => matchesStsPattern(name, pattern)),
  );
  return hosts.map(({ name }) =>
    say(code, `${name} has no certificate of a public authority with its name`, [], [], name),
  );
}

/** Both ways: each MX host has a pattern, and each pattern an MX host. */
function matchHosts({ mode, mx }: StsPolicy, found: MailHosts, say: Say): readonly PostureFinding[] {
  if (found.kind === 'failed') return [noAnswer('mta-sts', 'MX', found.failure)];
  if (found.kind !== 'hosts' || mode === 'none') return [];
  const names = found.hosts.map(({ name }) => name);
  const code = mode === 'enforce' ? 'sts-mx-not-in-policy' : 'sts-mx-not-in-tested-policy';
  const unmatched = names.filter((name) => !mx.some((pattern) => matchesStsPattern(name, pattern)));
  const unused = mx.filter((pattern) => !names.some((name) => matchesStsPattern(name, pattern)));
  return [
    ...unmatched.map((name) =>
      say(code, `${name} is not in the policy (${mx.join(', ')})`, [], ['add:', `mx: ${name}`], name),
    ),
    ...(found.total > names.length
      ? []
      : unused.map((pattern) => say('sts-pattern-unused', `mx: ${pattern} matches no MX host`, [], [], pattern))),
  ];
}

function modeFindings({ mode, maxAge }: StsPolicy, say: Say): readonly PostureFinding[] {
  const short = maxAge !== null && maxAge < A_DAY && mode !== 'none';
  return [
    ...(mode === 'testing' ? [say('sts-testing', 'mode: testing')] : []),
    ...(mode === 'none' ? [say('sts-none', 'mode: none')] : []),
    ...(short ? [say('sts-short-max-age', `max_age: ${maxAge}`)] : []),
  ];
}
