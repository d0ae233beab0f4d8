import type { SecretReference } from '../config/config.ts';
import { ehloNameOf } from '../config/ehlo-name.ts';
import type { PortsWithoutAlerts } from '../ports.ts';
import { defaultSecurity, type Security } from '../smtp/endpoint/endpoint.ts';
import type { Sample } from '../smtp/sample/sample.ts';
import { probeTarget } from '../smtp/target.ts';
import { isReached } from './network-failure.ts';

/** A mail server to knock at, by its name or by a domain's MX records. */
export interface ReachQuestion {
  readonly host: string | null;
  readonly domain: string | null;
  readonly port: number;
  /** As its target has it; by the port where it is absent. */
  readonly security?: Security;
}

/** The question of `smtp-quorum doctor` to a probe: whether it gets through to these, and to its passwords. */
export interface DiagnosisRequest {
  readonly diagnose: readonly ReachQuestion[];
}

export interface ReachAnswer extends ReachQuestion {
  /** Whether something came back from the server, whatever it said: the way there is open. */
  readonly reached: boolean;
  /** A key of the table of failures; null where the server greeted and spoke SMTP. */
  readonly code: string | null;
  readonly detail: string | null;
}

/** Whether a password could be read; never the password. */
export interface SecretAnswer {
  readonly secret: string;
  /** Null where it could be read. */
  readonly error: string | null;
}

export interface Diagnosis {
  readonly vantage: string;
  readonly knocks: readonly ReachAnswer[];
  /** Of the config that this vantage has. */
  readonly secrets: readonly SecretAnswer[];
}

/** Milliseconds for one session: above postscreen's 6 s, and well below the function's own limit. */
const patience = 12_000;

/** Looks at the ways out and at the passwords, all at once. Writes nothing, tells nobody. */
export async function diagnose(
  ports: Pick<PortsWithoutAlerts, 'config' | 'vantage' | 'secret'>,
  { diagnose: doors }: DiagnosisRequest,
): Promise<Diagnosis> {
  const [knocks, secrets] = await Promise.all([
    Promise.all(doors.map((door) => knock(ports, door))),
    Promise.all(secretsOf(ports).map((reference) => look(ports, reference))),
  ]);
  return { vantage: ports.vantage, knocks, secrets };
}

/** A whole session, QUIT and all: a guest that only connects and leaves looks like a scanner. */
async function knock(
  { config, vantage }: Pick<PortsWithoutAlerts, 'config' | 'vantage'>,
  door: ReachQuestion,
): Promise<ReachAnswer> {
  const quits: Promise<void>[] = [];
  const sample = await probeTarget(
    {
      host: door.host,
      domain: door.domain,
      port: door.port,
      security: (door.security ?? defaultSecurity(door.port)) === 'tls' ? 'tls' : 'none',
      insecure: true,
      ehloName: ehloNameOf(config.ehloName, vantage),
      timeout: patience,
    },
    { onQuit: (over) => quits.push(over) },
  );
  await Promise.all(quits);
  return { host: door.host, domain: door.domain, port: door.port, ...whatCame(sample) };
}

function whatCame(sample: Sample): Pick<ReachAnswer, 'reached' | 'code' | 'detail'> {
  return { reached: isReached(sample), code: sample.code, detail: sample.reply ?? sample.detail };
}

/** Each once, though many targets may share it. */
function secretsOf({ config: { targets } }: Pick<PortsWithoutAlerts, 'config'>): readonly SecretReference[] {
  const references = targets.flatMap(({ auth }) => (auth ? [auth.password] : []));
  return [...new Map(references.map((reference) => [nameOf(reference), reference])).values()];
}

function nameOf(reference: SecretReference): string {
  return 'secret' in reference ? reference.secret : reference.env;
}

async function look({ secret }: Pick<PortsWithoutAlerts, 'secret'>, reference: SecretReference): Promise<SecretAnswer> {
  try {
    await secret(reference);
    return { secret: nameOf(reference), error: null };
  } catch (error) {
    return { secret: nameOf(reference), error: String(error) };
  }
}
