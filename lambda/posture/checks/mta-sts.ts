/** MTA-STS: RFC 8461. */

import { valuesOf } from '../../dns/records/records.ts';
import { routableAddresses } from '../../dns/special-addresses.ts';
import { matchesStsPattern, parseStsPolicy, type StsPolicy } from '../../standards/mta-sts/policy.ts';
import { isMisspeltStsRecord, isStsRecord, parseStsRecord } from '../../standards/mta-sts/record.ts';
import { txtRecord } from '../../standards/zone-file.ts';
import type { PostureCode } from '../codes/codes.ts';
import { digCommand, noAnswer, type PostureFinding, postureFinding } from '../finding.ts';
import { hostAddresses, type MailHosts, mailHosts } from '../mail-hosts.ts';
import { type FetchedPolicy, policyUrl } from '../policy-fetch.ts';
import type { PostureContext } from '../posture-context.ts';

const A_DAY = 86_400;

export async function checkMtaSts(context: PostureContext): Promise<readonly PostureFinding[]> {
  const { domain, lookup } = context;
  const name = `_mta-sts.${domain}`;
  const answer = await lookup('TXT', name);
  if (answer.kind === 'failed') return [noAnswer('mta-sts', name, answer.failure)];
  const records = valuesOf(answer).filter(isStsRecord);
  const [text] = records;
  const say = sayOf(name, digCommand('TXT', name));
  if (text === undefined) return noRecord(valuesOf(answer), name, context);
  if (records.length > 1) return [say('sts-several', records.join(' | '))];
  const [problem] = parseStsRecord(text).problems;
  if (problem !== undefined) return [say('sts-syntax', `column ${problem.column}: ${problem.reason}`)];
  return checkPolicyHost(context);
}

type Say = (
  code: PostureCode,
  detail: string,
  publish?: readonly string[],
  evidence?: readonly string[],
) => PostureFinding;

function sayOf(subject: string, command: string): Say {
  return (code, detail, publish = [], evidence = []) =>
    postureFinding(code, 'mta-sts', { subject, detail, publish, command, evidence });
}

async function noRecord(texts: readonly string[], name: string, { domain, lookup }: PostureContext) {
  const say = sayOf(name, digCommand('TXT', name));
  const hosts = await mailHosts(domain, lookup);
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

async function checkPolicyHost(context: PostureContext): Promise<readonly PostureFinding[]> {
  const { domain, lookup, fetchPolicy } = context;
  const host = `mta-sts.${domain}`;
  const { addresses, failure } = await hostAddresses(host, lookup);
  const { routes, problem } = routableAddresses(host, addresses, 'public');
  const say = sayOf(host, `curl -sS ${policyUrl(domain)}`);
  if (routes.length > 0) return checkFetched(await fetchPolicy(host, routes), context, say);
  if (problem !== null) return [say('sts-host-missing', problem.detail)];
  return failure === null
    ? [say('sts-host-missing', `${host} has no A or AAAA record`)]
    : [noAnswer('mta-sts', host, failure)];
}

async function checkFetched(fetched: FetchedPolicy, context: PostureContext, say: Say) {
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
      return [...type, ...(await checkPolicy(fetched.body, context, say))];
    }
    default:
      return fetched satisfies never;
  }
}

async function checkPolicy(body: string, { domain, lookup }: PostureContext, say: Say) {
  const policy = parseStsPolicy(body);
  const found = await mailHosts(domain, lookup);
  if (policy.problems.length > 0) {
    return [say('sts-policy-syntax', policy.problems.join('; '), [], ['a policy that fits:', ...policyLines(found)])];
  }
  const findings = [...matchHosts(policy, found, say), ...modeFindings(policy, say)];
  return findings.length > 0 ? findings : [say('sts-enforced', `mode enforce, max_age ${policy.maxAge} s`)];
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
      say(code, `${name} is not in the policy (${mx.join(', ')})`, [], ['add:', `mx: ${name}`]),
    ),
    ...(found.total > names.length ? [] : unused.map((pattern) => say('sts-pattern-unused', `mx: ${pattern}`))),
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
