/** Kinds of values that the config is written in, each with the message for what is none of its kind. */
import { z } from 'zod';
import { isAscii, toALabels } from '../../smtp/endpoint/a-label.ts';
import { durationPattern, parseDuration } from './duration.ts';

const hostOf = (letter: string) => {
  const label = `[${letter}_](?:[${letter}_-]{0,61}[${letter}])?`;
  return new RegExp(`^${label}(?:\\.${label})*\\.?$|^[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+$`);
};
/** A name, a dotted quad, or an IPv6 address. */
const hostPattern = hostOf('A-Za-z0-9');
/** The same in any script: as people write it. */
const writtenHostPattern = hostOf('A-Za-z0-9\\u0080-\\uffff');

const addressLiteral = /^\[(?:\d{1,3}(?:\.\d{1,3}){3}|IPv6:[0-9A-Fa-f:.]+)\]$/;

export const text = (pattern: RegExp, message: string) => z.string().regex(pattern, message);

/** Read as A-labels, where it is written in another script. */
export const host = () =>
  text(writtenHostPattern, 'is no host name or IP address')
    .refine((written) => hostInALabels(written) !== null, 'is no host name: it has no form in ASCII (IDNA)')
    .transform((written) => hostInALabels(written) ?? written);

function hostInALabels(written: string): string | null {
  const name = toALabels(written);
  // What the pattern refuses is told by the pattern.
  return isAscii(written) || (name !== null && hostPattern.test(name)) ? name : null;
}

/** `host` or `host:port`. */
export const hostAndPort = () =>
  text(/^\S+?(?::\d+)?$/, 'must be `host` or `host:port`')
    .refine((written) => endpointInALabels(written) !== null, 'is no host name: it has no form in ASCII (IDNA)')
    .transform((written) => endpointInALabels(written) ?? written);

function endpointInALabels(written: string): string | null {
  const port = /:\d+$/.exec(written)?.[0] ?? '';
  const name = toALabels(written.slice(0, written.length - port.length));
  return name === null ? null : name + port;
}

/** A host name, in which `{vantage}` may stand for the vantage, or an address in brackets (RFC 5321 4.1.3). */
export const ehloName = () =>
  z
    .string()
    .refine(
      (written) => hostPattern.test(written.replaceAll('{vantage}', 'us-east-1')) || addressLiteral.test(written),
      {
        message: 'is no host name (in which `{vantage}` may stand for the vantage), nor an address in brackets',
      },
    );

/** A mailbox as RCPT takes it; its domain may be a local one. */
export const address = () =>
  text(/^[^\s@<>"]+@[^\s@<>"]+$/, 'is no e-mail address').refine(
    isAscii,
    'has letters beyond ASCII, which few servers take (SMTPUTF8, RFC 6531): name a mailbox without, its domain as A-labels (`xn--…`)',
  );

/** A mailbox that people read, on the public Internet. */
export const email = () =>
  text(/^[^\s@<>"]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z0-9-]{2,}$/, 'is no e-mail address');

/** Written as `30s`, read as milliseconds. */
export const duration = () =>
  text(durationPattern, 'is no length of time: write a number and ms, s, m, h or d, such as `30s` or `1m`').transform(
    (written) => parseDuration(written) ?? 0,
  );

export const count = (least: number) => {
  const message = `must be a whole number, ${least} or more`;
  return z.int(message).min(least, message);
};

/** Percent of the time, above 0 and below 100: whoever promises all of it has no budget. */
export const objective = () => {
  const message = 'must be a percentage above 0 and below 100, such as `99.9`';
  return z.number(message).gt(0, message).lt(100, message);
};

export const port = () => {
  const message = 'must be a port: a whole number from 1 to 65535';
  return z.int(message).min(1, message).max(65535, message);
};
