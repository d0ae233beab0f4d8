/** Probes one target, with its password if it has one. */
import type { Target } from '../config/config.ts';
import { ehloNameOf } from '../config/ehlo-name.ts';
import type { ProbePorts } from '../ports.ts';
import { finding } from '../smtp/failures/failures.ts';
import { probeTarget } from '../smtp/probe-target.ts';
import { redactSample } from '../smtp/redaction/redact-sample.ts';
import type { ProbeOptions } from '../smtp/resolve-and-probe-endpoint.ts';
import { unreachedSample } from '../smtp/sample/build-sample.ts';
import type { Sample } from '../smtp/sample/sample.ts';

/** An error of one target's settings must not end the round of the others. */
export async function probeOne(ports: ProbePorts, target: Target, options: ProbeOptions): Promise<Sample> {
  try {
    return await probeWithPassword(ports, target, options);
  } catch (error) {
    return redacted(unreachedSample([finding('probe-error', { detail: String(error) })], 0), options);
  }
}

function redacted(sample: Sample, { secrets }: ProbeOptions): Sample {
  return secrets === undefined ? sample : redactSample(sample, secrets);
}

/** The password is in memory only. The settings that contain it must not be logged. */
async function probeWithPassword(ports: ProbePorts, target: Target, options: ProbeOptions): Promise<Sample> {
  const { id: _id, auth, ...settings } = target;
  const ehloName = ehloNameOf(ports.config.ehloName, ports.vantage);
  if (!auth) return probeTarget({ ...settings, ehloName }, options);
  const password = await ports.secret(auth.password).catch((error: unknown) => ({ error }));
  if (typeof password !== 'string') return redacted(unreadableSecret(password.error), options);
  const probe = (current: string) => {
    options.secrets?.add({ ...auth, password: current });
    return probeTarget({ ...settings, ehloName, auth: { ...auth, password: current } }, options);
  };
  const sample = await probe(password);
  if (sample.code !== 'auth-rejected') return sample;
  // The password may have been rotated since it was read.
  const current = await ports.secret(auth.password, password).catch(() => password);
  return current === password ? sample : probe(current);
}

function unreadableSecret(error: unknown): Sample {
  const detail = error instanceof Error ? error.message : String(error);
  return unreachedSample([finding('secret-unreadable', { detail })], 0);
}
