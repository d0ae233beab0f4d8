/** The findings of failed TCP connections. */

import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { ownValue } from '../wire/own-value.ts';
import { type FailureCode, finding } from './failures/failures.ts';
import type { Finding } from './sample/sample.ts';

/** Errors of connect(2). A reset SYN is ECONNREFUSED. */
const CONNECT_ERRORS: Readonly<Record<string, FailureCode>> = {
  ECONNREFUSED: 'connect-refused',
  ETIMEDOUT: 'connect-timeout',
  EHOSTUNREACH: 'connect-unreachable',
  ENETUNREACH: 'connect-unreachable',
  EHOSTDOWN: 'connect-unreachable',
  ENETDOWN: 'no-route',
  EAFNOSUPPORT: 'no-route',
  EMFILE: 'no-resources',
  ENFILE: 'no-resources',
  ENOBUFS: 'no-resources',
  ENOMEM: 'no-resources',
  EADDRNOTAVAIL: 'no-resources',
  EACCES: 'no-resources',
  EPERM: 'no-resources',
};

export function connectTimeout(address: string, port: number, within: number): Finding {
  return finding('connect-timeout', {
    detail: `${address} port ${port}: no answer within ${(within / 1000).toFixed(1)} s`,
  });
}

export function connectFailure(address: string, port: number, error: NodeJS.ErrnoException): Finding {
  const code = ownValue(CONNECT_ERRORS, error.code ?? '') ?? 'connect-failed';
  const detail = `${address} port ${port}: ${error.code ?? error.message}`;
  return finding(code === 'connect-unreachable' && !hasFamily(isIP(address)) ? 'no-route' : code, { detail });
}

/** Whether this machine has a routable address of the family. */
function hasFamily(family: number): boolean {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return own.some(
    (address) => address.family === `IPv${family}` && !address.internal && !address.address.startsWith('fe80:'),
  );
}
