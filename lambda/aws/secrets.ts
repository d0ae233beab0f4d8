import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretReference } from '../config/channel.ts';
import { clientSettings } from './client-timeouts.ts';
import { fromEnvironment } from './environment.ts';

/**
 * Milliseconds for which a password is cached. Each read costs money ($0.05 for 10,000 reads). A rotated password is read
 * as soon as a server refuses the old one.
 * https://aws.amazon.com/secrets-manager/pricing/
 */
const CACHE_TIME = 60 * 60_000;

/** Milliseconds after a read during which a refused password is not read again, because it is wrong and not rotated. */
const REREAD_INTERVAL = 60_000;

interface CachedPassword {
  readonly password: Promise<string>;
  readonly readAt: number;
}

/**
 * Reads passwords from Secrets Manager: names in `region`, ARNs in their own region. The client adds 13 KB to the bundle,
 * and is created with the first secret.
 * @returns a reader. `refused` is a password that a server refused: it is read again, unless it was read a moment ago
 */
export function secretReader(
  region: string,
  now: () => number,
): (reference: SecretReference, refused?: string) => Promise<string> {
  const cache = new Map<string, CachedPassword>();
  const readAgain = (secret: string) => {
    const password = read(secret, regionOf(secret) ?? region);
    cache.set(secret, { password, readAt: now() });
    // A failed read is not cached: the next probe reads again.
    password.catch(() => cache.delete(secret));
    return password;
  };
  return async (reference, refused) => {
    if (!('secret' in reference))
      throw new Error(`a password from an environment variable (${reference.env}) works on one machine only`);
    const { secret } = reference;
    const cached = cache.get(secret);
    if (cached === undefined) return readAgain(secret);
    const age = now() - cached.readAt;
    const wasRefused = refused !== undefined && (await cached.password) === refused;
    const current = cache.get(secret) ?? cached;
    // Another probe may have read it while this one waited.
    if (current !== cached) return current.password;
    return age >= CACHE_TIME || (wasRefused && age >= REREAD_INTERVAL) ? readAgain(secret) : cached.password;
  };
}

async function read(secret: string, region: string): Promise<string> {
  const { SecretString } = await new SecretsManagerClient(clientSettings(region)).send(
    new GetSecretValueCommand({ SecretId: secret }),
  );
  if (SecretString === undefined) throw new Error(`secret ${secret} has no text value`);
  return SecretString;
}

/** Region of `arn:aws:secretsmanager:eu-west-1:…`; undefined for a name. */
export function regionOf(secret: string): string | undefined {
  return secret.startsWith('arn:') ? secret.split(':')[3] : undefined;
}

/** Of the home region. */
export function homeSecrets(): ReturnType<typeof secretReader> {
  return secretReader(fromEnvironment('home'), Date.now);
}
