/** The two files of BIMI: the logo and its certificate. */

import type { DnsFailure } from '../../../dns/dns-failure.ts';
import { routableAddresses } from '../../../dns/special-addresses.ts';
import { logoProblems } from '../../../standards/bimi/logo.ts';
import { readMarkCertificate } from '../../../standards/bimi/mark-certificate.ts';
import { type BimiRecord, httpsUrl } from '../../../standards/bimi/record.ts';
import type { PostureCode } from '../../codes/codes.ts';
import { noAnswer, type PostureFinding, postureFinding, shellCommand } from '../../finding.ts';
import { hostAddresses } from '../../mail-hosts.ts';
import type { PostureContext } from '../../posture-context.ts';
import type { FetchedUrl, FetchUrl } from '../../url-fetch.ts';

/** Days left of a certificate below which it is named. */
const FEW_DAYS = 21;
const A_DAY = 86_400_000;

/** Without a fetch of the caller, the files are not looked at. */
export async function checkBimiFiles(record: BimiRecord, context: PostureContext): Promise<readonly PostureFinding[]> {
  const { fetchUrl, domain, now = Date.now() } = context;
  if (fetchUrl === undefined) return [];
  const judge = (pem: string) => certificateProblems(pem, domain, now);
  const files = [
    ...(record.logo === null ? [] : [checkFile('bimi-logo', record.logo, logoProblems, fetchUrl, context)]),
    ...(record.certificate === null
      ? []
      : [checkFile('bimi-certificate', record.certificate, judge, fetchUrl, context)]),
  ];
  return (await Promise.all(files)).flat();
}

async function checkFile(
  code: PostureCode,
  location: string,
  problemsOf: (text: string) => readonly string[],
  fetchUrl: FetchUrl,
  { lookup }: PostureContext,
): Promise<readonly PostureFinding[]> {
  const url = httpsUrl(location);
  if (url === null) return [];
  const { addresses, failure } = await hostAddresses(url.hostname, lookup);
  if (addresses.length === 0 && failure !== null) return [noAnswer('bimi', location, failure)];
  const { routes, problem } = routableAddresses(url.hostname, addresses);
  const fetched = routes.length === 0 ? addressless(url, problem) : await fetchUrl(url, routes);
  return fileFindings(code, location, fetched, problemsOf);
}

function addressless({ hostname }: URL, problem: DnsFailure | null): FetchedUrl {
  return { kind: 'certificate', detail: problem?.detail ?? `${hostname} has no address` };
}

function fileFindings(
  code: PostureCode,
  subject: string,
  fetched: FetchedUrl,
  problemsOf: (text: string) => readonly string[],
): readonly PostureFinding[] {
  const say = (detail: string) => [
    postureFinding(code, 'bimi', { subject, detail, command: shellCommand`curl -sI ${subject}` }),
  ];
  switch (fetched.kind) {
    case 'body': {
      const problems = problemsOf(fetched.body);
      return problems.length === 0 ? [] : say(problems.join('; '));
    }
    case 'status':
      return say(`HTTP status ${fetched.status}${fetched.location === null ? '' : `, to ${fetched.location}`}`);
    case 'too-large':
      return say('the file is too large');
    case 'certificate':
      return say(fetched.detail);
    case 'unreachable':
      return [postureFinding('bimi-unreachable', 'bimi', { subject, detail: fetched.detail })];
    default:
      return fetched satisfies never;
  }
}

function certificateProblems(pem: string, domain: string, now: number): readonly string[] {
  const read = readMarkCertificate(pem, domain);
  if (read.kind === 'invalid') return [read.reason];
  const days = Math.floor((read.notAfter - now) / A_DAY);
  const date = new Date(read.notAfter).toISOString().slice(0, 10);
  return [
    ...(read.isForDomain ? [] : [`it is for ${read.names}`]),
    ...(days >= FEW_DAYS ? [] : [days < 0 ? `it expired on ${date}` : `it expires on ${date}, in ${days} days`]),
  ];
}
