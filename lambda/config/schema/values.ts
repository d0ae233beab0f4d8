/** Types of config values, each with its error message. */
import { z } from 'zod';
import { parseDnsServer } from '../../dns/transport/dns-server.ts';
import { isAscii, toALabels } from '../../smtp/endpoint/a-label.ts';
import { durationPattern, parseDuration } from './duration.ts';

const hostOf = (letter: string) => {
  const label = `[${letter}_](?:[${letter}_-]{0,61}[${letter}])?`;
  return new RegExp(`^${label}(?:\\.${label})*\\.?$|^[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+$`);
};
/** A name, a dotted quad, or an IPv6 address. */
const hostPattern = hostOf('A-Za-z0-9');
/** The same in any script (IDN). */
const writtenHostPattern = hostOf('A-Za-z0-9\\u0080-\\uffff');

const addressLiteral = /^\[(?:\d{1,3}(?:\.\d{1,3}){3}|IPv6:[0-9A-Fa-f:.]+)\]$/;

const NO_ASCII_FORM = 'is not a host name: it has no ASCII form (IDNA)';

export const text = (pattern: RegExp, message: string) => z.string().regex(pattern, message);

/** A host name or address. An internationalized name is converted to A-labels. */
export const host = () =>
  text(writtenHostPattern, 'is not a host name or IP address')
    .refine((written) => hostInALabels(written) !== null, NO_ASCII_FORM)
    .transform((written) => hostInALabels(written) ?? written);

function hostInALabels(written: string): string | null {
  const name = toALabels(written);
  // For other invalid names the pattern reports the problem.
  return isAscii(written) || (name !== null && hostPattern.test(name)) ? name : null;
}

/** `host` or `host:port`. */
export const hostAndPort = () =>
  text(/^\S+?(?::\d+)?$/, 'must be `host` or `host:port`')
    .refine((written) => endpointInALabels(written) !== null, NO_ASCII_FORM)
    .transform((written) => endpointInALabels(written) ?? written);

function endpointInALabels(written: string): string | null {
  const port = /:\d+$/.exec(written)?.[0] ?? '';
  const name = toALabels(written.slice(0, written.length - port.length));
  return name === null ? null : name + port;
}

/** The address of a resolver, as a person writes it. */
export const resolver = () =>
  z.string().superRefine((written, context) => {
    const server = parseDnsServer(written);
    if (server.kind === 'fault') context.addIssue({ code: 'custom', message: server.message });
  });

/** A short word that groups targets. */
export const tag = () =>
  text(
    /^[A-Za-z0-9][A-Za-z0-9-]{0,23}$/,
    'is not a tag: letters, digits and dashes, 24 at most, beginning with a letter or digit',
  );

/** A host name, possibly with `{vantage}`, or an address literal (RFC 5321 4.1.3). */
export const ehloName = () =>
  z
    .string()
    .refine(
      (written) => hostPattern.test(written.replaceAll('{vantage}', 'us-east-1')) || addressLiteral.test(written),
      {
        message: 'is not a host name (which may contain `{vantage}`) or an address in brackets',
      },
    );

/** A mailbox for RCPT. Its domain may be local. */
export const address = () =>
  text(/^[^\s@<>"]+@[^\s@<>"]+$/, 'is not an e-mail address').refine(
    isAscii,
    'has characters outside of ASCII, which few servers accept (SMTPUTF8, RFC 6531): use an ASCII mailbox and A-labels (`xn--…`)',
  );

/** A mailbox on the public Internet, for alerts. */
export const email = () =>
  text(/^[^\s@<>"]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z0-9-]{2,}$/, 'is not an e-mail address');

/** A duration such as `30s`, converted to milliseconds. */
export const duration = () =>
  text(durationPattern, 'is not a duration: write a number and ms, s, m, h or d, such as `30s` or `1m`').transform(
    (written) => parseDuration(written) ?? 0,
  );

export const count = (least: number) => {
  const message = `must be a whole number, ${least} or more`;
  return z.int(message).min(least, message);
};

/** An availability objective in percent. 100 is not valid, because it has no error budget. */
export const objective = () => {
  const message = 'must be a percentage above 0 and below 100, such as `99.9`';
  return z.number(message).gt(0, message).lt(100, message);
};

export const port = () => {
  const message = 'must be a port: a whole number from 1 to 65535';
  return z.int(message).min(1, message).max(65535, message);
};

/** Of an endpoint: how its certificate is verified. */
export const tlsShape = {
  serverName: host().optional().describe('Name for SNI and for the certificate, if it differs from `host`.'),
  ca: z
    .string()
    .min(1, 'must name a file')
    .optional()
    .describe('PEM file with the trusted authorities, instead of the public ones. Its path is relative to this file.'),
  insecure: z.boolean().default(false).describe('Accept any certificate.'),
};
