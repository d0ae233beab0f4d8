/** Probes one endpoint: name resolution, connection, session and verdict. Start reading here. */

import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { literalAddress, resolveAddresses } from '../dns/addresses.ts';
import { withinDeadline } from '../dns/deadline.ts';
import type { DnsFailure } from '../dns/dns-failure.ts';
import { type NameResolver, systemResolver } from '../dns/resolver.ts';
import type { AddressLock } from './address-lock.ts';
import { LIMITS, type Limits } from './bounds/limits.ts';
import { transcriptLines } from './bounds/transcript.ts';
import { type ConnectionResult, openConnection, runSession } from './connection.ts';
import { dnsFinding } from './dns-findings.ts';
import { assertCommandArguments } from './endpoint/command-arguments.ts';
import type { Endpoint } from './endpoint/endpoint.ts';
import { type FailureCode, finding } from './failures/failures.ts';
import { type KnownSecrets, secretsFor } from './redaction/known-secrets.ts';
import { redactSample } from './redaction/redact-sample.ts';
import { buildSample } from './sample/build-sample.ts';
import type { Finding, Sample, TimedPhase } from './sample/sample.ts';
import { detectSoftware } from './server-software.ts';
import { deadlineDetail } from './session/deadline-detail.ts';
import { mayProceed } from './session/transitions.ts';
import { secureContextFor } from './tls/handshake.ts';
import { findUnmetExpectations } from './unmet-expectations.ts';

export interface ProbeOptions {
  /** Milliseconds on a monotonic clock. */
  readonly now?: () => number;
  /** Ends the probe with the code `aborted` (`unable`). */
  readonly signal?: AbortSignal;
  readonly limits?: Partial<Limits>;
  readonly resolver?: NameResolver;
  /**
   * Called with a promise of the end of the session. QUIT is sent with the verdict, and its reply arrives later. Callers
   * that freeze or exit after the last verdict must wait for these promises (2 s at most).
   */
  readonly onQuit?: (closed: Promise<void>) => void;
  /** The probe acquires this lock before it connects, if several probes may have the same address. */
  readonly addressLock?: AddressLock;
  /** Passwords of everything that the same run probes: no text of the sample shows one. The probe adds its own. */
  readonly secrets?: KnownSecrets;
  /**
   * Waits for the reply to QUIT after a session without failure, and records its time in `timings`. `total` does not
   * include it.
   */
  readonly waitForQuit?: boolean;
}

/** Resolves by the deadline, whatever the server does. Rejects only for errors of the caller: an invalid `ca`, or a line end in a name. */
export async function probe(endpoint: Endpoint, options: ProbeOptions = {}): Promise<Sample> {
  // One signal stops a whole round, so that it has one listener per probe.
  if (options.signal !== undefined) setMaxListeners(0, options.signal);
  const run = startRun(endpoint, options);
  const addresses = literalAddress(endpoint.host, endpoint.family ?? 'any') ?? (await resolve(run));
  if ('kind' in addresses) return sampleFrom(run, null, [dnsFinding(addresses)]);
  return tryAddresses(run, addresses);
}

/** The state of a probe. */
interface ProbeRun {
  readonly endpoint: Endpoint;
  readonly options: ProbeOptions;
  readonly limits: Limits;
  readonly now: () => number;
  readonly started: number;
  readonly deadline: number;
  readonly timings: Partial<Record<TimedPhase, number>>;
  readonly secrets: KnownSecrets;
  otherAddresses: readonly string[];
  address: string | null;
}

function startRun(endpoint: Endpoint, options: ProbeOptions): ProbeRun {
  // Errors of these two are errors of the caller: they are thrown before the probe starts.
  assertCommandArguments(endpoint);
  if (endpoint.security !== 'none') secureContextFor(endpoint);
  const limits = limitsOf(endpoint, options);
  const now = options.now ?? monotonic;
  const started = now();
  return {
    endpoint,
    options,
    limits,
    now,
    started,
    deadline: started + limits.deadline,
    timings: {},
    secrets: secretsFor(endpoint.auth, options.secrets),
    otherAddresses: [],
    address: null,
  };
}

function limitsOf({ timeout }: Endpoint, { limits }: ProbeOptions): Limits {
  if (limits === undefined && timeout === undefined) return LIMITS;
  return { ...LIMITS, ...limits, ...(timeout === undefined ? {} : { deadline: timeout }) };
}

function monotonic(): number {
  return performance.now();
}

async function resolve(run: ProbeRun): Promise<readonly string[] | DnsFailure> {
  const { endpoint, options, limits, now, started } = run;
  const query = resolveAddresses(endpoint.host, endpoint.family ?? 'any', options.resolver ?? systemResolver());
  const within = Math.min(limits.dns, limits.deadline);
  const addresses = await withinDeadline(query, endpoint.host, within, options.signal);
  run.timings.dns = now() - started;
  return addresses;
}

/** The session with an address, up to its verdict. */
interface AddressResult {
  readonly connection: ConnectionResult;
  readonly verdictAt: number;
}

