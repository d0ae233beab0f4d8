/** Kinds of values that the config is written in, each with the message for what is none of its kind. */
import { z } from 'zod';
import { durationPattern, parseDuration } from './duration.ts';

const label = '[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?';
/** A name, a dotted quad, or an IPv6 address. */
const hostPattern = new RegExp(`^${label}(?:\\.${label})*\\.?$|^[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+$`);

const addressLiteral = /^\[(?:\d{1,3}(?:\.\d{1,3}){3}|IPv6:[0-9A-Fa-f:.]+)\]$/;

export const text = (pattern: RegExp, message: string) => z.string().regex(pattern, message);

export const host = () => text(hostPattern, 'is no host name or IP address');

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
export const address = () => text(/^[^\s@<>"]+@[^\s@<>"]+$/, 'is no e-mail address');

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
