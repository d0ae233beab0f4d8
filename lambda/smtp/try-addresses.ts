/** Tries the addresses of a host one after the other, within the time of the probe: RFC 5321 5.1. */

import type { Socket } from 'node:net';
import type { Limits } from './bounds/limits.ts';
import { openConnection } from './connection.ts';
import { type FailureCode, finding } from './failures/failures.ts';
import { type ProbeRun, sampleFrom } from './probe-run.ts';
import { type ConnectionResult, runSession } from './run-session.ts';
import type { Finding, Sample } from './sample/sample.ts';
import { deadlineDetail } from './session/slowest-phases-at-deadline.ts';
import { mayProceed } from './session/transitions.ts';

/** The session with an address, up to its verdict. */
interface AddressResult {
  readonly connection: ConnectionResult;
  readonly verdictAt: number;
}

/** The addresses that were tried without success. */
interface Attempts {
  readonly failures: Finding[];
  /** The sample of the first server that did not greet. */
  refused: Sample | null;
}

/** Addresses for each one that counts. The rest of a longer list is not tried, even without a route to any. */
const WITHOUT_ROUTE_AT_MOST = 4;

/**
 * Tries the addresses in order, as senders do (RFC 5321 5.1). The next one is tried if there is no connection, or if the
 * server ends the session instead of a greeting, or stays silent.
 */
export async function tryAddresses(run: ProbeRun, addresses: readonly string[]): Promise<Sample> {
  const attempts: Attempts = { failures: [], refused: null };
  const candidates = addresses.slice(0, WITHOUT_ROUTE_AT_MOST * run.limits.addresses);
  for (const [nth, address] of candidates.entries()) {
    if (addresses.length > 1)
      run.otherAddresses = addresses.filter((other) => other !== address).slice(0, run.limits.otherAddresses);
    const tried = attempts.failures.filter(wasTried).length;
    const isLast = nth === candidates.length - 1 || tried + 1 >= run.limits.addresses;
    const result = await probeAddress(run, address, isLast);
    const sample = conclude(run, address, result, attempts);
    if (sample !== null) return sample;
    if (mustStop(run, attempts)) break;
  }
  return failedSample(run, attempts);
}

/** The sample of the session, or null if another address is to be tried. */
function conclude(run: ProbeRun, address: string, result: AddressResult | Finding, attempts: Attempts): Sample | null {
  const { failures } = attempts;
  if ('code' in result) {
    failures.push(result);
    return null;
  }
  const down = failures.length === 0 ? failures : failures.filter(isServerFault).map(addressDownFinding);
  const sample = sampleFrom(run, result.connection, down, result.verdictAt);
  const refusal = refusalToGreet(run, result.connection, `${address} port ${run.endpoint.port}`);
  if (refusal === null) return sample;
  attempts.refused ??= sample;
  failures.push(refusal);
  return null;
}

function mustStop({ limits, now, deadline }: ProbeRun, { failures }: Attempts): boolean {
  const tried = failures.filter(wasTried).length;
  return failures.at(-1)?.code === 'aborted' || tried >= limits.addresses || now() >= deadline;
}

function failedSample(run: ProbeRun, { failures, refused }: Attempts): Sample {
  if (refused !== null) return { ...refused, total: run.now() - run.started };
  const found = failures.find(isServerFault) ?? failures[0];
  return sampleFrom(run, null, [found ?? finding('dns-no-data', { detail: run.endpoint.host })]);
}

/** Milliseconds kept for the addresses after a silent one, if the deadline is long enough. */
const FOR_OTHERS = 8_000;
/** Milliseconds that an address needs: postscreen greets after 6 s. */
const FOR_ONE = 7_000;
/** Milliseconds kept for the others in any case. A fast server needs less. */
const FOR_OTHERS_AT_LEAST = 2_500;

/** How long the current address may take to connect or to greet. The last one has all the time that is left. */
function timeForAddress({ deadline, now }: ProbeRun, isLast: boolean): number {
  const left = deadline - now();
  if (isLast) return left;
  return Math.max(left - FOR_OTHERS, Math.min(FOR_ONE, left - FOR_OTHERS_AT_LEAST), left / 2);
}

/** Connects to one address and runs the session, or returns the finding of the failure. */
async function probeAddress(run: ProbeRun, address: string, isLast: boolean): Promise<AddressResult | Finding> {
  const { endpoint, options, limits, now, deadline, timings } = run;
  const release =
    options.addressLock === undefined ? releaseNothing : await options.addressLock(address, deadline - now());
  if (release === null) return noTimeLeft(`${address}, where a session under another name was first`);
  const since = now();
  const left = Math.min(limits.connect, timeForAddress(run, isLast));
  const socket = left > 0 ? await openConnection(address, endpoint.port, left, options.signal) : noTimeLeft(address);
  timings.connect = now() - since;
  run.address = address;
  // Without the `await`, the engine would wait for the promise in two more steps.
  if (!('code' in socket)) return await holdSession(run, socket, isLast, release);
  release();
  const isLate = socket.code === 'connect-timeout' && deadline - now() < 1;
  return isLate ? { ...socket, detail: `${socket.detail}; ${deadlineDetail(timings, 'connect')}` } : socket;
}

function releaseNothing(): void {}

/** A missing route to an address says nothing about the server. */
function isServerFault({ outcome }: Finding): boolean {
  return outcome !== 'unable';
}

/** An address without a route costs no time, and must not take the place of one that works. */
function wasTried(failure: Finding): boolean {
  return isServerFault(failure) && failure.code !== 'connect-unreachable';
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
  'silence',
  'reply-incomplete',
] satisfies FailureCode[]);

/** The finding of a server that ends the session instead of a greeting, or does not greet; null in all other cases. */
function refusalToGreet({ endpoint }: ProbeRun, { session }: ConnectionResult, place: string): Finding | null {
  const first = endpoint.security === 'tls' ? 'tls' : 'greeting';
  const found = session.progress.findings.find(
    ({ phase, code }) => (phase === 'greeting' || phase === first) && GREETING_REFUSALS.has(code),
  );
  return found === undefined ? null : { ...found, detail: `${place}: ${found.detail}` };
}

async function holdSession(
  run: ProbeRun,
  socket: Socket,
  isLast: boolean,
  release: () => void,
): Promise<AddressResult> {
  const { endpoint, now, deadline, timings, secrets, options } = run;
  const { signal, clientHello } = options;
  const limits = isLast ? run.limits : limitsForAddress(run);
  const settings = { endpoint, limits, now, deadline, timings, secrets, signal, clientHello };
  const connection = await runSession(socket, settings);
  const verdictAt = now();
  const { closed, session } = connection;
  if (release !== releaseNothing) void closed.then(release);
  options.onQuit?.(closed);
  if (options.waitForQuit && mayProceed(session.progress)) await closed;
  return { connection, verdictAt };
}

/** A server that does not greet must leave time for another address. */
function limitsForAddress(run: ProbeRun): Limits {
  const { limits } = run;
  const within = timeForAddress(run, false);
  return within >= limits.greeting
    ? limits
    : { ...limits, greeting: within, handshake: Math.min(limits.handshake, within) };
}
