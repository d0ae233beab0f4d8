/** What the command `roundtrip` says of each way that a message can take. */

import type { TripOrder } from './trip-config.ts';

export interface RoundtripRow {
  readonly what: string;
  readonly order: TripOrder;
  /** Nobody listens at the port of the mailbox. */
  readonly unreadable?: true;
  readonly code: number;
  readonly findings: readonly string[];
  readonly folder: 'inbox' | 'junk' | null;
  readonly alterations?: readonly string[];
}

export const ROUNDTRIP_ROWS: readonly RoundtripRow[] = [
  { what: 'healthy, by IMAP', order: { seed: 'healthy' }, code: 0, findings: ['arrived'], folder: 'inbox' },
  {
    what: 'healthy, by POP3',
    order: { seed: 'relayed', protocol: 'pop3' },
    code: 0,
    findings: ['arrived'],
    folder: 'inbox',
  },
  {
    what: 'greylisted',
    order: { seed: 'alsoGreylisted', warn: '1s', fail: '3m' },
    code: 1,
    findings: ['slow'],
    folder: 'inbox',
  },
  { what: 'filed to Junk', order: { seed: 'junked' }, code: 2, findings: ['junked'], folder: 'junk' },
  {
    what: 'with a footer',
    order: { seed: 'altered' },
    code: 2,
    findings: ['altered'],
    folder: 'inbox',
    alterations: ['text-footer', 'html-footer', 'dkim-broken'],
  },
  {
    what: 'over the quota',
    order: { seed: 'full', warn: '500ms', fail: '1s' },
    code: 2,
    findings: ['not-arrived'],
    folder: null,
  },
  {
    what: 'lost',
    order: { seed: 'lost', warn: '500ms', fail: '1s' },
    code: 2,
    findings: ['not-arrived'],
    folder: null,
  },
  {
    what: 'to a mailbox that cannot be read',
    order: { seed: 'refused', warn: '500ms', fail: '1s' },
    unreadable: true,
    code: 3,
    findings: ['receiver-unreachable'],
    folder: null,
  },
];
