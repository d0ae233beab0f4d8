import type { NamedCheckResult } from '../../bin/doctor/check-result.ts';
import { cli } from '../bin/cli.ts';
import type { Deployment } from './deployment.ts';

/** What `smtp-quorum doctor` finds, run from beside the config of what was written to the folder `out`. */
export async function doctor({ cloud, admin }: Deployment, out: string): Promise<Diagnosed> {
  const { accessKeyId, secretAccessKey } = admin.credentials;
  const env = {
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const { stdout, stderr } = await cli(['doctor', '--config', `${out}.yaml`, '--json'], { env, cwd: cloud.folder });
  if (stdout === '') throw new Error(`doctor said nothing in time ${stderr}`);
  return { ...JSON.parse(stdout), stdout };
}

interface Diagnosed {
  readonly checks: readonly NamedCheckResult[];
  readonly stdout: string;
}
