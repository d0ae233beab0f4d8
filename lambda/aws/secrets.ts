import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretReference } from '../config/config.ts';

/** Milliseconds for which a password is cached. A rotated password is used after this time, without a deployment. */
const CACHE_TIME = 5 * 60_000;

/**
 * Reads passwords from Secrets Manager: names in `region`, ARNs in their own region. Each is cached for a few minutes. The
 * client adds 13 KB to the bundle, and is created with the first secret.
 */
export function secretReader(region: string, now: () => number): (reference: SecretReference) => Promise<string> {
  const cache = new Map<string, { readonly password: Promise<string>; readonly until: number }>();
  return (reference) => {
    if (!('secret' in reference))
      throw new Error(`a password from an environment variable (${reference.env}) works on one machine only`);
    const { secret } = reference;
    const known = cache.get(secret);
    if (known && known.until > now()) return known.password;
    const password = read(secret, regionOf(secret) ?? region);
    cache.set(secret, { password, until: now() + CACHE_TIME });
    // A failed read is not cached: the next probe reads again.
    password.catch(() => cache.delete(secret));
    return password;
  };
}

async function read(secret: string, region: string): Promise<string> {
  const { SecretString } = await new SecretsManagerClient({ region }).send(
    new GetSecretValueCommand({ SecretId: secret }),
  );
  if (SecretString === undefined) throw new Error(`secret ${secret} has no text value`);
  return SecretString;
}

/** Region of `arn:aws:secretsmanager:eu-west-1:…`; undefined for a name. */
export function regionOf(secret: string): string | undefined {
  return secret.startsWith('arn:') ? secret.split(':')[3] : undefined;
}
