/** The schema of the mail server through which one machine sends e-mail. */
import { z } from 'zod';
import { email, host, port, text } from './values.ts';

export const relaySchema = z.strictObject({
  host: host().describe(
    'Host name or IP address of a mail server that relays for this machine. It must not be a target.',
  ),
  port: port().default(587).describe('TCP port.'),
  security: z
    .enum(['none', 'starttls', 'starttls-if-offered', 'tls'])
    .optional()
    .describe(
      '`starttls` (must be offered), `starttls-if-offered` (any certificate), `tls` from the first byte, or `none`. Default: `tls` on port 465, `starttls` with a `user`, else `starttls-if-offered`.',
    ),
  user: text(/^\P{Cc}+$/u, 'must not be empty or contain control characters or line ends')
    .optional()
    .describe('User name, to log in.'),
  password: z
    .strictObject({
      env: text(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not the name of an environment variable').describe(
        'Name of the environment variable with the password. This file never contains a password.',
      ),
    })
    .optional()
    .describe('Where the password is stored.'),
  from: email().optional().describe('Sender of the e-mails. Default: `user` if it is an address, else the recipient.'),
});

export type CheckedRelay = z.output<typeof relaySchema>;
