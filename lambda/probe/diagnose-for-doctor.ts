/** What the probe does for `smtp-quorum doctor`: checks which servers it reaches and which passwords it can read. */
import type { SecretReference } from '../config/channel.ts';
import { ehloNameOf } from '../config/ehlo-name.ts';
import type { ProbePorts } from '../ports.ts';
import { defaultSecurity, type Security } from '../smtp/endpoint/endpoint.ts';
import { probeTarget } from '../smtp/probe-target.ts';
import type { Sample } from '../smtp/sample/sample.ts';
import { isReached } from './reachability/server-reached.ts';

/** A mail server to connect to, by its name or by a domain's MX records. */
export interface ReachQuestion {
  readonly host: string | null;
  readonly domain: string | null;
  readonly port: number;
  /** The target's setting. If absent, the port decides. */
  readonly security?: Security;
}

/** The event of `smtp-quorum doctor` for a probe: which servers to connect to. */
export interface DiagnosisRequest {
  readonly diagnose: readonly ReachQuestion[];
}

export interface ReachAnswer extends ReachQuestion {
  /** Whether the server answered in any way, which shows that the network is open. */
  readonly reached: boolean;
  /** A failure code; null if the SMTP session succeeded. */
  readonly code: string | null;
  readonly detail: string | null;
}

/** Whether a password could be read; never the password. */
export interface SecretAnswer {
  readonly secret: string;
  /** Null if it could be read. */
  readonly error: string | null;
}

export interface Diagnosis {
  readonly vantage: string;
  readonly knocks: readonly ReachAnswer[];
  /** The passwords in this vantage's config. */
  readonly secrets: readonly SecretAnswer[];
}

/** Milliseconds for one session: above postscreen's 6 s, and well below the timeout of the function. */
const sessionTimeout = 12_000;

/** Connects to the servers and reads the passwords, all concurrently. Writes nothing and sends no alert. */
export async function diagnose(
  ports: Pick<ProbePorts, 'config' | 'vantage' | 'secret' | 'mxAddresses'>,
  { diagnose: questions }: DiagnosisRequest,
): Promise<Diagnosis> {
  const [knocks, secrets] = await Promise.all([
    Promise.all(questions.map((question) => askServer(ports, question))),
    Promise.all(secretsOf(ports).map((reference) => checkSecret(ports, reference))),
  ]);
  return { vantage: ports.vantage, knocks, secrets };
}

/** Runs a whole session, with QUIT: a client that only connects and disconnects looks like a scanner. */
async function askServer(
  { config, vantage, mxAddresses }: Pick<ProbePorts, 'config' | 'vantage' | 'mxAddresses'>,
  question: ReachQuestion,
): Promise<ReachAnswer> {
  const quits: Promise<void>[] = [];
  const sample = await probeTarget(
    {
      host: question.host,
      domain: question.domain,
      port: question.port,
      security: (question.security ?? defaultSecurity(question.port)) === 'tls' ? 'tls' : 'none',
      insecure: true,
      ehloName: ehloNameOf(config.ehloName, vantage),
      timeout: sessionTimeout,
    },
    { onQuit: (over) => quits.push(over), ...(mxAddresses === undefined ? {} : { mxAddresses }) },
  );
  await Promise.all(quits);
  return { host: question.host, domain: question.domain, port: question.port, ...reachOf(sample) };
}

function reachOf(sample: Sample): Pick<ReachAnswer, 'reached' | 'code' | 'detail'> {
  return { reached: isReached(sample), code: sample.code, detail: sample.reply ?? sample.detail };
}

/** Each reference once, though several targets may share it. */
function secretsOf({ config: { targets } }: Pick<ProbePorts, 'config'>): readonly SecretReference[] {
  const references = targets.flatMap(({ auth }) => (auth ? [auth.password] : []));
  return [...new Map(references.map((reference) => [nameOf(reference), reference])).values()];
}

function nameOf(reference: SecretReference): string {
  return 'secret' in reference ? reference.secret : reference.env;
}

async function checkSecret({ secret }: Pick<ProbePorts, 'secret'>, reference: SecretReference): Promise<SecretAnswer> {
  try {
    await secret(reference);
    return { secret: nameOf(reference), error: null };
  } catch (error) {
    return { secret: nameOf(reference), error: String(error) };
  }
}
