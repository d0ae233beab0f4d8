/** The state of a probe, and the sample that follows from it. */

import { performance } from 'node:perf_hooks';
import { LIMITS, type Limits } from './bounds/limits.ts';
import { transcriptHead, transcriptLines } from './bounds/transcript.ts';
import type { Endpoint } from './endpoint/endpoint.ts';
import type { ProbeOptions } from './probe-run-options.ts';
import { type KnownSecrets, secretsFor } from './redaction/mask-known-passwords.ts';
import { redactSample } from './redaction/redact-sample.ts';
import type { ConnectionResult } from './run-session.ts';
import { buildSample } from './sample/build-sample.ts';
import type { Finding, Sample, TimedPhase } from './sample/sample.ts';
import { detectSoftware } from './server-software.ts';
import type { SessionProgress } from './session/progress.ts';
import { findUnmetExpectations } from './unmet-expectations.ts';

export interface ProbeRun {
  readonly endpoint: Endpoint;
  readonly options: ProbeOptions;
  readonly limits: Limits;
  readonly now: () => number;
  readonly started: number;
  readonly deadline: number;
  readonly timings: Partial<Record<TimedPhase, number>>;
  readonly secrets: KnownSecrets;
  /** Warnings of the name resolution. */
  readonly dnsFindings: Finding[];
  otherAddresses: readonly string[];
  address: string | null;
}

export function startRun(endpoint: Endpoint, options: ProbeOptions): ProbeRun {
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
    dnsFindings: [],
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

/** `failures`: the findings of earlier addresses. */
export function sampleFrom(
  run: ProbeRun,
  connection: ConnectionResult | null,
  failures: readonly Finding[],
  verdictAt = run.now(),
): Sample {
  const total = verdictAt - run.started;
  const progress = connection?.session.progress;
  const earlier = run.dnsFindings.length === 0 ? failures : [...run.dnsFindings, ...failures];
  const sample = buildSample({
    findings:
      progress === undefined ? earlier : [...earlier, ...progress.findings, ...findUnmetExpectations(progress, total)],
    timings: { ...(progress?.timings ?? run.timings) },
    total,
    address: run.address,
    otherAddresses: run.otherAddresses,
    greeting: progress?.greeting ?? null,
    hello: progress?.helloText ?? null,
    software: progress === undefined ? null : detectSoftware(progress),
    tls: connection?.tls() ?? null,
    extensions: { beforeTls: progress?.beforeTls ?? null, afterTls: progress?.afterTls ?? null },
    ...acceptanceOf(progress),
    transcript:
      connection === null
        ? transcriptHead(run)
        : transcriptLines(connection.session.transcript, ...transcriptHead(run)),
  });
  return redactSample(sample, run.secrets);
}

function acceptanceOf(progress: SessionProgress | undefined): Pick<Sample, 'acceptance'> {
  const acceptance = progress?.acceptance ?? null;
  return acceptance === null ? {} : { acceptance };
}