/**
 * Tries the addresses in order, as senders do (RFC 5321 5.1). The next one is tried if there is no connection, or if the
 * server ends the session instead of a greeting. After a missing greeting there is no time for another address.
 */
async function tryAddresses(run: ProbeRun, addresses: readonly string[]): Promise<Sample> {
  const { endpoint, limits, now, started, deadline } = run;
  const failures: Finding[] = [];
  let refused: Sample | null = null;
  for (const address of addresses.slice(0, limits.addresses)) {
    run.otherAddresses = addresses.filter((other) => other !== address).slice(0, limits.otherAddresses);
    const result = await probeAddress(run, address);
    if ('code' in result) failures.push(result);
    else {
      const sample = sampleFrom(
        run,
        result.connection,
        failures.filter(isServerFault).map(addressDownFinding),
        result.verdictAt,
      );
      const refusal = refusalToGreet(result.connection, `${address} port ${endpoint.port}`);
      if (refusal === null) return sample;
      refused ??= sample;
      failures.push(refusal);
    }
    if (failures.at(-1)?.code === 'aborted' || now() >= deadline) break;
  }
  if (refused !== null) return { ...refused, total: now() - started };
  return sampleFrom(run, null, [
    failures.find(isServerFault) ?? failures[0] ?? finding('dns-no-data', { detail: endpoint.host }),
  ]);
}

/** Connects to one address and runs the session, or returns the finding of the failure. */
async function probeAddress(run: ProbeRun, address: string): Promise<AddressResult | Finding> {
  const { endpoint, options, limits, now, deadline, timings } = run;
  const release =
    options.addressLock === undefined ? releaseNothing : await options.addressLock(address, deadline - now());
  if (release === null) return noTimeLeft(`${address}, where a session under another name was first`);
  const since = now();
  const left = Math.min(limits.connect, deadline - since);
  const socket = left > 0 ? await openConnection(address, endpoint.port, left, options.signal) : noTimeLeft(address);
  timings.connect = now() - since;
  run.address = address;
  if (!('code' in socket)) return holdSession(run, socket, release);
  release();
  const isLate = socket.code === 'connect-timeout' && deadline - now() < 1;
  return isLate ? { ...socket, detail: `${socket.detail}; ${deadlineDetail(timings, 'connect')}` } : socket;
}

function releaseNothing(): void {}

/** A missing route to an address says nothing about the server. */
function isServerFault({ outcome }: Finding): boolean {
  return outcome !== 'unable';
}

function addressDownFinding({ phase, detail, reply }: Finding): Finding {
  return finding('address-down', { phase, detail, reply });
}

function noTimeLeft(where: string): Finding {
  return finding('connect-timeout', { detail: `${where}: no time left to connect` });
}

const GREETING_REFUSALS: ReadonlySet<string> = new Set([
  'closed',
  'reset',
  'service-unavailable',
  'greeting-refused',
  'greeting-refused-temporarily',
] satisfies FailureCode[]);

/** The finding of a server that ends the session instead of a greeting; null in all other cases. */
function refusalToGreet({ session }: ConnectionResult, place: string): Finding | null {
  const found = session.progress.findings.find(
    ({ phase, code }) => phase === 'greeting' && GREETING_REFUSALS.has(code),
  );
  return found === undefined ? null : { ...found, detail: `${place}: ${found.detail}` };
}

async function holdSession(run: ProbeRun, socket: Socket, release: () => void): Promise<AddressResult> {
  const { endpoint, limits, now, deadline, timings, secrets, options } = run;
  const settings = { endpoint, limits, now, deadline, timings, secrets, signal: options.signal };
  const connection = await runSession(socket, settings);
  const verdictAt = now();
  const { closed, session } = connection;
  if (release !== releaseNothing) void closed.then(release);
  options.onQuit?.(closed);
  if (options.waitForQuit && mayProceed(session.progress)) await closed;
  return { connection, verdictAt };
}

function sampleFrom(
  run: ProbeRun,
  connection: ConnectionResult | null,
  earlier: readonly Finding[],
  verdictAt = run.now(),
): Sample {
  const total = verdictAt - run.started;
  const progress = connection?.session.progress;
  const sample = buildSample({
    findings:
      progress === undefined ? earlier : [...earlier, ...progress.findings, ...findUnmetExpectations(progress, total)],
    timings: { ...(progress?.timings ?? run.timings) },
    total,
    address: run.address,
    otherAddresses: run.otherAddresses,
    greeting: progress?.greeting ?? null,
    software: progress === undefined ? null : detectSoftware(progress),
    tls: connection?.tls() ?? null,
    extensions: { beforeTls: progress?.beforeTls ?? null, afterTls: progress?.afterTls ?? null },
    transcript:
      connection === null
        ? transcriptHead(run)
        : transcriptLines(connection.session.transcript, ...transcriptHead(run)),
  });
  return redactSample(sample, run.secrets);
}

function transcriptHead({ endpoint, address, timings }: ProbeRun): readonly string[] {
  if (address === null) return [];
  return [`* ${timings.dns === undefined ? '' : `${endpoint.host} is `}${address}, port ${endpoint.port}`];
}
