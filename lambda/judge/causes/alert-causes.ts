/** Adds to the alerts of a pass what their targets may share with others. */
import { isIP } from 'node:net';
import { providerOf } from '../../bounces/providers.ts';
import type { Target } from '../../config/config.ts';
import type { JudgementPass, ObservationsByTarget } from '../../consensus/judge-all.ts';
import { causeOf } from '../../consensus/judgement/cause.ts';
import type { Alert, AlertKind } from '../../consensus/judgement/incident.ts';
import type { Judgement } from '../../consensus/judgement/judgement-state.ts';
import { hasPassed, type Observation } from '../../consensus/judgement/observation.ts';
import { addressNetwork } from './network.ts';

/** Alerts about a target that is out of order, or no longer is. */
const KINDS_WITH_CAUSES: ReadonlySet<AlertKind> = new Set([
  'down',
  'degraded',
  'unknown',
  'update',
  'flapping',
  'recovered',
]);

/** Values of each kind of cause. A domain may have many hosts, and a target many vantages. */
const MOST_OF_A_KIND = 8;

export type WatchedTarget = Pick<Target, 'id' | 'host' | 'domain'>;

/** The pass, in which each alert that it adds has its causes. The same pass if it adds none. */
export function withCauses<Stored extends Judgement>(
  pass: JudgementPass<Stored>,
  targets: ReadonlyMap<string, WatchedTarget>,
  observations: ObservationsByTarget,
): JudgementPass<Stored> {
  const { previous, next } = pass;
  const target = targets.get(next.target);
  const before = new Set(previous?.owed.map(({ id }) => id));
  const isNew = ({ id, kind }: Alert) => KINDS_WITH_CAUSES.has(kind) && !before.has(id);
  if (target === undefined || !next.owed.some(isNew)) return pass;
  const own = [...(observations.get(target.id)?.values() ?? [])].flat();
  const place = placeCauses(target, next, own);
  const owed = next.owed.map((alert) =>
    isNew(alert) ? { ...alert, causes: [...place, ...codeCauses(alert)] } : alert,
  );
  return { previous, next: { ...next, owed } };
}

/** What is known of where the mail goes: hosts, addresses, certificates, provider. */
function placeCauses(target: WatchedTarget, { memory }: Judgement, observations: readonly Observation[]): string[] {
  const facts = Object.values(memory?.facts ?? {}).flatMap((known) => Object.entries(known));
  const hosts = bounded(target.host == null ? facts.map(([name]) => hostOfFact(name)) : [target.host.toLowerCase()]);
  const names = hosts.filter((host) => isIP(host) === 0);
  const addresses = bounded([...hosts.filter((host) => isIP(host) !== 0), ...addressesOf(observations)]);
  const certificates = facts.flatMap(([name, value]) =>
    /(^| )leaf$/.test(name) ? [value.split(' ', 1)[0] ?? ''] : [],
  );
  return [
    ...names.map((host) => causeOf('host', host)),
    ...addresses.map((address) => causeOf('address', address)),
    ...bounded(certificates).map((certificate) => causeOf('certificate', certificate)),
    ...bounded(addresses.map(addressNetwork)).map((network) => causeOf('network', network)),
    ...bounded(names.map(providerOf)).map((provider) => causeOf('provider', provider)),
  ];
}

/** `mx1.example.com` of `mx1.example.com starttls`: only facts of a domain name a host. */
function hostOfFact(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf(' '))).toLowerCase();
}

/** Where it failed; if that is not known, where it was reached before. */
function addressesOf(observations: readonly Observation[]): readonly string[] {
  const failed = observations.filter((observation) => !hasPassed(observation));
  const known = (of: readonly Observation[]) => of.flatMap(({ address }) => (address == null ? [] : [address]));
  return known(failed).length > 0 ? known(failed) : known(observations);
}

function codeCauses({ incident }: Alert): readonly string[] {
  const seen = (incident?.witnesses ?? []).flatMap(({ code, vantage }) =>
    code === null ? [] : [`${code}@${vantage}`],
  );
  return bounded(seen).map((code) => causeOf('code', code));
}

function bounded(values: readonly (string | null)[]): readonly string[] {
  return [...new Set(values)].filter((value) => value !== null && value !== '').slice(0, MOST_OF_A_KIND) as string[];
}
