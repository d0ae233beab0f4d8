/** Checks one domain, and records what was found. */
import type { PostureDomain } from '../config/posture-domain.ts';
import { isoSeconds } from '../consensus/judgement/round-name.ts';
import { ignoreOf } from '../consensus/posture/posture-policy.ts';
import type { RunDns } from '../dns/records/dns-of-run.ts';
import type { PostureRun, PostureState } from '../history/posture/record-posture.ts';
import { checkPosture } from '../posture/check-posture.ts';
import { rememberedPolicies } from '../posture/checks/mta-sts/read-policy.ts';
import { POSTURE_AREAS, type PostureArea } from '../posture/codes/code.ts';
import type { PostureFinding } from '../posture/finding.ts';
import { fetchOnce } from '../posture/policy-fetch.ts';
import type { PostureContext } from '../posture/posture-context.ts';
import type { ServedHost } from '../smtp/sample/served-host.ts';
import type { ListKeys } from '../standards/dnsbl/list-keys.ts';
import { domainDns } from './domain-dns.ts';
import type { DueDomain, RunScope } from './domain-order.ts';
import { listsNotAsked, listsOfRun } from './lists-of-run.ts';
import type { PosturePorts } from './posture-ports.ts';
import type { CheckedDomain } from './run-report.ts';
import type { ShownByTrips } from './shown-by-trips.ts';

/** What the domains of a run share. */
export interface RunParts {
  readonly ports: PosturePorts;
  /** Epoch milliseconds of the time when the run was due. */
  readonly scheduled: number;
  /** Whether a run of the same quarter of an hour has looked at every domain that it knew. */
  readonly isRepeated: boolean;
  readonly keys: ListKeys;
  readonly dns: RunDns;
  /** What sessions saw of mail hosts; read once, if a domain is checked as a whole. */
  served(): Promise<readonly ServedHost[] | null>;
  /** What its round trips have lately shown. */
  shown(written: PostureDomain): Promise<ShownByTrips>;
}

const AREAS: Readonly<Record<RunScope, readonly PostureArea[]>> = { all: POSTURE_AREAS, lists: ['dnsbl'] };

/** Never rejects: one domain does not keep the others from being checked. */
export async function checkDomain(run: RunParts, due: DueDomain): Promise<CheckedDomain> {
  const { domain } = due.domain;
  try {
    const before = await run.ports.history.latestPosture(domain, run.ports.vantage);
    if (run.isRepeated && before !== null) return { kind: 'known', domain };
    // A domain that was never looked at does not wait for the full hour.
    return await checkAndRecord(run, before === null ? { ...due, scope: 'all' } : due, before);
  } catch (error) {
    return { kind: 'failed', domain, why: (error instanceof Error ? error.message : String(error)).slice(0, 300) };
  }
}

async function checkAndRecord(
  run: RunParts,
  { domain: written, scope }: DueDomain,
  before: PostureState | null,
): Promise<CheckedDomain> {
  const { ports } = run;
  const began = isoSeconds(ports.now());
  const areas = AREAS[scope];
  const served = scope === 'all' ? await run.served() : null;
  const policyMemory = before?.policies ?? [];
  const shown = await run.shown(written);
  const context = { ...contextOf(run, written, shown), served, policyMemory };
  const findings = await checkPosture(context, areas);
  // The judge reports none of those that the config ignores; all of them are stored.
  const told = findings.filter((one) => ignoreOf(one, written.ignore, ports.now()) === null);
  const posture: PostureRun = {
    domain: written.domain,
    vantage: ports.vantage,
    began,
    ended: isoSeconds(ports.now()),
    areas,
    findings,
    notAsked: listsNotAsked(run.scheduled, written.lists, run.keys),
    ...(areas.includes('mta-sts') ? { policies: await rememberedPolicies(context, began) } : {}),
  };
  const recorded = await ports.history.recordPostureRun(posture, before);
  const count = (wanted: PostureFinding['outcome']) => told.filter((one) => one.outcome === wanted).length;
  return {
    kind: 'checked',
    domain: written.domain,
    scope,
    isWritten: recorded.outcome === 'written',
    at: recorded.at,
    fail: count('fail'),
    warn: count('warn'),
    unable: count('unable'),
    ignored: findings.length - told.length,
    areas,
    failing: told.flatMap(({ outcome, area, code, subject, detail }) =>
      outcome === 'fail' ? [{ area, code, subject, detail }] : [],
    ),
    open: [...new Set(findings.flatMap((one) => (one.outcome === 'unable' ? [one.area] : [])))],
  };
}

function contextOf(
  { ports, scheduled, keys, dns }: RunParts,
  written: PostureDomain,
  shown: ShownByTrips,
): PostureContext {
  const { domain, selectors, senders, lists } = written;
  return {
    domain,
    selectors: [...new Set([...selectors, ...shown.selectors])],
    senders,
    tripAddresses: shown.addresses,
    ...domainDns(dns),
    lists: listsOfRun(scheduled, lists),
    listKeys: keys,
    webHosts: written.hosts,
    fetchCertificate: ports.fetchCertificate,
    // One fetch serves the check and the memory.
    fetchPolicy: fetchOnce(ports.fetchPolicy),
    fetchUrl: ports.fetchUrl,
    now: ports.now(),
  };
}
