import type { AllowedRange } from './allowed-ranges.ts';

/** Who may read a private page. */
export interface ReaderRules {
  /** Null: from everywhere. */
  readonly allow: readonly AllowedRange[] | null;
  /** Whether a password is asked for. Its digest is in the key-value store. */
  readonly password: boolean;
}

/**
 * The function that CloudFront runs before it answers a reader, as text: runtime 2.0, which is ECMAScript 5.1 with few newer
 * features. What fails for any reason is refused, always with the same answer. No secret is in it: the key of the store is the
 * SHA-256 digest of the password, in hexadecimal.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
 */
export function readerCheckCode({ allow, password }: ReaderRules): string {
  const checks = [
    ...(allow === null ? [] : ['isAllowed(event.viewer.ip)']),
    ...(password ? ['(await hasPassword(event.request.headers.authorization))'] : []),
  ];
  return [
    ...(password ? [PASSWORD] : []),
    ...(allow === null
      ? []
      : [`const ranges = ${JSON.stringify(allow.map(({ groups, bits }) => [groups, bits]))};`, ADDRESSES]),
    `async function handler(event) {
  let may = false;
  try {
    may = ${checks.length === 0 ? 'false' : checks.join(' && ')};
  } catch (error) {
    may = false;
  }
  if (!may) return ${password ? UNAUTHORIZED : FORBIDDEN};
  delete event.request.headers.authorization;
  return event.request;
}`,
  ].join('\n');
}

/** The store is associated with the function. Of `user:password`, any user will do. */
const PASSWORD = `import cf from 'cloudfront';
const crypto = require('crypto');
const keys = cf.kvs();
async function hasPassword(header) {
  const sent = header ? /^basic +([A-Za-z0-9+/=]+)$/i.exec(header.value) : null;
  if (!sent) return false;
  const text = Buffer.from(sent[1], 'base64').toString('utf8');
  const at = text.indexOf(':');
  if (at < 0 || at === text.length - 1) return false;
  return await keys.exists(crypto.createHash('sha256').update(text.slice(at + 1)).digest('hex'));
}`;

const ADDRESSES = `function groupsOf(ip) {
  if (ip.indexOf(':') < 0) {
    const octets = ip.split('.').map(Number);
    return [octets[0] * 256 + octets[1], octets[2] * 256 + octets[3]];
  }
  const halves = ip.split('::');
  const head = halves[0] ? halves[0].split(':') : [];
  const tail = halves[1] ? halves[1].split(':') : [];
  const zeros = [];
  while (halves.length > 1 && zeros.length < 8 - head.length - tail.length) zeros.push('0');
  return head.concat(zeros, tail).map((group) => parseInt(group, 16));
}
function isAllowed(ip) {
  const groups = groupsOf(ip);
  return ranges.some((range) => isWithin(groups, range[0], range[1]));
}
function isWithin(groups, network, bits) {
  if (groups.length !== network.length) return false;
  for (let at = 0; at < groups.length; at++) {
    const free = 16 - Math.min(16, Math.max(0, bits - at * 16));
    if (groups[at] >> free !== network[at] >> free) return false;
  }
  return true;
}`;

const UNAUTHORIZED = answer(401, 'Unauthorized', 'A password is required.', {
  'www-authenticate': 'Basic realm="Status page", charset="UTF-8"',
});
const FORBIDDEN = answer(403, 'Forbidden', 'This page is not for your address.', {});

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html */
function answer(statusCode: number, statusDescription: string, body: string, headers: Record<string, string>): string {
  const all = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers };
  return JSON.stringify({
    statusCode,
    statusDescription,
    headers: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, { value }])),
    body: { encoding: 'text', data: `${body}\n` },
  });
}
