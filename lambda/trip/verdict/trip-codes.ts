/** What a trip has to say: a table of stable codes, worst first. */

import type { Outcome } from '../../smtp/sample/sample.ts';

export interface TripCodeRow {
  readonly outcome: Outcome;
  readonly meaning: string;
  readonly hint: string;
}

function row(outcome: Outcome, meaning: string, hint: string): TripCodeRow {
  return { outcome, meaning, hint };
}

export const TRIP_CODES = {
  'not-accepted': row(
    'fail',
    'The server did not accept the message. The phase and the reply say why.',
    'docs/failures.md has the codes of the phases.',
  ),
  'not-arrived': row(
    'fail',
    'The server accepted the message, and it is not in the mailbox after the time of within.fail.',
    'Search the log of the server for the queue identifier of the trip.',
  ),
  late: row(
    'fail',
    'The message arrived after the time of within.fail, also if it had been given up by then.',
    'The delays of the hops show where it waited.',
  ),
  'authentication-failed': row(
    'fail',
    'The receiver reports another result of SPF, DKIM or DMARC than the one expected.',
    'smtp-quorum posture shows what is missing in DNS. An alteration after signing breaks DKIM.',
  ),
  'plaintext-hop': row(
    'fail',
    'A host passed the message on without TLS between public addresses.',
    'Require TLS on the host that sent it, or let the one that received it offer STARTTLS.',
  ),
  junked: row(
    'fail',
    'The message is in the junk folder.',
    'The fields of the spam filter in the message say why; look at authentication and DNS lists.',
  ),
  altered: row(
    'fail',
    'The message is not as it was sent. Its alterations say what differs.',
    'See the table of alterations.',
  ),
  misfiled: row('warn', 'The message is in another folder than the one expected.', 'A filter of the mailbox moves it.'),
  slow: row(
    'warn',
    'The message arrived after the time of within.warn.',
    'The delays of the hops show where it waited.',
  ),
  duplicated: row(
    'warn',
    'The message arrived more than once.',
    'A host sends again what was accepted already: its connection breaks before the reply. Compare the hops of both.',
  ),
  'authentication-unknown': row(
    'warn',
    'The receiver that is trusted reports no result of SPF, DKIM or DMARC where one is expected.',
    'Compare authservId of the config with the Authentication-Results of the message.',
  ),
  'not-sent': row(
    'unable',
    'The vantage could not send: no egress, no resolver, or out of time.',
    'The phase says what is missing.',
  ),
  'receiver-unreachable': row(
    'unable',
    'The mailbox could not be read since the message was due. Nothing is known of its arrival.',
    'The phase of the mailbox says why.',
  ),
  arrived: row('pass', 'The message arrived as expected.', 'Nothing is to be done.'),
} as const satisfies Readonly<Record<string, TripCodeRow>>;

/** Codes are stable: they are stored, and documented in docs/trips.md. */
export type TripCode = keyof typeof TRIP_CODES;
