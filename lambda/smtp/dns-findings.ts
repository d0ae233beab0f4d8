/** The findings of DNS failures. */

import type { DnsFailure, DnsFailureKind } from '../dns/dns-failure.ts';
import { type FailureCode, finding } from './failures/failures.ts';
import type { Finding } from './sample/sample.ts';

const CODES: Readonly<Record<DnsFailureKind, FailureCode>> = {
  nxdomain: 'dns-nxdomain',
  'no-data': 'dns-no-data',
  servfail: 'dns-servfail',
  timeout: 'dns-timeout',
  refused: 'dns-refused',
  failed: 'dns-failed',
  aborted: 'aborted',
  'mx-null': 'mx-null',
  'mx-null-beside-others': 'mx-null-beside-others',
  'mx-alias': 'mx-alias',
  'mx-alias-loop': 'mx-alias-loop',
  'mx-too-many': 'mx-too-many',
  'mx-not-routable': 'mx-not-routable',
  'slow-family': 'dns-slow-family',
  'broken-family': 'dns-broken-family',
};

export function dnsFinding({ kind, detail }: DnsFailure): Finding {
  return finding(CODES[kind], { phase: 'dns', detail });
}
