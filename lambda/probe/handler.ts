/** The Lambda entry of the probe. */
import { logLine } from '../aws/log.ts';
import { awsProbePorts } from '../aws/probe-ports.ts';
import { clockWarning } from './clock-warning.ts';
import { type Diagnosis, type DiagnosisRequest, diagnose } from './diagnose-for-doctor.ts';
import type { ProbeEvent } from './probe-event.ts';
import { probeRound } from './probe-round.ts';
import { summaryOf } from './round-report.ts';

/** Diagnoses the vantage for `smtp-quorum doctor`, or probes a round. */
export async function handler(event: ProbeEvent | DiagnosisRequest): Promise<Diagnosis | undefined> {
  const ports = await awsProbePorts();
  if ('diagnose' in event) return diagnose(ports, event);
  const report = await probeRound(ports, event);
  const warning = clockWarning(report);
  if (warning !== null) ports.log(warning);
  const { fail, unable, ...summary } = summaryOf(report);
  const facts = { level: 'info', message: 'round recorded', ...summary };
  logLine(ports.config.name, ports.now(), facts, { failed: fail, unable });
  return undefined;
}
