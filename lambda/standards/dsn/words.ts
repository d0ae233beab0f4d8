/** Words that bounces of all forms have. Each is linear in time. */

import type { DsnAction } from './dsn.ts';

const LONGEST = 1_000;

/** An enhanced status code: RFC 3463. */
export function statusIn(text: string): string | null {
  return /(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)/.exec(text.slice(0, LONGEST))?.[1] ?? null;
}

export function actionOfStatus(status: string | null): DsnAction | null {
  if (status === null) return null;
  return ({ '2': 'delivered', '4': 'delayed', '5': 'failed' } as const)[status[0] as '2' | '4' | '5'];
}

/** `mx.example.net (192.0.2.1)`, `[192.0.2.1] mx.example.net`. */
export function hostName(text: string | null): string | null {
  const [name = ''] = (text ?? '')
    .trim()
    .replace(/^\[[\w.:]{1,50}\] +/, '')
    .split(/[\s([]/, 1);
  return /^[A-Za-z0-9_.:-]{1,253}$/.test(name) ? name.toLowerCase().replace(/\.$/, '') : null;
}

export function domainOfAddress(address: string): string | null {
  const at = address.lastIndexOf('@');
  return at === -1 ? null : hostName(address.slice(at + 1).replace(/[>"'\s].*$/, ''));
}

/** The first address of a line. */
export function addressIn(line: string): string | null {
  return /[^\s<>()[\]:;,"']{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,252}/.exec(line.slice(0, LONGEST))?.[0] ?? null;
}

/** A reply of a server in a line of text: `550 5.1.1 …`, `550-5.1.1 …`, `#5.1.1`. */
export function replyIn(line: string): string | null {
  return (
    /(?:^|[\s:(<"'[#])((?:[45]\d\d(?:[ -]|: ?)#?(?:[45]\.\d{1,3}\.\d{1,3}(?![\d.]*\d))?|#?[45]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)).*)$/.exec(
      line.slice(0, LONGEST),
    )?.[1] ?? null
  );
}

export function oneLine(text: string | null): string | null {
  const line = (text ?? '')
    .slice(0, 2 * LONGEST)
    .split(/\s+/)
    .join(' ')
    .trim();
  return line === '' ? null : line.slice(0, LONGEST);
}
