/** Compares the names that a server says with the confirmed names of its addresses: RFC 5321 4.1.1.1, 4.2. Never throws. */

import { comparableName } from '../domain-name.ts';

export interface SaidNames {
  /** In lower case, without a dot at the end. Null if the server said none. */
  readonly greeting: string | null;
  readonly ehlo: string | null;
}

export interface SaidProblem {
  readonly kind: 'greeting' | 'ehlo';
  readonly detail: string;
}

/** @param confirmed names of the address that the session had; without any, nothing is compared with them */
export function saidProblems({ greeting, ehlo }: SaidNames, confirmed: readonly string[]): readonly SaidProblem[] {
  const names = confirmed.map(comparableName);
  const isOther = greeting !== null && names.length > 0 && !names.includes(greeting);
  const differ = greeting !== null && ehlo !== null && greeting !== ehlo;
  const what = (name: string) => (isHostName(name) ? name : `'${name}', which is no host name`);
  return [
    ...(isOther
      ? [
          {
            kind: 'greeting',
            detail: `greets as ${what(greeting)}; the name of its address is ${names.join(', ')}`,
          } as const,
        ]
      : []),
    ...(differ
      ? [{ kind: 'ehlo', detail: `greets as ${what(greeting)} and answers EHLO as ${what(ehlo)}` } as const]
      : []),
  ];
}

/** RFC 5321 2.3.5: a name with its domain. */
function isHostName(name: string): boolean {
  return name.length <= 253 && /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}$/.test(name);
}
