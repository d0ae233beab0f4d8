/** Probes a domain: all of its MX hosts. */

import { performance } from 'node:perf_hooks';
import { withinDeadline } from '../dns/deadline.ts';
import {
  checkExchangerName,
  isAddressLiteral,
  type MailExchanger,
  type MailExchangers,
  resolveMailExchangers,
} from '../dns/mail-exchangers.ts';
import { type NameResolver, systemResolver } from '../dns/resolver.ts';
import { createAddressLock } from './address-lock.ts';
import { LIMITS, type Limits } from './bounds/limits.ts';
import { truncate } from './bounds/truncate.ts';
import { dnsFinding } from './dns-findings.ts';
import { type FailureCode, finding } from './failures/failures.ts';
import { type HostTarget, probeHost } from './probe-each-address-family.ts';
import type { ProbeOptions } from './resolve-and-probe-endpoint.ts';
import { unreachedSample } from './sample/build-sample.ts';
import { acceptsMail, compareSeverity, mergeParts, namedDetail, namedFindings } from './sample/combine-samples.ts';
import { DEFERRALS } from './sample/deferral-codes.ts';
import type { Finding, Part, Sample } from './sample/sample.ts';

export type DomainTarget = Omit<HostTarget, 'host'> & { readonly domain: string };

/**
 * Probes all MX hosts of the domain at the same time, within one deadline. Names with the same address are probed one after
 * the other: each may have its own certificate, and a server gets one session at a time.
 */
export async function probeDomain(target: DomainTarget, options: ProbeOptions): Promise<Sample> {
  const { now = () => performance.now(), resolver = systemResolver(), signal } = options;
  const limits = { ...LIMITS, ...options.limits };
  const deadline = target.timeout ?? limits.deadline;
  const started = now();
  const found = await withinDeadline(
    resolveMailExchangers(target.domain, resolver, limits),
    target.domain,
    Math.min(limits.dns, deadline),
    signal,
  );
  const dns = now() - started;
  if ('kind' in found) return unreachedSample([dnsFinding(found)], dns);
  const timeout = Math.max(deadline - dns, 1);
  const head = transcriptHead(target.domain, found);
  const partOptions = { ...options, limits: limitsAfterHead(limits, head), addressLock: createAddressLock() };
  // A domain without MX records may be an alias (RFC 5321 5.1). An address literal has its own finding.
  const named = found.implicit ? [] : found.hosts.filter(({ host }) => !isAddressLiteral(host));
  const [parts, names] = await Promise.all([
    Promise.all(found.hosts.map((exchanger) => probeExchanger({ ...target, timeout }, exchanger, partOptions))),
    Promise.all(
      named.map(({ host }) => judgeName(host, resolver, { ...limits, dns: Math.min(limits.dns, timeout) }, signal)),
    ),
  ]);
  const sample = judgeDomain(parts, [...found.problems.map(dnsFinding), ...names.flat()]);
  const timings = { ...sample.timings, dns: dns + (sample.timings.dns ?? 0) };
  return { ...sample, timings, total: dns + sample.total, transcript: [head, ...sample.transcript] };
}

function transcriptHead(domain: string, { hosts, implicit }: MailExchangers): string {
  const list = hosts.map(({ host, preference }) => (implicit ? host : `${preference} ${host}`)).join(', ');
  const how = implicit ? 'has no MX record, so its host is' : 'has MX';
  return truncate(`* ${domain} ${how} ${list}`, LIMITS.keptCharacters);
}

/** The limits with space for `head`, the first line of the transcript. */
function limitsAfterHead(limits: Limits, head: string): Limits {
  return { ...limits, transcriptOctets: limits.transcriptOctets - Buffer.byteLength(head) - 1 };
}

interface ExchangerPart extends Part {
  readonly preference: number;
}

async function probeExchanger(
  target: DomainTarget,
  { host, preference }: MailExchanger,
  options: ProbeOptions,
): Promise<ExchangerPart> {
  const sample = isAddressLiteral(host) ? literalSample(host) : await probeHost({ ...target, host }, options);
  return { name: host, preference, sample };
}

