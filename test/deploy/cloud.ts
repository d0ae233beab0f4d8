import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../free-port.ts';
import { lambdaNode } from './lambda-node.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

export const account = '123456789012';

/** One run of a deployed function, as the cloud noted it. */
export interface Invocation {
  readonly function: string;
  readonly region: string;
  readonly milliseconds: number;
  readonly event: object;
  readonly error: string | null;
  readonly logs: string;
}

/** Something that a service was not let do, by a role or by the policy of what it meant to reach. */
export interface Refusal {
  readonly service: string;
  /** ARN of the rule, schedule, alarm or topic. */
  readonly source: string;
  readonly action: string;
  readonly resource: string;
}

/** What a person got by mail, text message or telephone. */
export interface Told {
  readonly protocol: 'email' | 'sms' | 'voice';
  readonly endpoint: string;
  /** Of mail. */
  readonly subject?: string | null;
  readonly text: string;
}

/** A call of the SDK under a role, as it reached its service. */
export interface RecordedCall {
  readonly role: string;
  /** For a function its name. */
  readonly session: string;
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string[]>>;
}

/** AWS on loopback: moto, with what `test/deploy/aws/` adds to it. */
export interface Cloud {
  readonly endpoint: string;
  /** A folder of the test's own, removed with the cloud. */
  readonly folder: string;
  /** Runs the CDK command line in `folder`; rejects with its output where it fails. */
  cdk(...args: string[]): Promise<string>;
  /** Fires every schedule of a region once, for this time. */
  tick(region: string, scheduled: string): Promise<readonly string[]>;
  invocations(): Promise<readonly Invocation[]>;
  refusals(): Promise<readonly Refusal[]>;
  /** What people got so far, oldest first. */
  told(): Promise<readonly Told[]>;
  /** Each different call under a role so far, while access was enforced. */
  calls(): Promise<readonly RecordedCall[]>;
  /** Until it is called without an id, no resource can be created whose logical id begins so. */
  failOn(id?: string): Promise<void>;
  /** Sets the clock by which functions run so many milliseconds ahead of this machine's. */
  setAhead(milliseconds: number): Promise<void>;
  /** From now on calls need credentials, and the credentials a policy; or nothing does again. */
  enforceAccess(on: boolean): Promise<void>;
  close(): Promise<void>;
}

/** Whether the machine has what the test needs: a sentence where it has not. */
export function whatIsMissing(): string | null {
  if (spawnSync('moto_server', ['--help']).status !== 0) return 'moto_server is not on the path';
  if (spawnSync('python3', ['-c', 'import moto']).status !== 0) return "python3 on the path is not moto's";
  return null;
}

export async function startCloud(): Promise<Cloud> {
  const folder = await mkdtemp(join(tmpdir(), 'smtp-quorum-deploy-'));
  const { server, endpoint, env, said } = await startMoto(folder, await lambdaNode());
  const get = async (path: string) => (await fetch(`${endpoint}/deploy/${path}`)).json();
  return {
    endpoint,
    folder,
    cdk: async (...args) => {
      try {
        const options = { cwd: folder, env, maxBuffer: 1e8, timeout: 1_500_000 };
        const { stdout, stderr } = await run(join(root, 'node_modules/.bin/cdk'), args, options);
        return stdout + stderr;
      } catch (error) {
        throw new Error(`cdk ${args.join(' ')} failed; moto said:\n${said()}`, { cause: error });
      }
    },
    tick: async (region, scheduled) => (await get(`tick?${new URLSearchParams({ region, scheduled })}`)) as string[],
    invocations: async () => (await get('invocations')) as Invocation[],
    refusals: async () => (await get('refusals')) as Refusal[],
    told: async () => (await get('told')) as Told[],
    calls: async () => (await get('calls')) as RecordedCall[],
    failOn: async (id = '-') => {
      await get(`fail?${new URLSearchParams({ id })}`);
    },
    setAhead: async (milliseconds) => {
      await get(`ahead?milliseconds=${milliseconds}`);
    },
    enforceAccess: async (on) => {
      // The number of calls that are still let through.
      await fetch(`${endpoint}/moto-api/reset-auth`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: on ? '0' : 'inf',
      });
    },
    close: async () => {
      server.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Moto {
  readonly server: ChildProcess;
  readonly endpoint: string;
  readonly env: NodeJS.ProcessEnv;
  readonly said: () => string;
}

/** Another process may take a port that was free, before moto listens: then on another one. */
async function startMoto(folder: string, node: string, tries = 3): Promise<Moto> {
  const port = await freePort();
  // The name, not the address: CDK puts buckets in front of it.
  const endpoint = `http://localhost:${port}`;
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    PYTHONDONTWRITEBYTECODE: '1',
    LAMBDA_NODE: node,
    LAMBDA_TASKS: folder,
  };
  const server = spawn('python3', ['-m', 'aws.server', '-H', '127.0.0.1', '-p', String(port)], {
    cwd: import.meta.dirname,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = lastWords(server);
  try {
    await listening(server, endpoint, said);
    return { server, endpoint, env, said };
  } catch (error) {
    server.kill();
    if (tries > 1 && /in use/i.test(said())) return await startMoto(folder, node, tries - 1);
    throw error;
  }
}

/** What moto said of errors of its own: the command line that met one tells only that it got no answer it knows. */
function lastWords(server: ChildProcess): () => string {
  let said = '';
  server.stderr?.on('data', (chunk) => {
    const lines = String(chunk)
      .split('\n')
      .filter((line) => !line.includes('HTTP/1.1'));
    said = (said + lines.join('\n')).slice(-8_000);
  });
  return () => said;
}

async function listening(server: ChildProcess, endpoint: string, said: () => string): Promise<void> {
  for (let tries = 0; tries < 1_200; tries++) {
    if (server.exitCode !== null) throw new Error(`moto ended:\n${said()}`);
    const answer = await fetch(`${endpoint}/deploy/invocations`).catch(() => null);
    if (answer?.ok) return;
    await sleep(250);
  }
  throw new Error(`moto does not answer:\n${said()}`);
}
