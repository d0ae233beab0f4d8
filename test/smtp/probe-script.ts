import type { Limits } from '../../lambda/smtp/bounds/limits.ts';
import type { Endpoint } from '../../lambda/smtp/endpoint/endpoint.ts';
import { type ProbeOptions, probe } from '../../lambda/smtp/resolve-and-probe-endpoint.ts';
import type { Outcome, Phase, Sample } from '../../lambda/smtp/sample/sample.ts';
import type { Certificates } from './certificates.ts';
import { type Script, serve } from './scripted-server.ts';

/** A server, the settings of its probe, and the expected result. */
export interface Case {
  readonly name: string;
  readonly script: (certificates: Certificates) => Script;
  readonly endpoint?: Partial<Endpoint>;
  readonly limits?: Partial<Limits>;
  readonly outcome: Outcome;
  readonly phase?: Phase;
  readonly code?: string;
  /** If it is the point of the case. */
  readonly detail?: string;
}

export interface ScriptResult {
  readonly sample: Sample;
  readonly heard: readonly string[];
}

/** Probes a scripted server, waits for the reply to QUIT, and closes the server. */
export async function probeScript(
  script: Script,
  endpoint: Partial<Endpoint> = {},
  limits: Partial<Limits> = {},
  options: ProbeOptions = {},
): Promise<ScriptResult> {
  const server = await serve(script);
  let over: Promise<void> = Promise.resolve();
  try {
    const where = { host: '127.0.0.1', port: server.port, security: 'none', ehloName: 'probe.example.com' } as const;
    const onQuit = (promise: Promise<void>) => {
      over = promise;
    };
    const sample = await probe({ ...where, ...endpoint }, { ...options, limits, onQuit });
    await over;
    if (server.scriptErrors.length > 0) throw new Error(server.scriptErrors.join('; '));
    return { sample, heard: server.heard };
  } finally {
    await server.close();
  }
}

/** Short limits for silent servers, but long enough for a loaded machine. */
export const SOON: Partial<Limits> = {
  greeting: 2_500,
  reply: 2_500,
  handshake: 2_500,
  connect: 2_500,
  clientHello: 1_000,
  quit: 200,
};
