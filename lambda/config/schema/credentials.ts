/** The schema of a login, and of the place of a password. */
import { z } from 'zod';
import { text } from './values.ts';

export const secretReferenceSchema = z.strictObject({
  secret: text(
    /^[A-Za-z0-9/_+=.@:-]{1,512}$/,
    'is not the name of a secret: letters, digits and /_+=.@- (its ARN is possible, too)',
  )
    .optional()
    .describe('Name of a secret in AWS Secrets Manager, in the region of the vantage or of `home`.'),
  env: text(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not the name of an environment variable')
    .optional()
    .describe('Name of an environment variable, for runs on one machine.'),
});

export const credentialsSchema = z.strictObject({
  user: text(/^\P{Cc}+$/u, 'must not be empty or contain control characters or line ends').describe('User name.'),
  password: secretReferenceSchema.describe(
    'Where the password is stored: exactly one of `secret` and `env`. This file never contains a password.',
  ),
  mechanism: z
    .enum(['PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-1', 'SCRAM-SHA-256', 'XOAUTH2', 'OAUTHBEARER'])
    .optional()
    .describe('SASL mechanism. Default: the best that the server offers.'),
});
