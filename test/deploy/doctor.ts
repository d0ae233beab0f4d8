import type { NamedCheckResult } from '../../bin/doctor/check-result.ts';
import type { TestReport } from '../../lambda/deliver/answer-test-request.ts';
import { cli } from '../bin/cli.ts';
import type { Deployment } from './deployment.ts';

/** What `smtp-quorum doctor` finds, run from beside the config of what was written to the folder `out`. */
export async function doctor(on: Deployment, out: string): Promise<Diagnosed> {
  const { stdout, stderr } = await commandLine(on, ['doctor', '--config', `${out}.yaml`, '--json']);
  if (stdout === '') throw new Error(`doctor said nothing in time ${stderr}`);
  return { ...JSON.parse(stdout), stdout };
}

/** `smtp-quorum test-alert --json` for the deployment. */
export async function testAlert(
  on: Deployment,
  ...more: readonly string[]
): Promise<TestReport & { code: number | null }> {
  const where = ['--table', 'mailwatch', '--region', 'us-east-1', '--config', 'first.yaml'];
  const { stdout, stderr, code } = await commandLine(on, ['test-alert', ...where, '--json', ...more]);
  if (stdout === '') throw new Error(`test-alert said nothing: ${stderr}`);
  return { ...JSON.parse(stdout), code };
}

function commandLine({ cloud, admin }: Deployment, args: readonly string[]) {
  const { accessKeyId, secretAccessKey } = admin.credentials;
  const env = {
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  return cli(args, { env, cwd: cloud.folder });
}

interface Diagnosed {
  readonly checks: readonly NamedCheckResult[];
  readonly stdout: string;
}
