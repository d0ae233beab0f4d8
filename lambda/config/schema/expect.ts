/** `expect:` of a target. Its result is `Expectations` of `lambda/smtp/endpoint/expectations.ts`. */
import { z } from 'zod';
import { address, duration, host } from './values.ts';

const severityOf = (what: string, fallback: string) =>
  z.enum(['warn', 'fail']).optional().describe(`${what} Default: \`${fallback}\`.`);
const severity = (fallback: string) => severityOf('Outcome if it is not met.', fallback);
const severityOrIgnore = (what: string, fallback: string) =>
  z.enum(['warn', 'fail', 'ignore']).optional().describe(`${what} Default: \`${fallback}\`.`);
const days = (what: string) =>
  z.number('must be a number of days').min(0, 'must be a number of days').optional().describe(what);
const keywords = (what: string) => z.array(z.string().min(1, 'must not be empty')).optional().describe(what);
const recipients = (what: string) => z.array(address()).optional().describe(what);

const budget = (what: string) =>
  z
    .strictObject({
      warn: duration().optional().describe('A longer time is a `warn`.'),
      fail: duration().optional().describe('A longer time is a `fail`.'),
    })
    .optional()
    .describe(what);

const timedPhases = {
  dns: 'Resolving the name.',
  connect: 'TCP connection.',
  greeting: 'From the connection to the greeting.',
  ehlo: 'EHLO to its reply.',
  starttls: 'STARTTLS to its reply.',
  tls: 'TLS handshake.',
  ehlo2: 'EHLO after TLS to its reply.',
  auth: 'AUTH exchange.',
  mail: 'MAIL FROM to its reply.',
  rcpt: 'RCPT TO to its reply.',
  data: 'DATA to the reply to the mail, if the target has `deliver`.',
  quit: 'QUIT to its reply.',
} as const;

const code = z
  .int('must be a reply code from 200 to 599')
  .min(200, 'must be a reply code from 200 to 599')
  .max(599, 'must be a reply code from 200 to 599');

const reply = (what: string) =>
  z
    .strictObject({
      code: z
        .union([code, z.array(code).min(1)], 'must be a reply code, or a list of them')
        .describe('Reply code, or a list of them.'),
      otherwise: severity('fail'),
    })
    .optional()
    .describe(what);

const certificate = z.strictObject({
  warnDays: days('Fewer remaining days are a `warn`; 0 disables the check. Default: 21.'),
  failDays: days('Fewer remaining days are a `fail`; 0 disables the check. Default: 3.'),
  name: severityOrIgnore('The certificate must be valid for the server name.', 'fail'),
  trust: severityOrIgnore('The chain must end at a trusted authority.', 'fail'),
  weak: severityOrIgnore('RSA below 2048 bits, EC below 224, SHA-1 or MD5 signatures.', 'warn'),
});

const rcpt = z.strictObject({
  accepts: recipients(
    'Recipients that must be accepted. No mail is sent to them, even with `deliver`: the transaction is reset.',
  ),
  rejects: recipients(
    'Recipients that must be refused. Accepting an unknown recipient is accept-all; accepting one of a foreign domain is an open relay. Not with `auth`, because authenticated clients may relay.',
  ),
  domains: z
    .array(host())
    .optional()
    .describe(
      'Domains that the server accepts mail for, in addition to those of `domain`, `host`, `rcptTo` and `accepts`. Recipients of these domains do not make it an open relay.',
    ),
  refused: severityOf('A recipient of `accepts` is refused permanently (5xx).', 'fail'),
  acceptAll: severityOf('An unknown recipient is accepted.', 'warn'),
  openRelay: severityOf('A recipient of a foreign domain is accepted.', 'fail'),
});

export const expectationsSchema = z.strictObject({
  greeting: z
    .strictObject({
      matches: z
        .string()
        .refine(isPattern, 'is not a regular expression')
        .describe('JavaScript regular expression; letter case is ignored.'),
      otherwise: severity('fail'),
    })
    .optional()
    .describe('Pattern for the text of the greeting.'),
  keywords: z
    .strictObject({
      present: keywords('Keywords that must be offered, such as `PIPELINING`.'),
      absent: keywords('Keywords that must not be offered.'),
      otherwise: severity('warn'),
    })
    .optional()
    .describe('Extension keywords of the last EHLO.'),
  size: z
    .strictObject({
      atLeast: z.int('must be a number of octets').min(1, 'must be a number of octets').describe('Octets.'),
      otherwise: severity('warn'),
    })
    .optional()
    .describe('Minimum message size that the server must declare (SIZE); `SIZE 0` is unlimited.'),
  tls: z
    .strictObject({
      atLeast: z.enum(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']).describe('Lowest TLS version.'),
      otherwise: severity('fail'),
    })
    .optional()
    .describe('Lowest TLS version. Default: TLS 1.2, or it is a `fail`.'),
  certificate: certificate.optional().describe("The server's certificate."),
  latency: z
    .strictObject({
      total: budget('The whole probe.'),
      phases: z.strictObject(mapValues(timedPhases, budget)).optional().describe('Budgets of single phases.'),
    })
    .optional()
    .describe('Maximum durations.'),
  authAfterTls: severityOrIgnore('The session must be encrypted, and AUTH must be offered in it.', 'ignore'),
  authInClear: severityOrIgnore(
    'AUTH must not be offered before TLS, because passwords could be sent unencrypted.',
    'ignore',
  ),
  rcpt: rcpt.optional().describe('Recipients that must be accepted or refused.'),
  replies: z
    .strictObject({
      greeting: reply('Reply code of the greeting.'),
      ehlo: reply('Reply code of EHLO.'),
      starttls: reply('Reply code of STARTTLS.'),
      ehlo2: reply('Reply code of EHLO after TLS.'),
      auth: reply('Reply code of AUTH.'),
      mail: reply('Reply code of MAIL FROM.'),
      rcpt: reply('Reply code of RCPT TO.'),
      data: reply('Reply code of DATA (354), or of the mail itself, if the target has `deliver`.'),
    })
    .optional()
    .describe('The reply code at the end of a phase, instead of any positive one. Challenges of AUTH do not count.'),
  temporary: z
    .enum(['warn', 'fail'])
    .optional()
    .describe(
      'Outcome of a temporary refusal (4xx). Default: `warn` for greylisting and address verification, `fail` for all others.',
    ),
});

function isPattern(written: string): boolean {
  try {
    return new RegExp(written, 'iu') !== null;
  } catch {
    return false;
  }
}

function mapValues<K extends string, V>(table: Readonly<Record<K, string>>, make: (what: string) => V): Record<K, V> {
  return Object.fromEntries(Object.entries<string>(table).map(([key, what]) => [key, make(what)])) as Record<K, V>;
}
