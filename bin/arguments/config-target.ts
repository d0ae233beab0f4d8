import { existsSync, readFileSync } from 'node:fs';
import type { SecretReference } from '../../lambda/config/channel.ts';
import type { Config, Target } from '../../lambda/config/config.ts';
import { ehloNameOf } from '../../lambda/config/ehlo-name.ts';
import { localVantage } from '../../lambda/config/schema/aws-regions.ts';
import type { ProbeTarget } from '../../lambda/smtp/probe-target.ts';
import { errorText, UsageError } from './usage-error.ts';

const DEFAULT_CONFIG = 'smtp-quorum.yaml';

/**
 * A target of the config with its password, as the monitor probes it, but without `deliver`. Null if the config of this folder has no such target, so that
 * the text is a host.
 * @param named the value of `--config`, whose targets are meant then
 * @throws UsageError
 */
export async function configTarget(id: string, named: string | undefined): Promise<ProbeTarget | null> {
  if (named === undefined && !isInFile(id, DEFAULT_CONFIG)) return null;
  const { readConfig } = await import('./config-file.ts');
  const config = readConfig(named ?? DEFAULT_CONFIG);
  const target = config.targets.find((one) => one.id === id);
  if (target !== undefined) return await withPassword(target, config);
  if (named === undefined) return null;
  const ids = config.targets.map((one) => one.id);
  throw new UsageError(`${named} has no target '${id}'; ${await meantOf(id, ids)}`);
}

/** A probe of a host loads no parser: it is loaded where the text of the file has the word. */
function isInFile(id: string, file: string): boolean {
  try {
    return existsSync(file) && readFileSync(file, 'utf8').includes(id);
  } catch {
    return false;
  }
}

async function meantOf(id: string, ids: readonly string[]): Promise<string> {
  const { closestWord } = await import('../../lambda/standards/spelling.ts');
  const closest = closestWord(id, ids);
  return closest === null ? `its targets: ${ids.slice(0, 20).join(', ')}` : `did you mean '${closest}'?`;
}

async function withPassword(target: Target, config: Config): Promise<ProbeTarget> {
  const { id, auth, slo: _slo, deliver: _deliver, ...settings } = target;
  const ehloName = ehloNameOf(config.ehloName, localVantage);
  if (auth === undefined) return { ...settings, ehloName };
  const password = await passwordOf(id, auth.password, config.home);
  return { ...settings, ehloName, auth: { ...auth, password } };
}

/** From the environment, or with the AWS credentials of this machine from Secrets Manager. */
async function passwordOf(id: string, reference: SecretReference, home: string): Promise<string> {
  try {
    const { readSecret } = await import('../../local/secrets.ts');
    if ('env' in reference || home === localVantage) return await readSecret(reference);
    const { secretReader } = await import('../../lambda/aws/secrets.ts');
    return await secretReader(home, Date.now)(reference);
  } catch (error) {
    throw new UsageError(`the password of target ${id} cannot be read: ${errorText(error)}`);
  }
}
