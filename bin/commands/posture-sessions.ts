/** Holds sessions with the MX hosts, and compares them with the records of a posture. */

import { defaultEhloName } from '../../lambda/config/ehlo-name.ts';
import type { RecordLookup } from '../../lambda/dns/records/records.ts';
import type { MxAddresses } from '../../lambda/dns/special-addresses.ts';
import { checkPosture } from '../../lambda/posture/check-posture.ts';
import type { PostureArea } from '../../lambda/posture/codes/code.ts';
import type { PostureFinding } from '../../lambda/posture/finding.ts';
import { mailHosts } from '../../lambda/posture/mail-hosts.ts';
import { mailSessions } from '../../lambda/posture/mail-sessions.ts';
import type { PostureContext } from '../../lambda/posture/posture-context.ts';
import { resolverOfLookup } from '../../lambda/posture/resolver-of-lookup.ts';
import type { ServedHost } from '../../lambda/smtp/sample/served-host.ts';
import type { Screen } from '../display/layout/screen.ts';
import { endText, sessionText, waitingText } from '../display/posture/sessions.ts';

/** Where the sessions go. */
export interface SessionPlace {
  readonly port: number;
  readonly mxAddresses?: MxAddresses;
}

/** Milliseconds of a session: a server may delay its greeting for 6 s, and more (postscreen). */
const SESSION = 20_000;

/** The sessions, as soon as the MX hosts are known. */
export async function startSessions(
  domain: string,
  lookup: RecordLookup,
  place: SessionPlace,
): Promise<readonly Promise<ServedHost>[]> {
  const found = await mailHosts(domain, lookup);
  if (found.kind !== 'hosts') return [];
  const resolver = resolverOfLookup(lookup);
  return mailSessions(found.hosts, { ...place, domain, resolver, ehloName: defaultEhloName(), within: SESSION });
}

/** Areas whose records are compared with what sessions see. */
const AREAS: readonly PostureArea[] = ['fcrdns', 'mta-sts', 'dane'];

/** The findings, with those of the sessions instead of those without. */
export async function withSessions(
  context: PostureContext,
  findings: readonly PostureFinding[],
  served: readonly ServedHost[],
): Promise<readonly PostureFinding[]> {
  if (served.length === 0) return findings;
  const compared = await checkPosture({ ...context, served }, AREAS);
  return [...findings.filter(({ area }) => !AREAS.includes(area)), ...compared];
}

export interface Printer {
  readonly write: (text: string) => void;
  readonly all: boolean;
  readonly screen: Screen;
}

/** Prints what each session adds as it ends, then the outcome of all. */
export async function followSessions(
  context: PostureContext,
  before: readonly PostureFinding[],
  sessions: readonly Promise<ServedHost>[],
  { write, all, screen }: Printer,
): Promise<readonly PostureFinding[]> {
  if (sessions.length === 0) return before;
  const printed = new Set(before.map(keyOf));
  const unprinted = (findings: readonly PostureFinding[]) => findings.filter((one) => !printed.has(keyOf(one)));
  write(waitingText(sessions.length));
  const served = await Promise.all(
    sessions.map(async (session) => {
      const host = await session;
      const compared = await checkPosture({ ...context, served: [host] }, ['fcrdns', 'dane']);
      const own = unprinted(compared.filter((one) => isAbout(one, host)));
      for (const one of own) printed.add(keyOf(one));
      write(sessionText(host, own, all, screen));
      return host;
    }),
  );
  const findings = await withSessions(context, before, served);
  write(endText(context.domain, findings, unprinted(findings), all, screen));
  return findings;
}

function keyOf({ area, code, subject, detail }: PostureFinding): string {
  return [area, code, subject, detail].join('\n');
}

/** Other hosts have sessions of their own. */
function isAbout({ subject, detail }: PostureFinding, { name }: ServedHost): boolean {
  const words = `${subject} ${detail}`.split(/[^A-Za-z0-9._-]+/);
  return words.includes(name) || words.includes(`_25._tcp.${name}`);
}