/** Most senders do not connect to an MX record that names an address, so that this host accepts no mail. */
function literalSample(host: string): Sample {
  return unreachedSample([finding('mx-address', { detail: `the MX record names ${host}`, outcome: 'fail' })], 0);
}

async function judgeName(
  host: string,
  resolver: NameResolver,
  limits: Limits,
  signal?: AbortSignal,
): Promise<readonly Finding[]> {
  const found = await withinDeadline(checkExchangerName(host, resolver, limits), host, limits.dns, signal);
  // Without an answer in time, nothing is known about aliases.
  return found === null || found.kind === 'timeout' || found.kind === 'aborted' ? [] : [dnsFinding(found)];
}

function judgeDomain(parts: readonly ExchangerPart[], findings: readonly Finding[]): Sample {
  const accepting = parts.filter(acceptsMail);
  const source = accepting[0] ?? parts.find(isUnable) ?? parts.toSorted(compareSeverity)[0];
  if (source === undefined) throw new TypeError('a domain without a host');
  const partFindings = accepting.length === 0 ? findingsIfNoneAccepts(parts) : findingsIfSomeAccept(parts, accepting);
  return mergeParts(parts.map(withoutPreference), source, [...findings, ...partFindings]);
}

function withoutPreference({ name, sample }: Part): Part {
  return { name, sample };
}

function isLiteral({ sample }: Part): boolean {
  return sample.code === 'mx-address';
}

function isUnable({ sample }: Part): boolean {
  return sample.outcome === 'unable';
}

/** A host that refuses this vantage may accept mail from others. Then the domain is `unable`, not down. */
function findingsIfNoneAccepts(parts: readonly ExchangerPart[]): readonly Finding[] {
  if (!parts.some(isUnable)) return parts.flatMap(namedFindings);
  return parts.flatMap((part) => (isUnable(part) ? namedFindings(part) : downFinding(part)));
}

function findingsIfSomeAccept(
  parts: readonly ExchangerPart[],
  accepting: readonly ExchangerPart[],
): readonly Finding[] {
  const best = Math.min(...accepting.map(({ preference }) => preference));
  // Senders skip an address literal, so that mail is not delayed.
  const better = parts.filter((part) => part.preference < best && !isLiteral(part));
  const onlyBackup = better.length > 0 && !better.some(isUnable);
  return [
    ...(onlyBackup
      ? [finding('mx-backup-only', { detail: `only ${accepting.map(({ name }) => name).join(', ')} accepts` })]
      : []),
    ...parts.filter((part) => !acceptsMail(part)).flatMap(notAcceptingFindings),
    ...findingsOfAccepting(accepting),
  ];
}

/** What one host puts off, another one takes: only where all put it off do senders wait. */
function findingsOfAccepting(accepting: readonly ExchangerPart[]): readonly Finding[] {
  const findings = accepting.flatMap(namedFindings);
  if (accepting.every(isDeferred)) return findings;
  return findings.map((found) => (DEFERRALS.has(found.code) ? { ...found, code: 'mx-host-deferred' } : found));
}

function isDeferred({ sample }: Part): boolean {
  return sample.findings.some(({ code }) => DEFERRALS.has(code));
}

function downFinding({ name, sample }: Part): Finding {
  const { phase, code, detail, reply } = sample;
  return finding('mx-host-down', { phase: phase ?? 'dns', detail: namedDetail(name, detail, code), reply });
}

/** The findings of a host that does not accept, if another one does. A missing route says nothing about the host. */
function notAcceptingFindings(part: Part): readonly Finding[] {
  if (isLiteral(part)) return part.sample.findings.map((found) => ({ ...found, outcome: 'warn' }));
  if (!isUnable(part)) return [downFinding(part)];
  return part.sample.code === 'no-route' ? [] : [unableFinding(part)];
}

/** A warning: another host accepts mail, but this vantage could not judge this one. */
function unableFinding({ name, sample }: Part): Finding {
  const { phase, code, detail, reply } = sample;
  const seen = { detail: namedDetail(name, detail), reply, outcome: 'warn' } as const;
  return finding(code as FailureCode, { ...seen, ...(phase === null ? {} : { phase }) });
}
