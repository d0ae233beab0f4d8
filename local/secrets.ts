import type { SecretReference } from '../lambda/config/channel.ts';

/** Reads a password from the environment, the source of passwords on one machine. */
export async function readSecret(reference: SecretReference): Promise<string> {
  if ('secret' in reference) {
    throw new Error(`secret ${reference.secret} is in AWS Secrets Manager: on one machine, use { env: NAME } instead`);
  }
  const password = process.env[reference.env];
  if (password === undefined || password === '') throw new Error(`environment variable ${reference.env} is not set`);
  return password;
}
