/** Checks the posture of a domain: what DNS and policy hosts publish about its mail. */

import type { Outcome } from '../smtp/sample/sample.ts';
import { checkBimi } from './checks/bimi/bimi.ts';
import { checkDane } from './checks/dane/dane.ts';
import { checkDkim } from './checks/dkim/dkim.ts';
import { checkDmarc } from './checks/dmarc/dmarc.ts';
import { checkDns } from './checks/dns.ts';
import { checkDnsbl } from './checks/dnsbl/dnsbl.ts';
import { checkDnssec } from './checks/dnssec.ts';
import { checkFcrdns } from './checks/fcrdns.ts';
import { checkMtaSts } from './checks/mta-sts/mta-sts.ts';
import { checkMx } from './checks/mx.ts';
import { checkSpf } from './checks/spf/spf.ts';
import { checkTlsReports } from './checks/tls-rpt.ts';
import { POSTURE_AREAS, type PostureArea } from './codes/code.ts';
import { withCommand } from './default-command.ts';
import type { PostureFinding } from './finding.ts';
import { mailHosts } from './mail-hosts.ts';
import type { PostureContext } from './posture-context.ts';

type Check = (context: PostureContext) => Promise<readonly PostureFinding[]>;

const CHECKS: Readonly<Record<PostureArea, Check>> = {
  mx: checkMx,
  dns: checkDns,
  dnssec: checkDnssec,
  spf: checkSpf,
  dkim: checkDkim,
  dmarc: checkDmarc,
  fcrdns: checkFcrdns,
  dnsbl: checkDnsbl,
  'mta-sts': checkMtaSts,
  'tls-rpt': checkTlsReports,
  dane: checkDane,
  bimi: checkBimi,
};

/** The findings of the areas, in their order. Of a domain that does not exist, only that. */
export async function checkPosture(
  given: PostureContext,
  areas: readonly PostureArea[] = POSTURE_AREAS,
): Promise<readonly PostureFinding[]> {
  const context = { ...given, ...recentlyServed(given) };
  const found = await mailHosts(context.domain, context.lookup);
  const checks = found.kind === 'no-domain' ? [checkMx] : areas.map((area) => CHECKS[area]);
  const findings = (await Promise.all(checks.map((check) => check(context)))).flat();
  return findings.map((finding) => withCommand(finding, context.domain));
}

/** Milliseconds. A probe records what is served once an hour. What is older may have been renewed since, where nobody looks. */
const SERVED_FOR = 75 * 60_000;

function recentlyServed({ served, now = Date.now() }: PostureContext): Pick<PostureContext, 'served'> {
  return served == null ? {} : { served: served.filter(({ at }) => now - Date.parse(at) <= SERVED_FOR) };
}

/** Worst last. Nothing known about a record is less than a warning about another one. */
const ORDER: readonly Outcome[] = ['pass', 'unable', 'warn', 'fail'];

export function postureOutcome(findings: readonly PostureFinding[]): Outcome {
  return ORDER[Math.max(0, ...findings.map(({ outcome }) => ORDER.indexOf(outcome)))] ?? 'pass';
}

/** Worst first; otherwise as they were. */
export function worstFirst(findings: readonly PostureFinding[]): readonly PostureFinding[] {
  return findings.toSorted((a, b) => ORDER.indexOf(b.outcome) - ORDER.indexOf(a.outcome));
}
