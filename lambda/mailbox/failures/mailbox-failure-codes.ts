import type { Failure } from '../../smtp/failures/failure-definition.ts';
import type { MailboxPhase } from './mailbox-phase.ts';

/** A row of the table: one way to fail, as `Failure` of the SMTP probe. */
export interface MailboxFailure extends Omit<Failure, 'phase'> {
  readonly phase: MailboxPhase | Failure['phase'];
}

function define(
  phase: MailboxFailure['phase'],
  outcome: MailboxFailure['outcome'],
  nature: 'lasting' | 'temporary' | 'vantage' | 'vantage, temporary',
): MailboxFailure {
  return { phase, outcome, temporary: nature.endsWith('temporary'), vantageFault: nature.startsWith('vantage') };
}

/** Failures in a session with IMAP or POP3. A code that the SMTP probe has as well means the same. */
// biome-ignore format: a table reads by its rows
export const MAILBOX_SESSION_FAILURES = {
  // In any phase
  silence: define('any', 'fail', 'temporary'),
  'reply-incomplete': define('any', 'fail', 'temporary'),
  closed: define('any', 'fail', 'temporary'),
  reset: define('any', 'fail', 'temporary'),
  'service-unavailable': define('any', 'fail', 'temporary'),
  'reply-malformed': define('any', 'fail', 'lasting'),
  'reply-line-too-long': define('any', 'fail', 'lasting'),
  'reply-endless': define('any', 'fail', 'lasting'),
  'reply-unsolicited': define('any', 'fail', 'lasting'),
  'reply-unexpected': define('any', 'fail', 'lasting'),
  'literal-too-large': define('any', 'fail', 'lasting'),
  'mailbox-in-use': define('any', 'fail', 'temporary'),
  'vantage-rate-limited': define('any', 'unable', 'vantage, temporary'),
  'server-temporary-failure': define('any', 'fail', 'temporary'),
  // Greeting and capabilities
  'wrong-protocol': define('greeting', 'fail', 'lasting'),
  'tls-on-plain-port': define('greeting', 'fail', 'lasting'),
  'greeting-refused': define('greeting', 'fail', 'temporary'),
  'greeting-preauth': define('greeting', 'fail', 'lasting'),
  'capability-missing': define('capability', 'fail', 'lasting'),
  // STARTTLS
  'starttls-not-offered': define('starttls', 'fail', 'lasting'),
  'starttls-refused': define('starttls', 'fail', 'lasting'),
  'starttls-injection': define('starttls', 'fail', 'lasting'),
  // Authentication
  'auth-not-offered': define('auth', 'fail', 'lasting'),
  'auth-withheld': define('auth', 'fail', 'lasting'),
  'auth-rejected': define('auth', 'fail', 'lasting'),
  'auth-unavailable': define('auth', 'fail', 'temporary'),
  'auth-challenge-malformed': define('auth', 'fail', 'lasting'),
  'auth-disabled': define('auth', 'fail', 'lasting'),
  'auth-app-password': define('auth', 'fail', 'lasting'),
  'token-refused': define('auth', 'fail', 'lasting'),
  'token-unavailable': define('auth', 'unable', 'vantage, temporary'),
  'token-malformed': define('auth', 'unable', 'vantage'),
  // Commands
  'list-refused': define('list', 'fail', 'lasting'),
  'list-too-long': define('list', 'warn', 'lasting'),
  'folder-missing': define('select', 'fail', 'lasting'),
  'select-refused': define('select', 'fail', 'lasting'),
  'search-refused': define('search', 'fail', 'lasting'),
  'search-partial': define('search', 'warn', 'lasting'),
  'message-missing': define('fetch', 'fail', 'temporary'),
  'fetch-refused': define('fetch', 'fail', 'lasting'),
  'folder-read-only': define('store', 'fail', 'lasting'),
  'store-refused': define('store', 'fail', 'lasting'),
  'expunge-unsafe': define('store', 'warn', 'lasting'),
  'update-refused': define('logout', 'fail', 'lasting'),
} as const;
