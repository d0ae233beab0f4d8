import { performance } from 'node:perf_hooks';
import { finding } from './failures.ts';
import { type HostTarget, probeHost } from './host.ts';
import { LIMITS, type Limits } from './limits.ts';
import { judgeExchangerName, type MailExchanger, type MailExchangers, mailExchangersOf } from './mail-exchangers.ts';
import type { ProbeOptions } from './probe.ts';
import { type NameResolver, resolvedWithin, systemResolver } from './resolution.ts';
import type { Finding, Part, Sample } from './sample.ts';
import { accepts, byWorst, findingsOf, merge, telling, unreachedSample } from './sampling.ts';
import { shortened } from './transcript.ts';

export type DomainTarget = Omit<HostTarget, 'host'> & { readonly domain: string };

/** Probes every MX host of the domain at once, within one deadline. */
export async function probeDomain(target: DomainTarget, options: ProbeOptions): Promise<Sample> {
  const { now = () => performance.now(), resolver = systemResolver(), signal } = options;
  const limits = { ...LIMITS, ...options.limits };
  const deadline = target.timeout ?? limits.deadline;
  const started = now();
  const found = await resolvedWithin(
    mailExchangersOf(target.domain, resolver, limits),
    target.domain,
    Math.min(limits.dns, deadline),
    signal,
  );
  const dns = now() - started;
  if ('finding' in found) return unreachedSample([found.finding], dns);
  const timeout = Math.max(deadline - dns, 1);
  const [parts, names] = await Promise.all([
    Promise.all(found.hosts.map((exchanger) => probeExchanger({ ...target, timeout }, exchanger, options))),
    Promise.all(
      found.hosts.map(({ host }) =>
        judgeName(host, resolver, { ...limits, dns: Math.min(limits.dns, timeout) }, signal),
      ),
    ),
  ]);
  return judgeDomain(target.domain, found, parts, names.flat(), dns);
}

interface ExchangerPart extends Part {
  readonly preference: number;
}

async function probeExchanger(
  target: DomainTarget,
  { host, preference }: MailExchanger,
  options: ProbeOptions,
): Promise<ExchangerPart> {
  return { name: host, preference, sample: await probeHost({ ...target, host }, options) };
}

async function judgeName(
  host: string,
  resolver: NameResolver,
  limits: Limits,
  signal?: AbortSignal,
): Promise<readonly Finding[]> {
  const found = await resolvedWithin(judgeExchangerName(host, resolver, limits), host, limits.dns, signal);
  // A resolver too slow for this question has nothing to say about aliases.
  return found === null || 'finding' in found ? [] : [found];
}

function judgeDomain(
  domain: string,
  { hosts, implicit, findings }: MailExchangers,
  parts: readonly ExchangerPart[],
  names: readonly Finding[],
  dns: number,
): Sample {
  const told = telling(parts);
  const speaker = told.find(accepts) ?? told.toSorted(byWorst)[0];
  if (speaker === undefined) throw new TypeError('a domain without a host');
  const sample = merge(parts.map(plain), speaker, [...findings, ...names, ...judgeHosts(told)]);
  const list = hosts.map(({ host, preference }) => (implicit ? host : `${preference} ${host}`)).join(', ');
  const how = implicit ? 'has no MX record, so its host is' : 'has MX';
  return {
    ...sample,
    timings: { ...sample.timings, dns: dns + (sample.timings.dns ?? 0) },
    total: dns + sample.total,
    transcript: [shortened(`* ${domain} ${how} ${list}`, LIMITS.keptCharacters), ...sample.transcript],
  };
}

function plain({ name, sample }: Part): Part {
  return { name, sample };
}

function judgeHosts(told: readonly ExchangerPart[]): readonly Finding[] {
  const accepting = told.filter(accepts);
  if (accepting.length === 0) return told.flatMap(findingsOf);
  const best = Math.min(...told.map(({ preference }) => preference));
  const onlyBackup = accepting.every(({ preference }) => preference > best);
  return [
    ...(onlyBackup
      ? [finding('mx-backup-only', { detail: `only ${accepting.map(({ name }) => name).join(', ')} accepts` })]
      : []),
    ...told.filter((part) => !accepts(part)).map(downFinding),
    ...accepting.flatMap(findingsOf),
  ];
}

function downFinding({ name, sample }: Part): Finding {
  const { phase, code, detail, reply } = sample;
  return finding('mx-host-down', { phase: phase ?? 'dns', detail: `${name}: ${code}: ${detail}`, reply });
}
