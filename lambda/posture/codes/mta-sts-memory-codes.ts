/** Codes of MTA-STS that follow from former policies, and from certificates. */

import { defineCode, type PostureCodeTable } from './code.ts';

export const MTA_STS_MEMORY_CODES = {
  'sts-id-unchanged': defineCode(
    'mta-sts',
    'warn',
    'RFC 8461 3.1',
    'The policy changed, but the id of the record did not. Senders do not see the change until their copy expires.',
    'Change the id of the record with each change of the policy.',
  ),
  'sts-id-changed-alone': defineCode(
    'mta-sts',
    'pass',
    'RFC 8461 3.1',
    'The id of the record changed, but the policy did not. Senders read the policy again, which does no harm.',
  ),
  'sts-former-policy-held': defineCode(
    'mta-sts',
    'pass',
    'RFC 8461 5.1',
    'Some senders may still have a former policy. The MX hosts fit it, too.',
  ),
  'sts-former-policy-refuses': defineCode(
    'mta-sts',
    'fail',
    'RFC 8461 5.1',
    'Every sender that has the former policy still uses it, and delivers to no present MX host.',
    'Publish a policy with the present hosts under a new id; without one, keep the former hosts as MX until the former policy has expired.',
  ),
  'sts-former-policy-partly-refuses': defineCode(
    'mta-sts',
    'warn',
    'RFC 8461 5.1',
    'Some senders may have a former policy, and do not deliver to a present MX host. They use another one, or read the present policy first.',
    'Keep the former hosts as MX until the former policy has expired everywhere.',
  ),
  'sts-mx-certificate': defineCode(
    'mta-sts',
    'fail',
    'RFC 8461 4.2',
    'An MX host of a policy that is in force has no certificate that senders accept. They do not deliver to it.',
    'Install a certificate of a public authority with the name of the MX host.',
  ),
  'sts-tested-mx-certificate': defineCode(
    'mta-sts',
    'warn',
    'RFC 8461 4.2',
    'An MX host of a policy that is a test has no certificate that senders would accept.',
    'Install a certificate of a public authority with the name of the MX host before you set the mode enforce.',
  ),
  'sts-certificate-expiring': defineCode(
    'mta-sts',
    'warn',
    'RFC 8461 3.3',
    'The certificate of the policy host expires soon. Then senders no longer read the policy.',
    'Renew the certificate, and see why it is not renewed by itself.',
  ),
  'web-certificate-valid': defineCode(
    'mta-sts',
    'pass',
    'RFC 9525 6',
    'The certificate of a host that clients use is valid.',
  ),
  'web-certificate-expiring': defineCode(
    'mta-sts',
    'warn',
    'RFC 5280 4.1.2.5',
    'The certificate of a host that clients use, such as webmail or autoconfig, expires soon.',
    'Renew the certificate, and see why it is not renewed by itself.',
  ),
  'web-certificate': defineCode(
    'mta-sts',
    'fail',
    'RFC 9525 6',
    'The certificate of a host that clients use, such as webmail or autoconfig, is not valid.',
    'Renew the certificate, or request one with the name of the host.',
  ),
  'web-host-unreachable': defineCode(
    'mta-sts',
    'unable',
    'RFC 9110 4.3',
    'A host that clients use could not be reached from here.',
    'Check from another network.',
  ),
} as const satisfies PostureCodeTable;
