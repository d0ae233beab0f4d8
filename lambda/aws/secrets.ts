import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretReference } from '../config/config.ts';

/** Milliseconds that a password is used before it is read again, so that a rotated one is taken up without a deploy. */
const KEPT = 5 * 60_000;

/**
 * Reads passwords from Secrets Manager: names in `region`, ARNs in their own. Each is kept for a few minutes. The
 * SDK's client costs 13 KB beside the three clients that are bundled anyway; none is made before the first secret.
 */
export function secretReader(region: string, now: () => number): (reference: SecretReference) => Promise<string> {
  const kept = new Map<string, { readonly password: Promise<string>; readonly until: number }>();
  return (reference) => {
    if (!('secret' in reference)) throw new Error(`a password by env (${reference.env}) works on one machine only`);
    const { secret } = reference;
    const known = kept.get(secret);
    if (known && known.until > now()) return known.password;
    const password = read(secret, regionOf(secret) ?? region);
    kept.set(secret, { password, until: now() + KEPT });
    // A failed read is not kept: the next probe asks again.
    password.catch(() => kept.delete(secret));
    return password;
  };
}

async function read(secret: string, region: string): Promise<string> {
  const { SecretString } = await new SecretsManagerClient({ region }).send(
    new GetSecretValueCommand({ SecretId: secret }),
  );
  if (SecretString === undefined) throw new Error(`secret ${secret} holds no text`);
  return SecretString;
}

/** Region of `arn:aws:secretsmanager:eu-west-1:…`; undefined for a name. */
export function regionOf(secret: string): string | undefined {
  return secret.startsWith('arn:') ? secret.split(':')[3] : undefined;
}
